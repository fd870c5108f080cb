/** The page as a person finds it: by the names of things. */
import { expect, type Download, type Locator, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { readFile } from 'node:fs/promises';

/** Seconds rather than minutes: few and small groups, random weights, no evaluation. */
export const QUICK = query({ init: 'scratch', warmStartSteps: 0, evalEvery: 0 }, 4);

/** The smallest run that is one. */
export const TINY = query(
  { init: 'scratch', warmStartSteps: 0, evalEvery: 0, hiddenSize: 32, numLayers: 1, numHeads: 2 },
  2,
);

function query(values: Readonly<Record<string, string | number>>, groups: number): string {
  const all = { ...values, batchGroups: groups, groupSize: 4, bufferMin: 1 };
  return new URLSearchParams(Object.entries(all).map(([k, v]) => [k, String(v)])).toString();
}

export class LabPage {
  /** @param place that is open below the first screen. */
  constructor(
    readonly page: Page,
    readonly place: 'explain' | 'inside' | 'compare' | 'data' = 'explain',
  ) {}

  /** Opens the page and waits until a run is ready. */
  async open(search: string, base = ''): Promise<void> {
    const hash = this.place === 'explain' ? '' : `#${this.place}`;
    await this.page.goto(`${base}?${search}${hash}`);
    await this.ready();
  }

  /** Opens another place, as a person does. */
  async visit(place: 'Explain' | 'Look inside' | 'Compare' | 'Data'): Promise<void> {
    const tabs = this.page.getByRole('navigation', { name: 'Places' });
    await tabs.getByRole('link', { name: place }).click();
  }

  async ready(): Promise<void> {
    await expect(this.button('Play')).toBeEnabled({ timeout: 60_000 });
  }

  /** Waits for the recording that the page opens with, and closes it: what is shown is the session's own. */
  async closeRecording(): Promise<void> {
    await this.click('Close the recording');
    await expect(this.page.getByRole('region', { name: 'Recording' })).toHaveCount(0);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async click(name: string): Promise<void> {
    await this.button(name).click();
  }

  status(): Locator {
    return this.page.getByRole('banner').getByRole('status');
  }

  stepCounter(): Locator {
    return this.page.getByTestId('step');
  }

  async stepCount(): Promise<number> {
    // Thousands are set apart.
    return Number((await this.stepCounter().innerText()).replaceAll(/\D/g, ''));
  }

  async reaches(step: number, timeout = 60_000): Promise<void> {
    await expect.poll(() => this.stepCount(), { timeout }).toBeGreaterThanOrEqual(step);
  }

  /** One step, awaited. */
  async step(): Promise<void> {
    const before = await this.stepCount();
    await this.click('Step');
    await expect(this.stepCounter()).toHaveText(String(before + 1), { timeout: 60_000 });
    await this.ready();
  }

  async pause(): Promise<number> {
    await this.click('Pause');
    await expect(this.status()).toHaveText('Paused');
    return this.stepCount();
  }

  async openParameters(): Promise<Locator> {
    const drawer = this.page.getByRole('dialog', { name: 'Parameters' });
    if (!(await drawer.isVisible())) await this.click('Parameters');
    await expect(drawer).toBeVisible();
    return drawer;
  }

  /** Unfolds a group of parameters. */
  async unfold(group: string): Promise<void> {
    await this.openParameters();
    const details = this.page.locator('details', {
      has: this.page.getByRole('heading', { name: group }),
    });
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  }

  /** Exports the run: path → bytes of each file in the zip. */
  async export(): Promise<Record<string, Uint8Array>> {
    return unzipSync(await readDownload(await this.downloadExport()));
  }

  async downloadExport(): Promise<Download> {
    const download = this.page.waitForEvent('download');
    await this.click('Export');
    return download;
  }

  async import(name: string, bytes: Uint8Array): Promise<void> {
    const file = { name, mimeType: 'application/zip', buffer: Buffer.from(bytes) };
    await this.page.getByLabel('Run to import').setInputFiles(file);
  }
}

/** By how many pixels the page is wider than its window, once pictures have taken their new size. */
export async function sidewaysScroll(page: Page): Promise<number> {
  const excess = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  for (let waits = 0; waits < 10 && (await excess()) > 0; waits++) await page.waitForTimeout(200);
  return excess();
}

export async function readDownload(download: Download): Promise<Uint8Array> {
  return new Uint8Array(await readFile(await download.path()));
}

export function textOf(files: Record<string, Uint8Array>, path: string): string {
  const bytes = files[path];
  if (!bytes)
    throw new Error(`the export lacks ${path}: it holds ${Object.keys(files).join(', ')}`);
  return new TextDecoder().decode(bytes);
}

/** Rows of `metrics.jsonl` without what depends on the clock or the memory. */
export function steadyRows(files: Record<string, Uint8Array>): Record<string, number>[] {
  return textOf(files, 'metrics.jsonl')
    .trim()
    .split('\n')
    .map((line) => {
      const row = JSON.parse(line) as Record<string, number>;
      const steady = Object.entries(row).filter(([id]) => !/time|per_second|memory/.test(id));
      return Object.fromEntries(steady);
    });
}
