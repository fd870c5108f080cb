/**
 * Writes what ExIt's own code says of the chances of starts and of the scores of groups, which the module for
 * trainers in Python is held to:
 *
 *     npx tsx scripts/golden/start_probabilities.ts > src/exports/verifiers/fixtures/starts.json
 */
import { learnability } from '../../src/exit/advantage.ts';
import { selectionProbabilities } from '../../src/exit/priority.ts';

const SCORES = [
  [0.25],
  [0, 0, 0],
  [0.1, 0.25, 0.1, 0, 0.2, 0.25],
  [1e-300, 0.03, 0.0299999, 0.25, 0.11, 0.11, 0.11, 0],
];
const HOW = [
  { priority: 'softmax', priorityScale: 'max', priorityStrength: 2, uniformShare: 0.5 },
  { priority: 'softmax', priorityScale: 'raw', priorityStrength: 20, uniformShare: 0 },
  { priority: 'rank', priorityScale: 'max', priorityStrength: 1, uniformShare: 0.1 },
  { priority: 'rank', priorityScale: 'max', priorityStrength: 0.3, uniformShare: 0.5 },
  { priority: 'uniform', priorityScale: 'max', priorityStrength: 2, uniformShare: 0 },
] as const;
const REWARDS = [[1], [0, 0, 0], [0, 1], [0.5, 0.25, 1, 0.125, 0, 0.75, 1, 1]];

const chances = SCORES.flatMap((scores) =>
  HOW.map((how) => {
    const ages = scores.map(() => 0);
    const probabilities = selectionProbabilities(scores, ages, { ...how, stalenessWeight: 0 });
    return { scores, how, probabilities: [...probabilities] };
  }),
);
const groups = REWARDS.map((rewards) => ({ rewards, score: learnability(rewards) }));
process.stdout.write(`${JSON.stringify({ chances, groups }, null, 1)}\n`);
