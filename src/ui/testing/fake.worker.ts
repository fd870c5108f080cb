/** Test support: the fake session in a worker of its own, so that measurements of the page are the page's. */
import { createEmit, serve } from '../../worker/wire.ts';
import { createFakeSession } from './fakeSession.ts';

declare const self: DedicatedWorkerGlobalScope;

const params = new URLSearchParams(self.name);
serve(
  self,
  createFakeSession(createEmit(self), {
    history: Number(params.get('history') ?? 0),
    fails: params.get('fails'),
    loadingMs: Number(params.get('loading') ?? 300),
    tree: Number(params.get('tree') ?? 0),
  }),
);
