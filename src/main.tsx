/** Composition root of the page: worker, client, stores, view. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PARAMS } from './spec/params.ts';
import { browserShelf } from './store/guide.ts';
import { createLab } from './store/lab.ts';
import { App } from './ui/App.tsx';
import { restoreTheme } from './ui/theme.tsx';
import { createClient } from './worker/client.ts';

const worker = new Worker(new URL('./worker/train.worker.ts', import.meta.url), {
  type: 'module',
  name: 'train',
});

const lab = createLab({
  client: createClient(worker),
  assetBase: new URL(import.meta.env.BASE_URL, document.baseURI).href,
  query: location.search,
  writeQuery: (query) =>
    history.replaceState(null, '', `${location.pathname}${query && `?${query}`}${location.hash}`),
  randomSeed: () => crypto.getRandomValues(new Uint32Array(1))[0]! % (PARAMS.seed.range[1] + 1),
  shelf: browserShelf(),
});

restoreTheme();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App lab={lab} />
  </StrictMode>,
);
void lab.actions.load();
