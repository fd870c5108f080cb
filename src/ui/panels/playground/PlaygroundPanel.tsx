import { usePlayground, useSession } from '../../../app/hooks.ts';
import { IMPROVE_STEPS } from '../../../app/playground.ts';
import { AttemptChain } from './AttemptChain.tsx';
import { PlaygroundForm } from './PlaygroundForm.tsx';
import { PLAYGROUND } from '../../navigation.ts';
import './playground.css';

/** An instance that a person types, and how the policy improves on it step by step. */
export function PlaygroundPanel() {
  const domain = usePlayground((state) => state.domain);
  const failure = usePlayground((state) => state.failure);
  const chain = usePlayground((state) => state.chain);
  return (
    <section
      className="playground"
      id={PLAYGROUND}
      tabIndex={-1}
      aria-labelledby="playground-title"
    >
      <h2 id="playground-title">Playground</h2>
      <p className="playground-about">
        The policy as it stands attempts your task, then improves its own attempt up to{' '}
        {IMPROVE_STEPS} times, whether training is paused or running. It learns nothing from it.
      </p>
      {domain === null ? <NothingToType /> : <PlaygroundForm domain={domain} />}
      {failure !== null && (
        <p className="playground-issue" role="alert">
          The attempts broke off: {failure}
        </p>
      )}
      {chain && <AttemptChain chain={chain} />}
    </section>
  );
}

function NothingToType() {
  const phase = useSession((state) => state.phase);
  switch (phase) {
    case 'loading':
      return <p className="playground-about">Ready as soon as the policy is there.</p>;
    case 'failed':
      return (
        <p className="playground-about">A run must be started first: there is no policy yet.</p>
      );
    case 'ready':
      return <p className="playground-about">Tasks of this domain cannot be typed.</p>;
    default:
      return phase satisfies never;
  }
}
