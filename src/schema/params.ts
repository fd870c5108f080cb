/**
 * Everything that can be turned, declared once. The type of a configuration, the form, the checks on
 * outside values, the URL, the CLI flags with their help and `docs/parameters.md` all derive from here.
 */
import { mixedDomains, tableOf, taskLabels } from '../tasks/manifest.ts';
import type { Manifests, WeightIdOf } from '../tasks/manifest.ts';
import { MANIFESTS, type Domain } from '../tasks/manifests.ts';

export const PARAM_GROUPS = [
  'run',
  'model',
  'rollouts',
  'curriculum',
  'reward',
  'optimization',
  'evaluation',
] as const;
export type ParamGroup = (typeof PARAM_GROUPS)[number];

interface ParamBase {
  readonly label: string;
  /** As in the paper, or as commonly written. */
  readonly symbol?: string;
  readonly unit?: string;
  readonly group: ParamGroup;
  /** The domain whose tasks it shapes, and no others. */
  readonly of?: Domain;
  /** May change while training runs; otherwise it takes a reset. */
  readonly live: boolean;
  /** One or two sentences: what it does, what more of it brings. */
  readonly help: string;
  readonly source?: string;
  /** Former names, by which old files and addresses still call it. */
  readonly aliases?: readonly string[];
  /** The version of the table in which it came, or in which its default changed; 1 where absent. */
  readonly since?: number;
}

export interface NumberParam extends ParamBase {
  readonly kind: 'number';
  readonly default: number;
  /** What files and addresses of before `since` mean that do not name it; its default where absent. */
  readonly before?: number;
  readonly range: readonly [number, number];
  readonly step: number;
  /** Slider on a logarithmic scale. */
  readonly log?: boolean;
}

export interface IntegerParam extends ParamBase {
  readonly kind: 'integer';
  readonly default: number;
  readonly before?: number;
  readonly range: readonly [number, number];
}

export interface BooleanParam extends ParamBase {
  readonly kind: 'boolean';
  readonly default: boolean;
  readonly before?: boolean;
}

export interface ChoiceParam extends ParamBase {
  readonly kind: 'choice';
  readonly default: string;
  readonly before?: string;
  /** Value → what a person reads. */
  readonly options: Readonly<Record<string, string>>;
  /** Former name of an option → its name. */
  readonly optionAliases?: Readonly<Record<string, string>>;
}

export type Param = NumberParam | IntegerParam | BooleanParam | ChoiceParam;
export type ParamTable = Readonly<Record<string, Param>>;

const PAPER = 'arXiv 2509.04575';

