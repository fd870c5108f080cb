/** Results as a page of the documentation. */
import {
  countParts,
  largeBufferParts,
  growthParts,
  soakParts,
  dispatchParts,
} from './page-parts.ts';
import { markdownTable } from './markdown.ts';
import { TOLERANCE } from './parity.ts';
import { spreadOf } from './ratios.ts';
import {
  arithmetic,
  rooflineOf,
  rowsOf,
  TABLES,
  WHERES,
  type ExitSteps,
  type Results,
  type Section,
  type Table,
  type Where,
} from './results.ts';
import { rooflineText, number, rangeText, ratioText, shareText, TABLE_LABELS } from './table.ts';
import { WHERE_LABELS } from './labels.ts';
import {
  BATCH,
  NEW_TOKENS,
  policyConfig,
  PROMPT_TIME,
  SIZES,
  TIME,
  type Size,
} from './workload.ts';

export function performancePage(results: Results): string {
  const { date, machine, sections, exitSteps, growths, soaks, crowds, dispatches, absent } =
    results;
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length > 0 ? [`## ${title}`, ...lines] : [];
  return [
    '# Performance',
    `Written by \`npm run bench -- --record\` on ${date}: ${machine.join(', ')}. Trust the ratios: each is the median over all rounds of a ratio taken within a round, with the least and the greatest in brackets. Milliseconds are those of this machine on that day.`,
    workWords(),
    ...sections.flatMap(sectionParts),
    ...part('A whole step of a run', exitParts(exitSteps)),
    ...part('The cost of a step grows with its tokens', growthParts(growths)),
    ...part('The buffer costs little', largeBufferParts(crowds)),
    ...part('Memory stays flat', soakParts(soaks)),
    ...part('Dispatches on WebGPU', dispatchParts(dispatches)),
    '## How to read it',
    readingWords(),
    '## What is not measured',
    missingWords(sections),
    ...absent.map(({ where, id, problem }) => {
      return `Absent in ${WHERE_LABELS[where]}: \`${id}\` (${problem}).`;
    }),
  ].join('\n\n');
}

function workWords(): string {
  const sizes = SIZES.map((size) => {
    const { hiddenSize, numLayers, numHeads, intermediateSize, vocabSize } = policyConfig(size);
    return `${size} is d = ${hiddenSize}, ${numLayers} layers, ${numHeads} heads, inner ${intermediateSize}, vocabulary ${vocabSize}`;
  });
  return `${sizes.join('; ')}. One training step takes ${BATCH} sequences of ${TIME} tokens; sampling draws ${NEW_TOKENS} tokens after each of ${BATCH} prompts of ${PROMPT_TIME}. All start from the same weights and tokens. Engines run in turns, A B C A B C …, each in a process or worker of its own, on one thread.`;
}

function sectionParts(section: Section): string[] {
  const { where, size, rounds } = section;
  return [
    `## ${WHERE_LABELS[where]}, ${size}`,
    ...TABLES.flatMap((table) => [
      `**${TABLE_LABELS[table]}** (${number(arithmetic(section, table) / 1e9)} GFLOP${floorWords(section, table)})`,
      phaseTable(section, table),
    ]),
    `${rounds} rounds. A product of matrices (512³) and a copy (64 MB) in the same run: ${rooflineText(section)}.`,
    parityWords(section),
    ...countParts(section),
  ];
}

/** What that arithmetic would take; the backends differ. */
function floorWords(section: Section, table: Table): string {
  return (['wasm', 'webgpu'] as const)
    .flatMap((backend) => {
      const product = rooflineOf(section, `any-${backend}`)?.product;
      if (product === undefined) return [];
      return [`; roofline on ${backend}: ${number(arithmetic(section, table) / 1e6 / product)} ms`];
    })
    .join('');
}

function phaseTable(section: Section, table: Table): string {
  return markdownTable(
    ['', 'median ms', 'min–max', 'tokens/s', '× plain', 'ExIt Lab ×', 'of the roofline'],
    rowsOf(section, table).map(
      ({ label, ms, tokensPerSecond, ratio, lead, rooflineShare: floorShare }) => [
        label,
        number(ms.median),
        rangeText(ms),
        number(Math.round(tokensPerSecond)),
        ratioText(ratio),
        ratioText(lead),
        shareText(floorShare),
      ],
    ),
  );
}

