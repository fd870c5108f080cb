import type { HistoryDetail } from '../../../runs/index/queries.ts';
import { TERMS } from '../../../schema/glossary.ts';
import { useAnswer } from '../../../app/answers.ts';
import { useFocusActions } from '../../../app/hooks.ts';
import { TaskAttempt } from '../../attempts/TaskAttempt.tsx';
import { Explain } from '../../controls/Explain.tsx';
import { Symbol } from '../../controls/Symbol.tsx';
import { formatFixed } from '../../format.ts';
import type { Scene } from './scene.ts';
import { bufferLabel, count } from './labels.ts';

export interface HistoryCardProps {
  readonly scene: Scene;
  /** Index of the history that is looked at. */
  readonly selected: number;
}

/** A history beside its parent, and how it came about. */
export function HistoryCard({ scene, selected }: HistoryCardProps) {
  const { lineage } = scene.tree;
  const id = lineage.id[selected]!;
  const { value, pending } = useAnswer('history', { id });
  const detail = value?.id === id ? value : null;
  return (
    <section className="lineage-card" aria-label={`History ${id}`}>
      <h3>
        History {id}
        <span className="lineage-state">{bufferLabel(scene, selected)}</span>
      </h3>
      <Figures scene={scene} selected={selected} />
      {detail ? (
        <Difference detail={detail} />
      ) : (
        <p className="lineage-note">{pending ? 'Reading …' : 'It is not kept any more.'}</p>
      )}
    </section>
  );
}

function Figures({ scene: { tree }, selected }: HistoryCardProps) {
  const { lineage } = tree;
  return (
    <dl className="lineage-figures">
      <div>
        <dt>created in step</dt>
        <dd>{lineage.step[selected]}</dd>
      </div>
      <div>
        <dt>depth</dt>
        <dd>{lineage.depth[selected]}</dd>
      </div>
      <div>
        <dt>
          learnability <Explain what={TERMS.S} />
        </dt>
        <dd>{lineage.score[selected]!.toFixed(3)}</dd>
      </div>
      <div>
        <dt>started from</dt>
        <dd>{count(lineage.uses[selected]!, 'time')}</dd>
      </div>
    </dl>
  );
}

const CAME_BY = {
  solve: 'The first attempt, from nothing',
  improve: 'Asked for a better attempt',
  diverge: 'Asked for a different attempt',
} as const;

function Difference({ detail }: { readonly detail: HistoryDetail }) {
  const { pin } = useFocusActions();
  const { start, attempt, step, group, completion } = detail;
  const { instance, earlier, latest } = start;
  return (
    <>
      {latest && (
        <div className="lineage-attempt">
          <h4>
            Parent <Quality of={latest.quality} />
          </h4>
          <TaskAttempt instance={instance} attempt={latest} earlier={earlier} />
        </div>
      )}
      <div className="lineage-attempt is-after">
        <h4>
          {CAME_BY[start.mode]} <Quality of={attempt.quality} from={latest?.quality} />
        </h4>
        <TaskAttempt instance={instance} attempt={attempt} compareTo={latest} earlier={earlier} />
        {attempt.solved && <p className="lineage-solved">✓ solved</p>}
      </div>
      <button type="button" onClick={() => pin(step, group, completion)}>
        Open its group<span className="visually-hidden"> of step {step}</span>
      </button>
    </>
  );
}

function Quality({ of, from }: { readonly of: number; readonly from?: number | undefined }) {
  const gained = from === undefined ? 0 : of - from;
  const sign = gained > 0 ? '+' : '';
  return (
    <span className="lineage-quality" title={TERMS.q.text}>
      <Symbol of="q" /> {formatFixed(of)}
      {from !== undefined && gained !== 0 && <span> ({`${sign}${formatFixed(gained)}`})</span>}
    </span>
  );
}