export const PARAMS = {
  // ---- run
  task: {
    kind: 'choice',
    label: 'Task',
    group: 'run',
    default: 'locks',
    options: taskLabels(MANIFESTS),
    live: false,
    help: 'The domain that base tasks are drawn from.',
  },
  ...mixtureWeights(MANIFESTS),
  trainTasks: {
    kind: 'integer',
    label: 'Base tasks',
    symbol: 'M',
    group: 'run',
    default: 0,
    range: [0, 10000],
    live: false,
    help: 'Distinct base tasks to train on; 0 is no limit. With one alone the policy learns it by heart and fails on held-out tasks.',
  },
  unsolvableShare: {
    kind: 'number',
    label: 'Unsolvable share',
    group: 'run',
    default: 0,
    range: [0, 1],
    step: 0.05,
    live: true,
    help: 'Share of base tasks that nothing solves, such as a jammed lock; nothing tells them apart before they are tried. Held-out tasks stay as they are. The more there are, the more it matters where one practises.',
  },
  trivialShare: {
    kind: 'number',
    label: 'Trivial share',
    group: 'run',
    default: 0,
    range: [0, 1],
    step: 0.05,
    live: true,
    help: 'Share of base tasks that any well-formed attempt solves, such as an open lock. At most 1 together with the unsolvable share.',
  },
  hardShare: {
    kind: 'number',
    label: 'Hard share',
    group: 'run',
    default: 0,
    range: [0, 1],
    step: 0.05,
    live: true,
    since: 2,
    help: 'How often a fresh base task is one of a few hard ones, which are paid only when wholly solved while all others are paid for each part. Locks with eight dials have them.',
  },
  hardTasks: {
    kind: 'integer',
    label: 'Hard tasks',
    group: 'run',
    default: 16,
    range: [1, 1000],
    live: false,
    since: 2,
    help: 'How many hard base tasks there are; the seed chooses which.',
  },
  absentShare: {
    kind: 'number',
    label: 'Requests that cannot be met',
    group: 'run',
    of: 'workspace',
    default: 0,
    range: [0, 1],
    step: 0.05,
    live: false,
    since: 3,
    help: 'Workspace: share of turns, held-out ones too, that are made to ask for a file or directory that is not there. The right answer says what is missing. About one request in twelve is so by chance.',
  },
  mostTurns: {
    kind: 'integer',
    label: 'Most turns',
    group: 'run',
    of: 'workspace',
    default: 3,
    range: [2, 6],
    live: false,
    since: 3,
    help: 'Workspace: conversations have two turns to this many. Those of the long held-out split have one more.',
  },
  countdownSolutions: {
    kind: 'integer',
    label: 'Most solutions',
    group: 'run',
    of: 'countdown',
    default: 0,
    range: [0, 1000],
    live: false,
    since: 3,
    help: 'Of Countdown alone: an instance has at most so many solutions, held-out ones too; 0 is any number. The fewer, the harder to hit one by chance.',
  },
  countdownCredit: {
    kind: 'number',
    label: 'Credit for coming near',
    group: 'run',
    of: 'countdown',
    default: 0,
    range: [0, 0.95],
    step: 0.05,
    live: false,
    since: 3,
    help: 'Of Countdown alone: most quality of an attempt whose steps are right and miss the target; less the farther it misses. 0 pays only what is solved.',
  },
  countdownFeedback: {
    kind: 'choice',
    label: 'Feedback of Countdown',
    group: 'run',
    of: 'countdown',
    default: 'none',
    options: { none: 'none', value: 'what was reached', step: 'the first wrong step' },
    live: false,
    since: 3,
    help: 'Of Countdown alone: what is said of an attempt when it is read again. With any the prompt has a word more, and a run starts from random weights, since no base policy has read it.',
  },
  seed: {
    kind: 'integer',
    label: 'Seed',
    group: 'run',
    default: 1,
    range: [0, 2147483647],
    live: false,
    help: 'Fixes every random draw: the same seed on the same backend gives the same run.',
  },
  backend: {
    kind: 'choice',
    label: 'Backend',
    group: 'run',
    default: 'auto',
    options: {
      auto: 'automatic',
      webgpu: 'WebGPU',
      wasm: 'WebAssembly',
      cpu: 'plain JavaScript',
      'tfjs-webgpu': 'TensorFlow.js on WebGPU',
      'tfjs-wasm': 'TensorFlow.js on WebAssembly',
      'tfjs-cpu': 'TensorFlow.js in JavaScript',
    },
    live: false,
    help: 'Where the arithmetic runs. Automatic takes our kernels on WebGPU if there is real graphics hardware, else on WebAssembly, else in JavaScript. TensorFlow.js runs the same policy in its own operations: slower, to compare with.',
  },
  replicas: {
    kind: 'integer',
    label: 'Replicas',
    group: 'run',
    default: 0,
    range: [0, 16],
    live: false,
    help: 'Workers that each hold the weights and share sampling and gradients, on WebAssembly in a page. 0 is automatic: as many as there are cores, but one for the page where there are more than two. Another number changes the rounding of a run, and nothing else.',
  },
  // ---- model
  init: {
    kind: 'choice',
    label: 'Start from',
    group: 'model',
    default: 'base',
    options: { base: 'the shipped base policy', scratch: 'random weights' },
    live: false,
    help: 'The base policy was warm-started on imperfect demonstrations. Random weights are warm-started here first.',
  },
  warmStartSteps: {
    kind: 'integer',
    label: 'Warm-start steps',
    group: 'model',
    default: 400,
    range: [0, 20000],
    live: false,
    help: 'Supervised steps on demonstrations before training, where there is no base policy for the chosen shape.',
  },
  hiddenSize: {
    kind: 'integer',
    label: 'Width',
    symbol: 'd',
    group: 'model',
    default: 64,
    range: [8, 1024],
    live: false,
    help: 'Width of the residual stream; a multiple of twice the number of heads.',
  },
  numLayers: {
    kind: 'integer',
    label: 'Layers',
    symbol: 'L',
    group: 'model',
    default: 2,
    range: [1, 24],
    live: false,
    help: 'Transformer blocks.',
  },
  numHeads: {
    kind: 'integer',
    label: 'Heads',
    group: 'model',
    default: 4,
    range: [1, 32],
    live: false,
    help: 'Attention heads per block.',
  },
  intermediateSize: {
    kind: 'integer',
    label: 'MLP width',
    group: 'model',
    default: 176,
    range: [8, 4096],
    live: false,
    help: 'Inner width of the SwiGLU MLP, commonly 8/3 of the width.',
  },
  tieEmbeddings: {
    kind: 'boolean',
    label: 'Tied head',
    group: 'model',
    default: true,
    live: false,
    help: 'The output head shares the embedding matrix.',
  },
  // ---- rollouts
  batchGroups: {
    kind: 'integer',
    label: 'Groups per step',
    group: 'rollouts',
    default: 32,
    range: [1, 256],
    live: true,
    help: 'How many starting points are tried per training step.',
  },
  groupSize: {
    kind: 'integer',
    label: 'Group size',
    symbol: 'G',
    group: 'rollouts',
    default: 8,
    range: [2, 64],
    live: true,
    help: 'Completions per starting point; their mean return is the baseline.',
    source: 'GRPO, arXiv 2402.03300',
  },
  temperature: {
    kind: 'number',
    label: 'Temperature',
    symbol: 'τ',
    group: 'rollouts',
    default: 1,
    range: [0.1, 2],
    step: 0.05,
    live: true,
    help: 'Divides the logits, when sampling and when training. Higher explores more.',
  },
  topP: {
    kind: 'number',
    label: 'Top-p',
    group: 'rollouts',
    default: 1,
    range: [0.05, 1],
    step: 0.05,
    live: true,
    help: 'Samples from the smallest set of tokens that holds this probability; 1 is off.',
  },
  topK: {
    kind: 'integer',
    label: 'Top-k',
    group: 'rollouts',
    default: 0,
    range: [0, 256],
    live: true,
    help: 'Samples from this many likeliest tokens; 0 is off.',
  },
  // ---- curriculum
  bufferContent: {
    kind: 'choice',
    label: 'Buffer of',
    group: 'curriculum',
    default: 'histories',
    options: { none: 'nothing', base: 'base tasks', histories: 'partial histories' },
    live: true,
    help: 'What is kept to be selected again: nothing (GRPO), base tasks (Curriculum) or partial histories (ExIt).',
    source: PAPER,
  },
  selectProbability: {
    kind: 'number',
    label: 'Selection probability',
    symbol: 'p',
    group: 'curriculum',
    default: 0.7,
    range: [0, 1],
    step: 0.01,
    live: true,
    help: 'How often a start comes from the buffer rather than from a fresh task.',
    source: `${PAPER}, algorithm 1`,
  },
  divergeProbability: {
    kind: 'number',
    label: 'Diverge probability',
    symbol: 'p_div',
    group: 'curriculum',
    default: 0.2,
    range: [0, 1],
    step: 0.01,
    live: true,
    help: 'How often a history is continued by a different attempt rather than a better one. Not shown to help on Locks: 0 did as well (docs/results.md).',
    source: PAPER,
  },
  bufferCapacity: {
    kind: 'integer',
    label: 'Buffer capacity',
    symbol: 'N',
    group: 'curriculum',
    default: 512,
    range: [8, 100000],
    live: true,
    help: 'Most histories kept at a time.',
  },
  bufferMin: {
    kind: 'integer',
    label: 'Buffer minimum',
    symbol: 'B_min',
    group: 'curriculum',
    default: 32,
    range: [1, 100000],
    live: true,
    help: 'Nothing is selected from the buffer before it holds this many.',
  },
  priority: {
    kind: 'choice',
    label: 'Priority',
    group: 'curriculum',
    default: 'softmax',
    options: { softmax: 'softmax of learnability', rank: 'rank of learnability', uniform: 'none' },
    live: true,
    help: 'How learnability becomes a chance of being selected. None draws uniformly: the control.',
    source: `${PAPER}; rank: prioritized level replay, arXiv 2010.03934`,
  },
  priorityScale: {
    kind: 'choice',
    label: 'Priority scale',
    group: 'curriculum',
    default: 'max',
    options: { max: 'largest score = 1', raw: 'scores as they are' },
    live: true,
    help: 'Whether scores are divided by the largest one in the buffer before κ multiplies them.',
  },
  priorityStrength: {
    kind: 'number',
    label: 'Priority strength',
    symbol: 'κ',
    group: 'curriculum',
    default: 2,
    range: [0, 100],
    step: 0.1,
    live: true,
    help: 'Sharpness of the preference for learnable histories; 0 is uniform. Rank priority uses it as its exponent.',
    source: PAPER,
  },
  uniformShare: {
    kind: 'number',
    label: 'Uniform share',
    symbol: 'u',
    group: 'curriculum',
    default: 0.5,
    range: [0, 1],
    step: 0.01,
    live: true,
    help: 'Share of selections drawn uniformly, so that nothing starves.',
  },
  stalenessWeight: {
    kind: 'number',
    label: 'Staleness weight',
    symbol: 'ρ',
    group: 'curriculum',
    default: 0,
    range: [0, 1],
    step: 0.01,
    live: true,
    help: 'Share of selections that favour histories whose score is old.',
    source: 'prioritized level replay, arXiv 2010.03934',
  },
  maxUses: {
    kind: 'integer',
    label: 'Most uses',
    group: 'curriculum',
    default: 3,
    range: [0, 1000],
    live: true,
    help: 'A history retires after being selected this often; 0 is never. No difference was shown between 3 and never (docs/results.md).',
  },
  scoreDecay: {
    kind: 'number',
    label: 'Score decay',
    group: 'curriculum',
    default: 1,
    range: [0.5, 1],
    step: 0.01,
    live: true,
    help: 'Scores are multiplied by this once a step; 1 keeps them.',
  },
  eviction: {
    kind: 'choice',
    label: 'Eviction',
    group: 'curriculum',
    default: 'oldest',
    options: {
      lowest: 'lowest score leaves',
      oldest: 'oldest leaves',
      random: 'a random one leaves',
    },
    live: true,
    help: 'Who leaves when the buffer is over capacity.',
  },
  childrenPerGroup: {
    kind: 'integer',
    label: 'Children per group',
    group: 'curriculum',
    default: 1,
    range: [0, 64],
    live: true,
    help: 'How many completions of each group become new histories, one step deeper.',
  },
  childChoice: {
    kind: 'choice',
    label: 'Children chosen',
    group: 'curriculum',
    default: 'sampled',
    options: { sampled: 'at random', best: 'the best', spread: 'spread over quality' },
    live: true,
    help: 'Which completions become children.',
  },
  solvedShare: {
    kind: 'number',
    label: 'Solved share',
    group: 'curriculum',
    default: 0.25,
    range: [0, 1],
    step: 0.05,
    live: true,
    help: 'Chance that a child that cannot improve any more (quality 1) is kept. Many of them teach to copy; none at all was worse on uneven Locks.',
  },
  solvedChildScore: {
    kind: 'number',
    label: 'Score of solved children',
    group: 'curriculum',
    default: 1,
    range: [0, 1],
    step: 0.05,
    live: true,
    help: 'A child that cannot improve any more begins with this share of its parent’s learnability; 1 inherits all of it.',
  },
  scoreForm: {
    kind: 'choice',
    label: 'Learnability of',
    group: 'curriculum',
    default: 'returns',
    options: {
      returns: 'the returns as paid',
      improvement: 'the share of the gap closed',
      better: 'better or not',
    },
    live: true,
    help: 'What learnability is the variance of where an attempt is revised. Under paid quality a nearly solved start has little variance left; the share of the gap closed means the same for all starts.',
  },
  // ---- reward
  rewardForm: {
    kind: 'choice',
    label: 'Improvement reward',
    group: 'reward',
    default: 'quality',
    options: {
      improvement: 'share of the gap closed',
      quality: 'quality reached',
      delta: 'quality gained',
      better: 'better or not',
    },
    live: true,
    help: 'The reward of a self-improvement step. "Better or not" pays 1 for any gain, so that learnability means the same for hard and nearly solved starts.',
    source: PAPER,
  },
  divergeReward: {
    kind: 'choice',
    label: 'Divergence reward',
    group: 'reward',
    default: 'quality',
    options: {
      same: 'as improvement',
      quality: 'quality reached',
    },
    live: true,
    help: 'The reward of a self-divergence step.',
  },
  diversityStrength: {
    kind: 'number',
    label: 'Diversity bonus',
    symbol: 'λ',
    group: 'reward',
    default: 0.33,
    range: [0, 1],
    step: 0.01,
    live: true,
    help: 'Advantages are multiplied by 1 − λ + λ·d, where d is how far a completion lies from its group. 1 is the paper, 0 is off, which was worse on uneven Locks.',
    source: PAPER,
  },
  diversityOn: {
    kind: 'choice',
    label: 'Bonus applies to',
    group: 'reward',
    default: 'positive',
    options: { all: 'all advantages', positive: 'positive advantages' },
    live: true,
    help: 'On all advantages the bonus also softens the penalty of common failures.',
  },
  // ---- optimization
  learningRate: {
    kind: 'number',
    label: 'Learning rate',
    group: 'optimization',
    default: 0.001,
    range: [0.000001, 0.1],
    step: 0.000001,
    log: true,
    live: true,
    help: 'Step size of AdamW. Too hot and the policy collapses.',
  },
  warmupSteps: {
    kind: 'integer',
    label: 'Warm-up',
    unit: 'steps',
    group: 'optimization',
    default: 5,
    range: [0, 10000],
    live: true,
    help: 'Steps over which the learning rate rises from 0.',
  },
  lrSchedule: {
    kind: 'choice',
    label: 'Learning-rate schedule',
    group: 'optimization',
    default: 'constant',
    options: { constant: 'constant', linear: 'linear decay', cosine: 'cosine decay' },
    live: true,
    help: 'How the learning rate falls after the warm-up.',
  },
  lrDecayUnit: {
    kind: 'choice',
    label: 'Decay counted in',
    group: 'optimization',
    default: 'tokens',
    options: { steps: 'training steps', tokens: 'sampled completion tokens' },
    live: true,
    help: 'What the length of the decay is counted in.',
  },
  lrDecayLength: {
    kind: 'integer',
    label: 'Decay length',
    group: 'optimization',
    default: 40000,
    range: [1, 1000000],
    live: true,
    help: 'After so many steps or tokens the learning rate is at its final share and stays there.',
  },
  lrFinalShare: {
    kind: 'number',
    label: 'Final share',
    group: 'optimization',
    default: 0.1,
    range: [0, 1],
    step: 0.05,
    live: true,
    help: 'Share of the learning rate that is left when the decay is over.',
  },
  innerEpochs: {
    kind: 'integer',
    label: 'Inner epochs',
    symbol: 'μ',
    group: 'optimization',
    default: 1,
    range: [1, 16],
    live: true,
    help: 'How often each batch of rollouts is passed over.',
  },
  minibatches: {
    kind: 'integer',
    label: 'Minibatches',
    group: 'optimization',
    default: 2,
    range: [1, 64],
    live: true,
    help: 'Optimizer steps per inner epoch.',
  },
  lossType: {
    kind: 'choice',
    label: 'Loss',
    group: 'optimization',
    default: 'dapo',
    options: { grpo: 'GRPO', dapo: 'DAPO', dr_grpo: 'Dr. GRPO' },
    live: true,
    help: 'Mean over sequences of token means, token mean over the batch, or sum over a constant length.',
    source: 'arXiv 2402.03300, 2503.14476, 2503.20783',
  },
  importanceSampling: {
    kind: 'choice',
    label: 'Importance sampling',
    group: 'optimization',
    default: 'token',
    options: { token: 'per token', sequence: 'per sequence (GSPO)' },
    live: true,
    help: 'Whether ratios to the sampling policy are taken per token or per completion.',
    source: 'GSPO, arXiv 2507.18071',
  },
  scaleRewards: {
    kind: 'choice',
    label: 'Advantage scale',
    group: 'optimization',
    default: 'group',
    options: { group: 'group std', batch: 'batch std', none: 'none' },
    live: true,
    help: 'What centred returns are divided by.',
  },
  clipLow: {
    kind: 'number',
    label: 'Clip below',
    symbol: 'ε_low',
    group: 'optimization',
    default: 0.2,
    range: [0, 1],
    step: 0.01,
    live: true,
    help: 'Ratios under 1 − ε_low bring no further gradient for negative advantages.',
  },
  clipHigh: {
    kind: 'number',
    label: 'Clip above',
    symbol: 'ε_high',
    group: 'optimization',
    default: 0.28,
    range: [0, 10],
    step: 0.01,
    live: true,
    help: 'Ratios over 1 + ε_high bring no further gradient for positive advantages.',
    source: 'DAPO, arXiv 2503.14476',
  },
  klBeta: {
    kind: 'number',
    label: 'KL weight',
    symbol: 'β',
    group: 'optimization',
    default: 0,
    range: [0, 1],
    step: 0.001,
    live: true,
    help: 'Pull towards the reference policy; 0 saves its forward pass.',
  },
  referenceEvery: {
    kind: 'integer',
    label: 'Reference every',
    symbol: 'M',
    unit: 'steps',
    group: 'optimization',
    default: 0,
    range: [0, 10000],
    live: true,
    help: 'The reference follows the policy this often; 0 keeps the initial policy.',
  },
  referenceMix: {
    kind: 'number',
    label: 'Reference mix',
    symbol: 'α',
    group: 'optimization',
    default: 0.6,
    range: [0, 1],
    step: 0.05,
    live: true,
    help: 'Share of the old reference that stays when it follows.',
    source: 'TR-DPO, arXiv 2404.09656',
  },
  entropyCoefficient: {
    kind: 'number',
    label: 'Entropy bonus',
    group: 'optimization',
    default: 0.05,
    range: [0, 1],
    step: 0.005,
    live: true,
    help: 'Pay for keeping options open. Too little and the policy repeats itself, too much and it never settles.',
  },
  zeroVarianceGroups: {
    kind: 'choice',
    label: 'Flat groups',
    group: 'optimization',
    default: 'train',
    options: {
      train: 'stay in the update',
      drop: 'are left out of the update',
      scale_entropy: 'stay, and the entropy bonus shrinks with their share',
    },
    live: true,
    help: 'A group whose returns are all equal has no advantage: in the update it only receives the entropy bonus, with nothing to hold against it.',
  },
  resampleZeroStd: {
    kind: 'integer',
    label: 'Resample flat groups',
    unit: 'rounds',
    group: 'optimization',
    default: 0,
    range: [0, 8],
    live: true,
    help: 'Rounds in which groups whose returns are all equal are replaced by newly chosen ones.',
    source: 'DAPO, arXiv 2503.14476',
  },
  maskTruncated: {
    kind: 'boolean',
    label: 'Mask truncated',
    group: 'optimization',
    default: false,
    live: true,
    help: 'Completions that ran out of length bring no gradient.',
    source: 'DAPO, arXiv 2503.14476',
  },
  weightDecay: {
    kind: 'number',
    label: 'Weight decay',
    group: 'optimization',
    default: 0.01,
    range: [0, 1],
    step: 0.01,
    live: true,
    help: 'Decoupled decay of all weights.',
  },
  maxGradNorm: {
    kind: 'number',
    label: 'Gradient clip',
    group: 'optimization',
    default: 1,
    range: [0, 100],
    step: 0.1,
    live: true,
    help: 'The global gradient norm is clipped to this; 0 is off.',
  },
  adamBeta1: {
    kind: 'number',
    label: 'AdamW β₁',
    group: 'optimization',
    default: 0.9,
    range: [0, 0.999],
    step: 0.001,
    live: true,
    help: 'Memory of the first moment.',
  },
  adamBeta2: {
    kind: 'number',
    label: 'AdamW β₂',
    group: 'optimization',
    default: 0.99,
    range: [0, 0.9999],
    step: 0.0001,
    live: true,
    help: 'Memory of the second moment.',
  },
  // ---- evaluation
  evalEvery: {
    kind: 'integer',
    label: 'Evaluate every',
    unit: 'steps',
    group: 'evaluation',
    default: 10,
    range: [0, 10000],
    live: true,
    help: 'How often held-out quality is measured; 0 is never. It draws from its own random stream and never changes training.',
  },
  evalTasks: {
    kind: 'integer',
    label: 'Held-out tasks',
    group: 'evaluation',
    default: 64,
    range: [1, 1000],
    live: true,
    help: 'Tasks per evaluation. More give narrower intervals and take longer.',
  },
  evalSamples: {
    kind: 'integer',
    label: 'Samples per task',
    group: 'evaluation',
    default: 1,
    range: [1, 64],
    live: true,
    help: 'Independent chains of attempts per held-out task.',
  },
  evalDepth: {
    kind: 'integer',
    label: 'Evaluation depth',
    symbol: 'K',
    group: 'evaluation',
    default: 16,
    range: [0, 64],
    live: true,
    help: 'Self-improvement steps per chain, beyond the depth seen in training.',
  },
  evalTemperature: {
    kind: 'number',
    label: 'Evaluation temperature',
    group: 'evaluation',
    default: 1,
    range: [0, 2],
    step: 0.05,
    live: true,
    help: 'Sampling temperature on held-out tasks; 0 is greedy.',
  },
} as const satisfies ParamTable;

