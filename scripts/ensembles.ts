/**
 * What can be had on ensembles without learning, whether the grader is right, and whether a policy reads
 * the marks:
 *
 *     npm run ensembles                  rules at equal cost over all held-out tables
 *     npm run ensembles -- --oracle      10,000 attempts beside an independent grader
 *     npm run ensembles -- --policy DIR  chains of a policy at held-out tables
 */
import { createRng } from '../src/base/rng.ts';
import { mean } from '../src/base/statistics.ts';
import { createTokenizer, SPECIALS } from '../src/base/tokenizer.ts';
import type { GradedAttempt } from '../src/exit/curves.ts';
import { rolloutHeldOut } from '../src/exit/evaluate.ts';
import { nodePlatform } from '../src/node/platform.ts';
import { readRunFolder } from '../src/node/run-folder.ts';
import { fromFiles } from '../src/runs/bundle.ts';
import { DEFAULT_CONFIG } from '../src/schema/params.ts';
import { playChain } from '../src/tasks/ensembles/chains.testing.ts';
import { ENSEMBLE_TABLES, tablesOf } from '../src/tasks/ensembles/competitions.ts';
import { createEnsembles } from '../src/tasks/ensembles/ensembles.ts';
import { judgeChain } from '../src/tasks/ensembles/oracle.testing.ts';
import { play, RULES, type Rule } from '../src/tasks/ensembles/rules.testing.ts';
import { readProposal, readState } from '../src/tasks/ensembles/state.ts';
import { restoreSession } from '../src/training/create-session.ts';

const CHAINS = 100;
const COSTS = [4, 7, 19];
const ATTEMPTS = 10_000;
const CHAIN = 25;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function measureRules(): Promise<void> {
  const rules = Object.keys(RULES) as Rule[];
  for (const cost of COSTS) {
    const found: Record<Rule, number>[] = [];
    for (const name of tablesOf('test')) {
      for (let i = 0; i < CHAINS; i++) found.push(await play(name, cost, createRng(i).fork(name)));
    }
    const texts = rules.map((rule) => `${rule} ${mean(found.map((row) => row[rule])).toFixed(3)}`);
    say(`${cost} models trained: ${texts.join(', ')}`);
  }
}

async function askOracle(): Promise<void> {
  const task = createEnsembles({ id: 'ensembles', label: 'Ensembles', summary: '' });
  const outcomes = new Map<string, number>();
  let differ = 0;
  for (let n = 0; n < ATTEMPTS / CHAIN; n++) {
    const competition = ENSEMBLE_TABLES[n % ENSEMBLE_TABLES.length]!;
    const played = await playChain(task, { competition }, CHAIN, createRng(n));
    const judged = await judgeChain(
      competition,
      played.map(({ tokens }) => tokens),
    );
    played.forEach(({ grade: { feedback, quality, cost } }, i) => {
      const other = judged[i]!;
      const same = Math.abs(quality - other.quality) < 1e-9 && cost === other.cost;
      differ += Number(!same || feedback.join(' ') !== other.feedback);
      outcomes.set(feedback[0]!, (outcomes.get(feedback[0]!) ?? 0) + 1);
    });
  }
  say(`${ATTEMPTS} attempts, ${differ} graded differently: ${JSON.stringify([...outcomes])}`);
}

/** Of chains: changes at the member named weakest, attempts that are known, and malformed ones. */
function habitsOf(chains: readonly (readonly GradedAttempt[])[]): string {
  let [named, hits, revisions, known, malformed] = [0, 0, 0, 0, 0];
  for (const chain of chains) {
    chain.slice(1).forEach(({ attempt, valid }, k) => {
      revisions++;
      malformed += Number(!valid);
      known += Number(readState(attempt.feedback)?.outcome === 'known');
      const weakest = readState(chain[k]!.attempt.feedback)?.known?.weakest ?? null;
      const proposal = readProposal(attempt.tokens);
      if (weakest === null || proposal?.kind !== 'replace') return;
      named++;
      hits += Number(proposal.place === weakest);
    });
  }
  const share = (count: number, of: number): string => (count / of).toFixed(3);
  return `hits the weakest ${share(hits, named)}, known ${share(known, revisions)}, malformed ${share(malformed, revisions)}`;
}

async function watchPolicy(folder: string): Promise<void> {
  const { snapshot, words } = fromFiles(await readRunFolder(folder, '--policy'));
  const config = { ...DEFAULT_CONFIG, task: 'ensembles', backend: 'wasm', replicas: 1 } as const;
  const session = await restoreSession({ snapshot, words, rows: [] }, config, nodePlatform());
  const { task } = session;
  let rows = 0;
  const policy: typeof session.policy = {
    ...session.policy,
    config: session.policy.config,
    sample: (request) => {
      rows += request.prompts.length * request.samplesPerPrompt;
      return session.policy.sample(request);
    },
  };
  const tokenizer = createTokenizer(words.slice(SPECIALS.length));
  const options = { tasks: 21, samples: 8, depth: 16, temperature: 1, topP: 1, topK: 0 };
  const { traces } = await rolloutHeldOut(
    { task, policy, tokenizer },
    { ...options, trainedDepth: 0, step: 0 },
    createRng(1),
  );
  say(habitsOf(traces.map(({ attempts }) => attempts)));
  const wanted = traces.length * (2 * options.depth + 1);
  const revisions = traces.length * options.depth;
  say(`asked again for what was known: ${((rows - wanted) / revisions).toFixed(3)} a revision`);
  for (const k of [0, 1, 4, 16]) {
    const quality = mean(traces.map(({ attempts }) => attempts[k]!.attempt.quality));
    say(`k = ${k}: ${quality.toFixed(3)}`);
  }
  session.dispose();
}

const [what, folder] = process.argv.slice(2);
if (what === '--policy' && folder !== undefined) await watchPolicy(folder);
else if (what === '--oracle') await askOracle();
else await measureRules();
