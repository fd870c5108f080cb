/** Files that were dropped, those of a folder included, one level deep as models have them. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // Asked for at once: after the event they are gone.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const files = await Promise.all(entries.map(filesOf));
  return files.flat();
}

async function filesOf(entry: FileSystemEntry | null): Promise<File[]> {
  if (entry instanceof FileSystemFileEntry) return [await fileOf(entry)];
  if (!(entry instanceof FileSystemDirectoryEntry)) return [];
  const inside = await entriesOf(entry.createReader());
  const named = inside.filter((one) => one instanceof FileSystemFileEntry);
  return Promise.all(named.map(fileOf));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader gives a hundred at a time, and none at the end. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
