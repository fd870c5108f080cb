import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, PARAM_IDS, PARAMS } from '../schema/params.ts';
import { SIZES, STRATEGIES } from '../schema/presets.ts';
import { CliError, parseCli } from './args.ts';

const FLAGS = {
  out: { kind: 'string', required: true, help: 'Folder that the run is written to.' },
  from: { kind: 'string', help: 'Folder that it continues.' },
  steps: { kind: 'integer', range: [0, 1000], default: 100, help: 'Training steps.' },
  json: { kind: 'boolean', help: 'Print JSON.' },
} as const;

const LINE = { command: 'train', summary: 'Trains.', flags: FLAGS };

function parse(text: string, more: { operand?: string; params?: ['seed', 'task'] } = {}) {
  return parseCli({ ...LINE, ...more, argv: text.split(' ').filter(Boolean) });
}

function refusal(text: string, more = {}): string {
  try {
    parse(text, more);
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}

describe('parseCli', () => {
  it('fills in defaults', () => {
    expect(parse('--out a')).toEqual({
      config: DEFAULT_CONFIG,
      given: {},
      flags: { out: 'a', from: undefined, steps: 100, json: false },
      operands: [],
    });
  });

  it('takes parameters by their ids, flags of its own, and the last of a repeated flag', () => {
    const parsed = parse(
      '--out a --groupSize 4 --groupSize 16 --tieEmbeddings false --json --steps=7 --klBeta 0.5',
    );
    expect(parsed).toMatchObject({
      given: { groupSize: 16, tieEmbeddings: false, klBeta: 0.5 },
      flags: { steps: 7, json: true },
    });
  });

  it('takes presets, which explicit flags override wherever they stand', () => {
    const parsed = parse('--numLayers 3 --size micro --strategy grpo --out a');
    expect(parsed).toMatchObject({
      config: { ...DEFAULT_CONFIG, ...SIZES.micro.values, ...STRATEGIES.grpo.values, numLayers: 3 },
    });
  });

  it.each([
    ['--groupSize 1000', '--groupSize: got "1000", expected a whole number from 2 to 64'],
    ['--groupSize', '--groupSize: got "", expected a whole number from 2 to 64'],
    ['--klBeta -1', '--klBeta: got "-1", expected a number from 0 to 1'],
    ['--tieEmbeddings maybe', '--tieEmbeddings: got "maybe", expected true or false'],
    [
      '--task chess',
      `--task: got "chess", expected one of ${Object.keys(PARAMS.task.options).join(', ')}`,
    ],
    ['--strategy best', '--strategy: got "best", expected one of grpo, curriculum'],
    ['--steps 1.5', '--steps: got "1.5", expected a whole number from 0 to 1000'],
    ['--steps 1001', '--steps: got "1001", expected a whole number from 0 to 1000'],
    ['--json=2', '--json: got "2", expected no value'],
    ['--from', '--from: got nothing, expected a value'],
    ['--groupsize=8', '--groupsize: got "8", expected a flag that --help lists'],
    ['-x', '-x: got nothing, expected a flag that --help lists'],
    ['stray', 'arguments: got "stray", expected flags only'],
    ['--hiddenSize 100 --numHeads 8', '--hiddenSize: got 100, expected a multiple of twice'],
  ])('refuses %s, naming field, value and expectation', (text, message) => {
    expect(refusal(`--out a ${text}`)).toContain(message);
  });

  it('reports everything that is wrong at once', () => {
    expect(refusal('--seed x --steps y').split('\n')).toEqual([
      '--out: got nothing, expected a value',
      '--steps: got "y", expected a whole number from 0 to 1000',
      '--seed: got "x", expected a whole number from 0 to 2147483647',
    ]);
  });

  it('exits with code 2', () => {
    expect(new CliError('no').exitCode).toBe(2);
  });

  it('takes operands only where a command has them', () => {
    expect(parse('--out a dir', { operand: 'DIR' })).toMatchObject({ operands: ['dir'] });
  });

  it('refuses parameters and presets that a command does not take', () => {
    const params: ['seed', 'task'] = ['seed', 'task'];
    expect(parse('--out a --seed 3', { params })).toMatchObject({ given: { seed: 3 } });
    expect(refusal('--out a --groupSize 4', { params })).toContain('--groupSize');
    expect(refusal('--out a --strategy grpo', { params })).toContain('--strategy');
  });
});

describe('--help', () => {
  it('wins over whatever else is wrong', () => {
    expect(parse('--help --bogus').help).toContain('Usage: exit-lab train [flags]');
    expect(parse('-h').help).toContain('--steps <a whole number from 0 to 1000, default 100>');
  });

  it('lists every parameter with its default, its range and whether it is live', () => {
    const help = parse('--help').help ?? '';
    for (const id of PARAM_IDS) expect(help).toContain(`--${id} <`);
    expect(help).toContain('--groupSize <2…64, default 8> *');
    expect(help).toContain('--hiddenSize <8…1024, default 64>\n');
    expect(help).toContain(PARAMS.groupSize.help);
    expect(help).toContain('--strategy <grpo|curriculum|improve|diverge|exit|exit-uniform>');
  });

  it('lists only what the command takes', () => {
    const help = parse('--help', { params: ['seed', 'task'] }).help ?? '';
    expect(help).toContain('--seed');
    expect(help).not.toContain('--groupSize');
    expect(help).not.toContain('--strategy');
  });
});
