/** The Hugging Face Hub from the page, with a stand-in for it: nothing of these tests leaves the machine. */
import type { Page, Route } from '@playwright/test';
import { createHash } from 'node:crypto';
import { tinyModelFiles } from '../src/runs/tiny-model.testing.ts';
import { wcagViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, sidewaysScroll, TINY } from './lab.ts';

const TOKEN = 'hf_onlyForThisTest';
const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };

const FILES = new Map(
  [...tinyModelFiles()].map(([name, bytes]): [string, Buffer] => [name, Buffer.from(bytes)]),
);
const WEIGHTS = FILES.get('model.safetensors')!;
const BROKEN_AT = 20_000;
const DESCRIBED = {
  sha: '0123456789abcdef',
  tags: ['license:apache-2.0'],
  siblings: [...FILES].map(([rfilename, bytes]) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const lfs = rfilename === 'model.safetensors' ? { sha256, size: bytes.length } : undefined;
    return { rfilename, size: bytes.length, blobId: sha256.slice(0, 40), lfs };
  }),
};

/** Answers as the hub would, and notes what it was asked, without the token. */
async function standIn(page: Page, asked: string[], pieces: number[] = []): Promise<void> {
  await page.route('https://huggingface.co/**', async (route) => {
    const request = route.request();
    const { pathname } = new URL(request.url());
    const range = request.headers()['range'];
    asked.push(`${request.method()} ${pathname}${range ? ` ${range}` : ''}`);
    if (pathname.includes('/resolve/')) return giveFile(route, pathname, pieces);
    if (pathname === '/api/models/me/tiny/revision/main') return give(route, 200, DESCRIBED);
    if (pathname.startsWith('/api/models/') && pathname.includes('/revision/')) {
      return give(route, 401, { error: 'Invalid username or password.' });
    }
    if (request.headers()['authorization'] !== `Bearer ${TOKEN}`) {
      return give(route, 401, { error: 'Invalid token' });
    }
    return takeRun(route, pathname);
  });
}

function give(route: Route, status: number, value: unknown): Promise<void> {
  return route.fulfill({ status, json: value, headers: CORS });
}

/** The first answers hold as many bytes as `pieces` says, the others all that are left. */
function giveFile(route: Route, pathname: string, pieces: number[]): Promise<void> {
  const name = pathname.split('/').at(-1)!;
  const from = Number(/bytes=(\d+)-/.exec(route.request().headers()['range'] ?? '')?.[1] ?? 0);
  const rest = FILES.get(name)!.subarray(from);
  const body = name === 'model.safetensors' ? rest.subarray(0, pieces.shift()) : rest;
  return route.fulfill({ status: from > 0 ? 206 : 200, body, headers: CORS });
}

async function takeRun(route: Route, pathname: string): Promise<void> {
  const body = route.request().postData() ?? '';
  if (pathname === '/api/models/me/run') return give(route, 404, { error: 'Repository not found' });
  if (pathname === '/api/repos/create') return give(route, 200, { url: '', id: '1' });
  if (pathname.includes('/preupload/')) {
    const { files } = JSON.parse(body) as { files: { path: string }[] };
    const asked = files.map(({ path }) => ({ path, uploadMode: 'regular', shouldIgnore: false }));
    return give(route, 200, { files: asked });
  }
  if (pathname.includes('/commit/')) {
    const commitUrl = 'https://huggingface.co/me/run/commit/c0ffee';
    return give(route, 200, { success: true, commitOid: 'c0ffee', commitUrl });
  }
  return give(route, 404, { error: pathname });
}

async function openModels(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Runs', exact: true }).click();
  await page.getByText('Pretrained models').click();
}