export type ParamId = keyof typeof PARAMS;

type ValueOf<P> = P extends { kind: 'choice'; options: infer O }
  ? keyof O & string
  : P extends { kind: 'boolean' }
    ? boolean
    : number;

/** A complete configuration: one value per parameter. */
export type Config = { readonly [K in ParamId]: ValueOf<(typeof PARAMS)[K]> };

/** How often a fresh base task is of each domain that can be mixed: a parameter per weight. */
export function mixtureWeights<M extends Manifests>(
  manifests: M,
): Readonly<Record<WeightIdOf<M>, NumberParam & { readonly live: true }>> {
  return tableOf(
    mixedDomains(manifests).map(({ weight: { param, of, tasks } }) => [
      param,
      {
        kind: 'number',
        label: `Weight of ${of}`,
        group: 'run',
        default: 1,
        range: [0, 1],
        step: 0.05,
        live: true,
        help: `How often a fresh base task is one of ${tasks} when all domains are mixed, beside the other weights.`,
      },
    ]),
  );
}

export type WeightId = WeightIdOf<typeof MANIFESTS>;

/** Of the mixture's domains: they say nothing unless domains are mixed. */
export const WEIGHT_IDS: readonly WeightId[] = mixedDomains(MANIFESTS).map(
  ({ weight }) => weight.param,
);