function parityWords({ measured }: Section): string {
  const reference = measured.find(({ losses }) => losses.length > 0);
  const differences = measured.flatMap(({ losses }) =>
    losses.map((loss, step) => Math.abs(loss - reference!.losses[step]!)),
  );
  const shares = measured.flatMap(({ label, agreement }) => {
    return agreement === null ? [] : [`${label} ${shareText(agreement)}`];
  });
  return `Losses of the first ${reference?.losses.length ?? 0} training steps differ between engines by at most ${Math.max(0, ...differences).toExponential(1)} (allowed: ${TOLERANCE}). Tokens drawn as plain TensorFlow.js drew them: ${shares.join(', ')}.`;
}

const RUN_WORDS = {
  S: 'The default preset, which has the shape of S, from the shipped base policy.',
  M: 'The same run at the shape of M, from random weights.',
} as const satisfies Record<Size, string>;

function exitParts(all: readonly ExitSteps[]): string[] {
  return SIZES.flatMap((size) => {
    const rows = all.filter((steps) => steps.size === size).flatMap(exitRows);
    if (rows.length === 0) return [];
    const head = ['', 'ms', 'min–max', 'sampling', 'grading', 'updating', 'ExIt Lab ×'];
    return [RUN_WORDS[size], markdownTable(head, rows)];
  });
}

function exitRows({ where, engines }: ExitSteps): string[][] {
  return engines.map(({ id, label, steps }) => {
    const of = (part: keyof (typeof steps)[number]): number[] => steps.map((step) => step[part]);
    const medians = (['sample', 'grade', 'update'] as const).map((part) => {
      return number(spreadOf(of(part)).median);
    });
    const ms = spreadOf(of('ms'));
    const backend = id.endsWith('-webgpu') ? 'webgpu' : 'wasm';
    const ours = engines.find((engine) => engine.id === `ours-${backend}`);
    const leads = ours?.steps.map((step, round) => steps[round]!.ms / step.ms);
    return [
      `${WHERE_LABELS[where]}, ${label}`,
      number(ms.median),
      rangeText(ms),
      ...medians,
      ratioText(leads && spreadOf(leads)),
    ];
  });
}

function readingWords(): string {
  return [
    "- **× plain**: how many times as fast as the straightforward TensorFlow.js version on the same backend (stock kernels, recorded gradients, the library's Adam, a cache by concatenation). Engines of another kind stand beside its wasm version.",
    '- **ExIt Lab ×**: how many times as fast our engine on the same backend is as this one.',
    '- **ExIt Lab** is our own kernels; **ExIt Lab on TensorFlow.js** the same policy in operations of TensorFlow.js, with gradients and optimizer of our own.',
    '- **of the roofline**: the roofline is what the arithmetic that the work needs (products of matrices and causal attention, counted from shapes) would take at the speed of the fastest 512³ product of any engine on that backend; the share says how near to it the engine comes. PyTorch, with another library for its products, can pass 100%.',
    '- **kernels**: calls that compute, views left out; per token drawn, reading the prompt included. **MB moved**: what they read and write, by the shapes of what goes in and comes out; **time of a copy**: the share of the step in which the fastest copy would have moved as much.',
    '- onnxruntime-web runs one decoder step after another; its cache goes in and comes out at each token, and tokens are drawn outside, as apps do. It does not train.',
    '- PyTorch is as fast as the BLAS that the system gives it: with the reference BLAS in the place of OpenBLAS, a training step of S took thirty times as long.',
    '- `npm run bench -- --check` measures S in Node again and fails where our ratio to any other engine has fallen by more than a quarter, twice, beyond what the spread of its rounds explains.',
  ].join('\n');
}

function missingWords(sections: readonly Section[]): string {
  const hardware = sections.some(({ measured }) =>
    measured.some(({ id }) => id.endsWith('-webgpu')),
  );
  return [
    ...(hardware
      ? []
      : [
          '- Times on WebGPU: no hardware adapter on this machine. Those of a software adapter say nothing about anyone else, so none are given.',
        ]),
    ...WHERES.flatMap((where) => absences(where, sections)),
    '- Several cores at once, but for our replicas: every other engine here runs on one thread.',
    '- Counts of jax-js, onnxruntime-web and PyTorch on the processor: they offer none.',
  ].join('\n');
}

/** What the record's run left out. */
function absences(where: Where, sections: readonly Section[]): string[] {
  const missing = SIZES.filter((size) => {
    return !sections.some((section) => section.where === where && section.size === size);
  });
  return missing.map((size) => `- ${size} in ${WHERE_LABELS[where]}: left out of this run.`);
}
