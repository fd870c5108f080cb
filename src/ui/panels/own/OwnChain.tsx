import { createElement, Suspense } from 'react';
import { useOwn } from '../../../app/hooks.ts';
import { IMPROVE_STEPS } from '../../../app/own.ts';
import type { OwnChain as Chain } from '../../../app/own.ts';
import type { AttemptViewProps } from '../../../tasks/attempt-view.ts';
import { viewFor } from '../../../tasks/views.ts';
import type { Attempt } from '../../../schema/records.ts';
import type { Trial } from '../../../training/playground.ts';
import { PARAMS } from '../../../schema/params.ts';
import { formatFixed } from '../../format.ts';
import { attemptName, policyWords, progressWords } from './words.ts';

/** Every attempt so far, in the order in which they came. */
export function OwnChain({ chain }: { readonly chain: Chain }) {
  const working = useOwn((state) => state.working);
  const trials = chain.turns.flat();
  const started = working ? Math.max(1, chain.turns.length) : chain.turns.length;
  return (
    <div className="own-chain">
      <p className="visually-hidden" role="status">
        {progressWords(chain, working)}
      </p>
      {Array.from({ length: started }, (_, turn) => (
        <Turn key={turn} chain={chain} turn={turn} />
      ))}
      {trials.length > 0 && <p className="own-about">{policyWords(trials)}</p>}
    </div>
  );
}

function Turn({ chain, turn }: { readonly chain: Chain; readonly turn: number }) {
  const { domain, instance, turnCount, turns } = chain;
  const trials = turns[turn] ?? [];
  const earlier = turns.slice(0, turn).map((made) => made.at(-1)!.attempt);
  return (
    <section className="own-turn" aria-label={turnCount > 1 ? `Turn ${turn + 1}` : 'The task'}>
      <h3>{turnCount > 1 ? `Turn ${turn + 1} of ${turnCount}` : 'The task'}</h3>
      <div className="own-task">
        <DomainView domain={domain} instance={instance} attempt={null} earlier={earlier} />
      </div>
      <ol className="own-attempts">
        {trials.map((trial, k) => (
          <li key={k} className={trial.solved ? 'own-attempt is-solved' : 'own-attempt'}>
            <AttemptHead trial={trial} k={k} />
            <DomainView
              domain={domain}
              instance={instance}
              attempt={trial.attempt}
              compareTo={trials[k - 1]?.attempt ?? null}
              earlier={earlier}
            />
          </li>
        ))}
        <Pending shown={turn === turns.length - 1 || trials.length === 0} count={trials.length} />
      </ol>
    </section>
  );
}

function AttemptHead({ trial, k }: { readonly trial: Trial; readonly k: number }) {
  const { quality }: Attempt = trial.attempt;
  return (
    <div className="own-head">
      <h4>{attemptName(k)}</h4>
      <span className="own-bar" aria-hidden="true">
        <span style={{ inlineSize: `${100 * quality}%` }} />
      </span>
      <span className="own-quality">
        <span className="visually-hidden">quality </span>
        {formatFixed(quality)}
        {trial.solved && <span className="own-solved"> ✓ solved</span>}
      </span>
    </div>
  );
}

/** Where the next attempt will stand, so that the page does not jump when it comes. */
function Pending({ shown, count }: { readonly shown: boolean; readonly count: number }) {
  const working = useOwn((state) => state.working);
  if (!working || !shown || count > IMPROVE_STEPS) return null;
  return (
    <li className="own-attempt is-pending" aria-hidden="true">
      {attemptName(count)} …
    </li>
  );
}

/** In the view of its domain; the words of the attempt until that is there. */
function DomainView({ domain, ...props }: AttemptViewProps & { readonly domain: string }) {
  if (!isTask(domain)) return <Words {...props} />;
  return (
    <Suspense fallback={<Words {...props} />}>{createElement(viewFor(domain), props)}</Suspense>
  );
}

function isTask(id: string): id is keyof typeof PARAMS.task.options {
  return Object.hasOwn(PARAMS.task.options, id);
}

function Words({ attempt }: AttemptViewProps) {
  return <span>{attempt?.tokens.join(' ')}</span>;
}
