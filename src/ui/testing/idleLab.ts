/** Test support: a lab whose worker answers nothing, for rendering to markup; with the defaults. */
import { createLab } from '../../app/lab.ts';
import type { Lab } from '../../app/lab.ts';

export function idleLab(query = 'v=1'): Lab {
  return createLab({
    client: {
      call: () => new Promise(() => undefined),
      ask: () => new Promise(() => undefined),
      on: () => () => undefined,
      close: () => undefined,
    },
    assetBase: 'https://example.test/',
    query,
    writeQuery: () => undefined,
    randomSeed: () => 1,
  });
}