export const PARAM_IDS = Object.keys(PARAMS) as ParamId[];

/** What shapes the tasks of one domain, held-out ones too. */
export type DomainParamId = {
  [K in ParamId]: (typeof PARAMS)[K] extends { readonly of: Domain } ? K : never;
}[ParamId];
export const DOMAIN_PARAM_IDS = PARAM_IDS.filter((id): id is DomainParamId => 'of' in PARAMS[id]);

export const DEFAULT_CONFIG = Object.fromEntries(
  PARAM_IDS.map((id) => [id, PARAMS[id].default]),
) as unknown as Config;

export type LiveParamId = {
  [K in ParamId]: (typeof PARAMS)[K]['live'] extends true ? K : never;
}[ParamId];

export function isLive(id: ParamId): id is LiveParamId {
  return PARAMS[id].live;
}

export function isParamId(id: string): id is ParamId {
  return Object.hasOwn(PARAMS, id);
}

/** A refused outside value: names the field, the value and what was expected. */
export interface ParamIssue {
  readonly field: string;
  readonly value: string;
  readonly expected: string;
}

export function describeIssue({ field, value, expected }: ParamIssue): string {
  return `${field}: got ${value}, expected ${expected}`;
}

/** What a parameter accepts, in words. */
export function expectation(param: Param): string {
  switch (param.kind) {
    case 'number':
      return `a number from ${param.range[0]} to ${param.range[1]}`;
    case 'integer':
      return `a whole number from ${param.range[0]} to ${param.range[1]}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${Object.keys(param.options).join(', ')}`;
    default:
      return param satisfies never;
  }
}

