import { createElement, Suspense } from 'react';
import { usePlayground, useShownModel } from '../../../app/hooks.ts';
import { IMPROVE_STEPS } from '../../../app/playground.ts';
import type { PlaygroundChain } from '../../../app/playground.ts';
import type { AttemptViewProps } from '../../../tasks/attempt-view.ts';
import { viewFor } from '../../../tasks/views.ts';
import type { Attempt as Attempt } from '../../../schema/records.ts';
import type { PlaygroundAttempt } from '../../../training/playground.ts';
import { PARAMS } from '../../../schema/params.ts';
import { TextAttempt } from '../../attempts/TextAttempt.tsx';
import { formatFixed } from '../../format.ts';
import { attemptLabel, policyLabel, progressLabel } from './labels.ts';

/** Every attempt so far, in the order in which they came. */
export function AttemptChain({ chain }: { readonly chain: PlaygroundChain }) {
  const working = usePlayground((state) => state.working);
  const attempts = chain.turns.flat();
  const started = working ? Math.max(1, chain.turns.length) : chain.turns.length;
  return (
    <div className="playground-chain">
      <p className="visually-hidden" role="status">
        {progressLabel(chain, working)}
      </p>
      {Array.from({ length: started }, (_, turn) => (
        <Turn key={turn} chain={chain} turn={turn} />
      ))}
      {attempts.length > 0 && <p className="playground-about">{policyLabel(attempts)}</p>}
    </div>
  );
}

function Turn({ chain, turn }: { readonly chain: PlaygroundChain; readonly turn: number }) {
  const { domain, instance, turnCount, turns } = chain;
  const attempts = turns[turn] ?? [];
  const earlier = turns.slice(0, turn).map((made) => made.at(-1)!.attempt);
  return (
    <section
      className="playground-turn"
      aria-label={turnCount > 1 ? `Turn ${turn + 1}` : 'The task'}
    >
      <h3>{turnCount > 1 ? `Turn ${turn + 1} of ${turnCount}` : 'The task'}</h3>
      <div className="playground-task">
        <DomainView domain={domain} instance={instance} attempt={null} earlier={earlier} />
      </div>
      <ol className="playground-attempts">
        {attempts.map((attempt, k) => (
          <li
            key={k}
            className={attempt.solved ? 'playground-attempt is-solved' : 'playground-attempt'}
          >
            <AttemptHead attempt={attempt} k={k} />
            <DomainView
              domain={domain}
              instance={instance}
              attempt={attempt.attempt}
              compareTo={attempts[k - 1]?.attempt ?? null}
              earlier={earlier}
            />
          </li>
        ))}
        <Pending
          shown={turn === turns.length - 1 || attempts.length === 0}
          count={attempts.length}
        />
      </ol>
    </section>
  );
}

function AttemptHead({ attempt, k }: { readonly attempt: PlaygroundAttempt; readonly k: number }) {
  const { quality }: Attempt = attempt.attempt;
  return (
    <div className="playground-head">
      <h4>{attemptLabel(k)}</h4>
      <span className="playground-bar" aria-hidden="true">
        <span style={{ inlineSize: `${100 * quality}%` }} />
      </span>
      <span className="playground-quality">
        <span className="visually-hidden">quality </span>
        {formatFixed(quality)}
        {attempt.solved && <span className="playground-solved"> ✓ solved</span>}
      </span>
    </div>
  );
}

/** Where the next attempt will stand, so that the page does not jump when it comes. */
function Pending({ shown, count }: { readonly shown: boolean; readonly count: number }) {
  const working = usePlayground((state) => state.working);
  if (!working || !shown || count > IMPROVE_STEPS) return null;
  return (
    <li className="playground-attempt is-pending" aria-hidden="true">
      {attemptLabel(count)} …
    </li>
  );
}

/** In the view of its domain; the words of the attempt until that is there. */
function DomainView({ domain, ...props }: AttemptViewProps & { readonly domain: string }) {
  const model = useShownModel();
  if (!isTask(domain)) return <PlainAttempt {...props} />;
  if (model) return <TextAttempt {...{ domain, model, view: viewFor(domain), shown: props }} />;
  return (
    <Suspense fallback={<PlainAttempt {...props} />}>
      {createElement(viewFor(domain), props)}
    </Suspense>
  );
}

function isTask(id: string): id is keyof typeof PARAMS.task.options {
  return Object.hasOwn(PARAMS.task.options, id);
}

function PlainAttempt({ attempt }: AttemptViewProps) {
  return <span>{attempt?.tokens.join(' ')}</span>;
}
