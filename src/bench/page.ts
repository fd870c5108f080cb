/** Results as a page of the documentation. */
import { TOLERANCE } from './parity.ts';
import { PHASES, type Phase } from './protocol.ts';
import { spreadOf } from './ratios.ts';
import {
  referenceOf,
  rowsOf,
  WHERES,
  type ExitSteps,
  type Measured,
  type Results,
  type Section,
} from './results.ts';
import { number, ratioText, shareText } from './table.ts';
import { BATCH, NEW_TOKENS, policyConfig, PROMPT_TIME, SIZES, TIME } from './workload.ts';

const PHASE_WORDS = {
  train: 'training: forward, backward, AdamW',
  sample: 'cached sampling',
} as const satisfies Record<Phase, string>;

const WHERE_WORDS = { node: 'Node', chromium: "Chromium's worker" } as const;

export function performancePage(results: Results): string {
  const { date, machine, rounds, sections, exitSteps } = results;
  return [
    '# Performance',
    `Written by \`npm run bench -- --record\` on ${date}: ${machine.join(', ')}. Trust the ratios: each is the median over ${rounds} rounds of a ratio taken within a round, with the least and the greatest in brackets. Milliseconds are those of this machine on that day, other work beside.`,
    workWords(),
    ...sections.flatMap(sectionParts),
    '## A whole step at the default preset',
    exitTable(exitSteps),
    '## How to read it',
    readingWords(),
    '## What is not measured',
    missingWords(sections),
  ].join('\n\n');
}

function workWords(): string {
  const sizes = SIZES.map((size) => {
    const { hiddenSize, numLayers, numHeads, intermediateSize, vocabSize } = policyConfig(size);
    return `${size} is d = ${hiddenSize}, ${numLayers} layers, ${numHeads} heads, inner ${intermediateSize}, vocabulary ${vocabSize}`;
  });
  return `${sizes.join('; ')}. One training step takes ${BATCH} sequences of ${TIME} tokens; sampling draws ${NEW_TOKENS} tokens after each of ${BATCH} prompts of ${PROMPT_TIME}. All start from the same weights and tokens. Contenders run in turns, A B C A B C …, each in a process or worker of its own.`;
}

function sectionParts(section: Section): string[] {
  const { where, size, absent } = section;
  const phases = PHASES.flatMap((phase) => [
    `**${PHASE_WORDS[phase]}** (${number(section.arithmetic[phase] / 1e9)} GFLOP)`,
    phaseTable(section, phase),
  ]);
  return [
    `## ${WHERE_WORDS[where]}, ${size}`,
    ...phases,
    floorWords(section),
    parityWords(section),
    countTable(section),
    ...absent.map(({ id, problem }) => `Absent: \`${id}\` (${problem}).`),
  ];
}

function phaseTable(section: Section, phase: Phase): string {
  return table(
    ['', 'median ms', 'min–max', 'tokens/s', '× plain', 'of the product'],
    rowsOf(section, phase).map(({ label, ms, tokensPerSecond, ratio, share }) => [
      label,
      number(ms.median),
      `${number(ms.min)}–${number(ms.max)}`,
      number(tokensPerSecond),
      ratioText(ratio),
      shareText(share),
    ]),
  );
}

function floorWords({ measured }: Section): string {
  const floors = measured.flatMap(({ label, floor }) =>
    floor ? [`${label}: ${number(floor.product)} GFLOP/s, ${number(floor.copy)} GB/s`] : [],
  );
  return `A product of matrices (512³) and a copy in the same run: ${floors.join('; ')}.`;
}

function parityWords(section: Section): string {
  const differences = section.measured.flatMap(({ losses }) =>
    losses.map((loss, step) => Math.abs(loss - section.measured[0]!.losses[step]!)),
  );
  const shares = section.measured.map(({ label, agreement }) => {
    return `${label} ${shareText(agreement ?? undefined)}`;
  });
  return `Losses of the first steps differ by at most ${Math.max(...differences).toExponential(1)} (allowed: ${TOLERANCE}). Tokens drawn as plain TensorFlow.js drew them: ${shares.join(', ')}.`;
}

function countTable(section: Section): string {
  const counted = section.measured.filter(({ counts }) => counts.train !== undefined);
  const head = ['', 'kernels per step', 'kernels per token', 'GB moved per step', 'time of a copy'];
  return table(
    [...head, 'peak MB', 'tensors left'],
    counted.map((measured) => [measured.label, ...countCells(section, measured)]),
  );
}

function countCells(section: Section, { id, counts, times }: Measured): string[] {
  const { train, sample } = counts;
  if (!train || !sample) return [];
  const copy = referenceOf(section, id)?.floor?.copy;
  const gigabytes = train.bytesMoved / 1e9;
  const share = copy && (1000 * gigabytes) / copy / spreadOf(times.train ?? [NaN]).median;
  return [
    number(train.kernels),
    number(sample.kernels / NEW_TOKENS),
    number(gigabytes),
    shareText(share),
    number(train.peakBytes / 1e6),
    number(train.tensorsLeft),
  ];
}

function exitTable(all: readonly ExitSteps[]): string {
  return table(
    ['', 'ms', 'min–max', 'sampling', 'grading', 'updating'],
    all.map(({ where, steps }) => {
      const ms = spreadOf(steps.map((step) => step.ms));
      const parts = (['sample', 'grade', 'update'] as const).map((part) =>
        number(spreadOf(steps.map((step) => step[part])).median),
      );
      const spread = `${number(ms.min)}–${number(ms.max)}`;
      return [`${WHERE_WORDS[where]}, wasm`, number(ms.median), spread, ...parts];
    }),
  );
}

function readingWords(): string {
  return [
    "- **× plain**: how many times as fast as the straightforward TensorFlow.js version on the same backend (stock kernels, recorded gradients, the library's Adam, a cache by concatenation). Engines of another kind stand beside its wasm version.",
    '- **of the product**: the arithmetic that the work needs, counted from shapes (products of matrices, causal attention), per second, as a share of what a 512³ product of TensorFlow.js reaches. An engine with better products than TensorFlow.js can pass 100%.',
    '- **kernels**: those that TensorFlow.js launches, views left out; per token drawn, reading the prompt included. **GB moved**: what they read and write; **time of a copy**: the share of the step in which a plain copy would have moved as much.',
    '- PyTorch is as fast as the BLAS that the system gives it: with the reference BLAS in the place of OpenBLAS, a training step of S took thirty times as long.',
    '- `npm run bench -- --check` measures S in Node again and fails where our ratio has fallen by more than a quarter.',
  ].join('\n');
}

function missingWords(sections: readonly Section[]): string {
  const hardware = sections.some(({ measured }) =>
    measured.some(({ id }) => id.endsWith('-webgpu')),
  );
  return [
    '- `onnxruntime-web`: not yet.',
    ...(hardware
      ? []
      : [
          '- WebGPU: no hardware adapter on this machine. Times on a software adapter say nothing about anyone else, so none are given.',
        ]),
    ...absences(sections),
    '- Several cores at once: every engine here runs on one thread.',
    '- Counts and memory of engines other than TensorFlow.js.',
  ].join('\n');
}

/** What the record's run left out. */
function absences(sections: readonly Section[]): string[] {
  return WHERES.flatMap((where) => {
    const missing = SIZES.filter((size) => {
      return !sections.some((section) => section.where === where && section.size === size);
    });
    return missing.map((size) => `- ${size} in ${WHERE_WORDS[where]}: left out of this run.`);
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map(line).join('\n');
}