/** Accepts a JSON value or its text form (URL, CLI); `undefined` means refused. */
function accept(param: Param, value: unknown): number | boolean | string | undefined {
  switch (param.kind) {
    case 'number':
    case 'integer': {
      const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof n !== 'number' || !Number.isFinite(n)) return undefined;
      if (param.kind === 'integer' && !Number.isInteger(n)) return undefined;
      return n >= param.range[0] && n <= param.range[1] ? n : undefined;
    }
    case 'boolean':
      if (value === true || value === 'true') return true;
      return value === false || value === 'false' ? false : undefined;
    case 'choice':
      return typeof value === 'string' ? optionOf(param, value) : undefined;
    default:
      return param satisfies never;
  }
}

function optionOf({ options, optionAliases = {} }: ChoiceParam, name: string): string | undefined {
  const current = Object.hasOwn(optionAliases, name) ? optionAliases[name]! : name;
  return Object.hasOwn(options, current) ? current : undefined;
}

/** The parameter of this name, or that had it; undefined where there is none. */
export function paramNamed(name: string, table: ParamTable = PARAMS): string | undefined {
  if (Object.hasOwn(table, name)) return name;
  return Object.keys(table).find((id) => table[id]!.aliases?.includes(name));
}

/**
 * Checks outside values against the table. Unknown names and refused values become issues and are left
 * out; what remains is well typed.
 */
