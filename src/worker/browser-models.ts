/** Where a browser keeps pretrained models: files of its private file system, a folder for each model. */
import type { KeptModel, ModelStore } from '../runs/model-store.ts';
import { decodeText, encodeText, parseJson } from '../runs/checks.ts';
import { modelBytes, type ModelFiles } from '../runs/model-files.ts';

/** Written last: a folder without it was not finished. */
const ABOUT = 'about.json';
/** So many bytes of a file are in memory while it is copied. */
const CHUNK = 2 ** 23;

export function opfsModels(root: FileSystemDirectoryHandle): ModelStore {
  const folderOf = async (id: string): Promise<FileSystemDirectoryHandle | undefined> => {
    try {
      return await root.getDirectoryHandle(id);
    } catch {
      return undefined;
    }
  };
  return {
    list: async () => {
      const models: KeptModel[] = [];
      for await (const [id, handle] of root.entries()) {
        const kept = handle.kind === 'directory' && (await readFolder(asFolder(handle)));
        if (kept) models.push({ id, name: kept.name, bytes: modelBytes(kept.files) });
      }
      return models;
    },
    keep: async ({ id, name }, files) => {
      const there = await folderOf(id);
      if (there && (await readFolder(there))) return;
      const folder = await root.getDirectoryHandle(id, { create: true });
      for (const [path, blob] of files) await copy(blob, folder, path);
      await copy(new Blob([encodeText(JSON.stringify({ name }))]), folder, ABOUT);
    },
    read: async (id) => {
      const folder = await folderOf(id);
      return folder && readFolder(folder);
    },
    remove: async (id) => {
      if (await folderOf(id)) await root.removeEntry(id, { recursive: true });
    },
  };
}

/** Of `entries`, which gives what both kinds have in common. */
function asFolder(handle: FileSystemHandle): FileSystemDirectoryHandle {
  return handle as FileSystemDirectoryHandle;
}

async function readFolder(
  folder: FileSystemDirectoryHandle,
): Promise<{ name: string; files: ModelFiles } | undefined> {
  const files = new Map<string, Blob>();
  let name: string | undefined;
  for await (const [path, handle] of folder.entries()) {
    const file = await (handle as FileSystemFileHandle).getFile();
    if (path === ABOUT) name = nameIn(new Uint8Array(await file.arrayBuffer()));
    else files.set(path, file);
  }
  return name === undefined ? undefined : { name, files };
}

function nameIn(bytes: Uint8Array): string | undefined {
  try {
    const said = parseJson(ABOUT, decodeText(ABOUT, bytes));
    const name: unknown = typeof said === 'object' && said && 'name' in said ? said.name : null;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

async function copy(blob: Blob, folder: FileSystemDirectoryHandle, path: string): Promise<void> {
  const file = await folder.getFileHandle(path, { create: true });
  const access = await file.createSyncAccessHandle();
  try {
    access.truncate(0);
    for (let at = 0; at < blob.size; at += CHUNK) {
      const part = new Uint8Array(await blob.slice(at, at + CHUNK).arrayBuffer());
      if (access.write(part, { at }) === part.length) continue;
      throw new DOMException(`${path} of ${blob.size} bytes has no room`, 'QuotaExceededError');
    }
    access.flush();
  } finally {
    access.close();
  }
}
