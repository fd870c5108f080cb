import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyModelFiles } from '../src/runs/tiny-model.testing.ts';
import { wcagViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, sidewaysScroll } from './lab.ts';
import { readSafetensors } from './safetensors.ts';

const SETTINGS =
  'task=countdown&init=scratch&warmStartSteps=0&evalEvery=0&hiddenSize=32&numLayers=1&numHeads=2&batchGroups=2&groupSize=4&bufferMin=1';

function folder(changes: Readonly<Record<string, unknown>> = {}): string {
  const path = join(mkdtempSync(join(tmpdir(), 'exit-lab-model-')));
  for (const [name, bytes] of tinyModelFiles(changes)) writeFileSync(join(path, name), bytes);
  return path;
}

test('a model of one’s own is picked, trained, shown as text, exported and found again', async ({
  page,
}) => {
  // Two cores may be busy with more than this.
  test.setTimeout(240_000);
  const lab = new LabPage(page, 'inside');
  await lab.open(SETTINGS);
  await lab.click('Parameters');
  const drawer = page.getByRole('dialog', { name: 'Parameters' });
  await drawer.locator('summary', { hasText: 'Model' }).click();
  const pickFolder = drawer.getByLabel('Folder of a model');

  await pickFolder.setInputFiles(folder({ 'tokenizer_config.json': { eos_token: '<|im_end|>' } }));
  await expect(
    drawer.getByText(/tokenizer_config\.json: chat_template: got nothing/),
  ).toBeVisible();
  await expect(drawer.getByRole('button', { name: /^Load/ })).toBeDisabled();

  await pickFolder.setInputFiles(folder());
  const offer = drawer.getByTestId('model-offer');
  await expect(offer).toContainText('Qwen2ForCausalLM');
  await expect(offer).toContainText(/up to \d+(\.\d)? [MG]B/);
  await expect(offer).toContainText('apache-2.0');
  for (const [label, value] of [
    ['Starts a step', '2'],
    ['Completions of each', '2'],
    ['Tokens of an answer', '12'],
    ['Warm-start steps', '1'],
  ] as const) {
    const field = drawer.getByRole('spinbutton', { name: label });
    await field.fill(value);
    await field.blur();
  }
  expect(await wcagViolations(page)).toEqual([]);
  const load = drawer.getByRole('button', { name: /^Load/ });
  await expect(load).toBeEnabled();
  await load.click();
  await expect(drawer.getByText(/This run trains/)).toBeVisible();
  await lab.click('Close the parameters');
  for (let step = 0; step < 3; step++) await lab.step();
  const completions = page.getByRole('region', { name: 'Completions of the group' });
  await expect(completions.locator('.text-attempt-written').first()).toBeVisible();

  const files = await lab.export();
  expect(Object.keys(files)).not.toContain('model.safetensors');
  const tensors = readSafetensors(files['adapter_model.safetensors']!);
  expect(tensors.size).toBe(2 * 7 * 2);

  await page.reload();
  await lab.ready();
  expect(await lab.stepCount()).toBe(3);
  await expect(completions.locator('.text-attempt-written').first()).toBeVisible();
  await lab.step();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sidewaysScroll(page)).toBe(0);
});
