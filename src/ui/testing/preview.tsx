/** Test support: the page over a fake session, for working on its looks. Open preview.html in `vite`. */
import { createRoot } from 'react-dom/client';
import { browserStorage } from '../../app/guide.ts';
import { createLab } from '../../app/lab.ts';
import { createClient } from '../../worker/client.ts';
import { App } from '../App.tsx';
import { restoreTheme } from '../theme.tsx';

// What the fake session does follows a `#history=1500&fails=no%20wasm`.
const worker = new Worker(new URL('./fake.worker.ts', import.meta.url), {
  type: 'module',
  name: location.hash.slice(1),
});
const lab = createLab({
  client: createClient(worker),
  assetBase: document.baseURI,
  query: location.search,
  hash: {
    read: () => location.hash,
    write: (hash) => (location.hash = hash),
    onChange: (listener) => addEventListener('hashchange', listener),
  },
  writeQuery: (query) =>
    history.replaceState(null, '', `${location.pathname}${query && `?${query}`}${location.hash}`),
  randomSeed: () => 12345,
  storage: browserStorage('local'),
});
restoreTheme();
createRoot(document.querySelector('#root')!).render(<App lab={lab} />);
void lab.actions.load();
