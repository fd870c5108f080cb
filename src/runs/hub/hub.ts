/** A hub of models that speaks the HTTP interface of huggingface.co, and how what it refuses is told. */

export const HUB = 'https://huggingface.co';

/** Files come from hosts below these, to which the hub redirects (its `/.well-known/meta.json`). */
const OWN_DOMAINS = ['huggingface.co', 'hf.co'];

export interface Hub {
  /** Origin, without a slash at its end. */
  readonly endpoint: string;
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>;
}

/** What the hub or the network did not give, in one sentence. */
export class HubError extends Error {
  override readonly name = 'HubError';
}

/** The address without a slash at its end; undefined where a token could be read on its way. */
export function endpointOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  const isFit = url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere);
  return isFit ? text.replace(/\/+$/, '') : undefined;
}

export const ENDPOINT_EXPECTED = 'an address with https, or with http on this machine';

/** Whether files of a hub may come from there: from the hub itself, or from where Hugging Face keeps them. */
export function mayServe(endpoint: string, address: string): boolean {
  const { origin, protocol, hostname } = new URL(address);
  if (origin === new URL(endpoint).origin) return true;
  const isOwn = OWN_DOMAINS.some((own) => hostname === own || hostname.endsWith(`.${own}`));
  return protocol === 'https:' && isOwn;
}

/**
 * Asks the hub; what it redirects to must be a host that may serve.
 * @throws HubError of what cannot be reached; what `signal` is aborted with where it is.
 */
export async function ask(hub: Hub, address: string, init: RequestInit): Promise<Response> {
  const response = await reach(hub, address, init);
  // Empty where the fetch of a test makes the answer.
  const from = response.url || address;
  if (mayServe(hub.endpoint, from)) return response;
  void response.body?.cancel();
  throw redirectRefused(hub, from);
}

export function redirectRefused({ endpoint }: Pick<Hub, 'endpoint'>, to: string): HubError {
  const expected = `${new URL(endpoint).host} or a host of hf.co with https`;
  return new HubError(`redirect: got ${new URL(to).origin}, expected ${expected}`);
}

async function reach(hub: Hub, address: string, init: RequestInit): Promise<Response> {
  try {
    return await hub.fetch(address, { ...init, credentials: 'omit' });
  } catch (error) {
    init.signal?.throwIfAborted();
    if (error instanceof HubError) throw error;
    throw new HubError(`${new URL(address).host} cannot be reached: ${reasonOf(error)}`);
  }
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What fetch throws in Node names its reason in its cause.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** Of an answer that is none of what was asked for. */
export function refusal(what: string, response: Response): HubError {
  const code = response.headers.get('X-Error-Code');
  const { status } = response;
  const gated = `${what} is gated: its files go to accounts that accepted its terms. Accept them on the hub, download it there, and open the folder here.`;
  if (code === 'GatedRepo') return new HubError(gated);
  if (code === 'RevisionNotFound') return new HubError(`${what}: the hub has no such revision.`);
  // Without a token the hub does not tell a private model from none.
  if (code === 'RepoNotFound' || (status === 401 && code === null)) {
    return new HubError(`${what}: the hub has no public model of this name.`);
  }
  if (status === 403) return new HubError(gated);
  if (status === 404) return new HubError(`${what}: the hub has no such model or file.`);
  if (status === 429) return new HubError(`${what}: the hub asks for a pause (429). Try later.`);
  return new HubError(`${what}: the hub answered ${status}.`);
}
