import { useEffect, useRef, useState } from 'react';
import { useActions, useSession } from '../../../app/hooks.ts';
import type { BundleFile } from '../../../runs/zip.ts';
import { Icon } from '../../controls/Icon.tsx';

/** Export as a download; import by picking a file or dropping it anywhere on the page. */
export function Files() {
  const { exportRun, importRun } = useActions();
  const ready = useSession(({ phase, busy }) => phase === 'ready' && busy === null);
  const picker = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined): Promise<void> => {
    if (file) await importRun(new Uint8Array(await file.arrayBuffer()));
  };
  const dragging = useFileDrop(ready, take);
  return (
    <>
      <button
        type="button"
        className="quiet"
        disabled={!ready}
        title="Weights, tokenizer, configuration and metrics in one zip"
        onClick={() => void exportRun().then((file) => file && download(file))}
      >
        <Icon name="export" />
        <span className="button-text">Export</span>
      </button>
      <button
        type="button"
        className="quiet"
        disabled={!ready}
        title="A zip made by Export; dropping it on the page works too"
        onClick={() => picker.current?.click()}
      >
        <Icon name="import" />
        <span className="button-text">Import</span>
      </button>
      <input
        ref={picker}
        type="file"
        accept=".zip,application/zip"
        aria-label="Run to import"
        hidden
        onChange={(event) => {
          void take(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
      {dragging && <div className="drop-hint">Drop a run to import it</div>}
    </>
  );
}

/** True while a file hangs over the page. */
function useFileDrop(enabled: boolean, take: (file: File | undefined) => Promise<void>): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      // Without this, the browser would leave the page and open the file.
      event.preventDefault();
      setDragging(enabled);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setDragging(false);
      if (enabled) void take(event.dataTransfer?.files[0]);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener('dragover', onDragOver, { signal });
    document.addEventListener('drop', onDrop, { signal });
    document.addEventListener('dragleave', onLeave, { signal });
    return () => listening.abort();
  });
  return dragging;
}

function download({ path, bytes }: BundleFile): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/zip' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = path;
  link.click();
  // The download holds its own reference once it has started.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