test('a model is looked up, downloaded past a break, kept over a reload and removed', async ({
  page,
  watch,
}) => {
  watch.tolerated.push(/^request: https:\/\/huggingface\.co\//, /status of 401/);
  watch.tolerated.push(/^request: https:\/\/(us|hf)\.\S+\/$/, /Content Security Policy/);
  const asked: string[] = [];
  await standIn(page, asked, [BROKEN_AT]);
  const lab = new LabPage(page);
  await lab.open(TINY);
  await openModels(page);
  await expect(page.getByText('No model is kept in this browser.')).toBeVisible();
  expect(asked).toEqual([]);

  const name = page.getByLabel('Model on the Hugging Face Hub');
  await name.fill('me/none');
  await lab.click('Look it up');
  await expect(page.getByText('me/none: the hub has no public model of this name.')).toBeVisible();
  await name.fill('me/tiny');
  await lab.click('Look it up');
  const found = page.getByRole('region', { name: 'me/tiny' });
  await expect(found).toContainText(/\d+ KB in 5 files · licence: apache-2\.0/);
  expect(asked.filter((line) => line.includes('/resolve/'))).toEqual([]);
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await sidewaysScroll(page)).toBe(0);
  expect(await wcagViolations(page)).toEqual([]);
  await found.getByRole('button', { name: 'Download' }).click();

  const kept = page.getByRole('listitem', { name: 'me/tiny' });
  await expect(kept).toContainText('licence: apache-2.0 · commit 01234567');
  const weights = asked.filter((line) => line.includes('model.safetensors'));
  expect(weights.map((line) => line.split(' ')[2])).toEqual([undefined, `bytes=${BROKEN_AT}-`]);
  const bytes = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const models = await root.getDirectoryHandle('hub-models');
    const folder = await models.getDirectoryHandle('me--tiny@0123456789ab');
    const file = await (await folder.getFileHandle('model.safetensors')).getFile();
    return [...new Uint8Array(await file.arrayBuffer())];
  });
  expect(Buffer.from(bytes).equals(WEIGHTS)).toBe(true);
  await lab.click('Train me/tiny');
  const drawer = page.getByRole('dialog', { name: 'Parameters' });
  await expect(drawer.getByTestId('model-offer')).toContainText('Qwen2ForCausalLM');
  await expect(drawer.getByRole('button', { name: 'Load me/tiny' })).toBeEnabled();
  await lab.click('Close the parameters');

  const before = asked.length;
  await page.reload();
  await lab.ready();
  await openModels(page);
  await lab.click('Remove me/tiny');
  await expect(page.getByText('No model is kept in this browser.')).toBeVisible();
  expect(asked.length).toBe(before);
  expect(await reachable(page)).toEqual(['huggingface.co', 'us.aws.cdn.hf.co']);
});

/** The hub and where it keeps files may be reached, and no host beside them. */
async function reachable(page: Page): Promise<string[]> {
  await page.route(/^https:/, (route) => route.fulfill({ status: 200, body: 'ok', headers: CORS }));
  return page.evaluate(async () => {
    const hosts = ['huggingface.co', 'us.aws.cdn.hf.co', 'hf.co.elsewhere.invalid', 'hf.space'];
    const asks = hosts.map((host) =>
      fetch(`https://${host}/`).then(
        () => host,
        () => null,
      ),
    );
    return (await Promise.all(asks)).filter((host) => host !== null);
  });
}

test('a run goes to the hub with a token that is kept nowhere', async ({ page, watch }) => {
  watch.tolerated.push(/^request: https:\/\/huggingface\.co\//, /status of 40[14]/);
  const asked: string[] = [];
  await standIn(page, asked);
  const lab = new LabPage(page);
  await lab.open(TINY);
  await lab.step();
  await page.getByRole('button', { name: 'Runs', exact: true }).click();
  const run = page.getByRole('list', { name: '1 runs' }).getByRole('listitem').first();
  await run.getByText('More', { exact: true }).click();
  await run.getByText('Upload to the Hugging Face Hub').click();
  const card = run.getByRole('region', { name: 'Card of the run on the hub' });
  await expect(card).toContainText('license: mit');
  expect(asked).toEqual([]);

  const token = run.getByLabel('Token that may write');
  await run.getByRole('textbox', { name: 'Repository' }).fill('me/run');
  await token.fill('hf_wrong');
  await lab.click('Upload the run');
  await expect(run.getByText(/answered 401: Invalid token/)).toBeVisible();
  await expect(token).toHaveValue('');
  await token.fill(TOKEN);
  await lab.click('Upload the run');
  await expect(run.getByRole('link', { name: /me\/run\/commit\/c0ffee$/ })).toBeVisible();
  await expect(token).toHaveValue('');
  expect(asked.filter((line) => line.includes('/commit/'))).toHaveLength(1);
  const held = await page.evaluate(() => [
    JSON.stringify(localStorage),
    JSON.stringify(sessionStorage),
    document.documentElement.outerHTML,
  ]);
  expect(held.join()).not.toContain(TOKEN);
});