export function parseParams(values: Readonly<Record<string, unknown>>): {
  readonly values: Partial<Config>;
  readonly issues: readonly ParamIssue[];
} {
  return parseWith(PARAMS, values);
}

/** As `parseParams`, against any table. */
export function parseWith(
  table: ParamTable,
  values: Readonly<Record<string, unknown>>,
): {
  readonly values: Readonly<Record<string, number | boolean | string>>;
  readonly issues: readonly ParamIssue[];
} {
  const accepted: Record<string, number | boolean | string> = {};
  const issues: ParamIssue[] = [];
  for (const [field, value] of Object.entries(values)) {
    const id = paramNamed(field, table);
    if (id === undefined) {
      issues.push({ field, value: show(value), expected: 'the name of a parameter' });
      continue;
    }
    const parsed = accept(table[id]!, value);
    if (parsed === undefined) {
      issues.push({ field, value: show(value), expected: expectation(table[id]!) });
    } else {
      accepted[id] = parsed;
    }
  }
  return { values: accepted, issues };
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value));
}

/** Constraints between parameters; empty when all hold. */
export function checkConfig(config: Config): ParamIssue[] {
  const issues: ParamIssue[] = [];
  if (config.hiddenSize % (2 * config.numHeads) !== 0) {
    issues.push({
      field: 'hiddenSize',
      value: String(config.hiddenSize),
      expected: `a multiple of twice numHeads (${2 * config.numHeads})`,
    });
  }
  if (config.unsolvableShare + config.trivialShare > 1 + SUM_TOLERANCE) {
    issues.push({
      field: 'trivialShare',
      value: String(config.trivialShare),
      expected: `at most 1 together with unsolvableShare (${config.unsolvableShare})`,
    });
  }
  return issues;
}

/** Two shares in decimals may add up to a hair more than 1. */
const SUM_TOLERANCE = 1e-9;

/** Of a configuration, the weights of the mixture's domains. */
export function weightsOf(config: Config): Partial<Config> {
  return tableOf<WeightId, number>(WEIGHT_IDS.map((id) => [id, config[id]]));
}

/** Of a configuration, what its held-out tasks are drawn by. */
export function taskSettings(config: Config): Partial<Config> {
  const ids = ['task', ...DOMAIN_PARAM_IDS] as const;
  return Object.fromEntries(ids.map((id) => [id, config[id]]));
}

/** The parameters in which `a` and `b` differ. */
export function changedParams(a: Config, b: Config): ParamId[] {
  return PARAM_IDS.filter((id) => a[id] !== b[id]);
}
