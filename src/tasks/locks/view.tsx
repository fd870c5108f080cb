/** How a person reads a lock: its descriptors, and each dial of an attempt with its mark. */
import * as v from 'valibot';
import { KindNote, KindSchema, type AttemptViewProps } from '../attempt-view.ts';
import type { Attempt, Json } from '../task.ts';
import { LOCK_KINDS, LOCK_NOTES } from './instance.ts';
import { BLANK, descriptorToken, RIGHT } from './vocabulary.ts';
import './view.css';

const LockSchema = v.object({
  descriptors: v.array(v.number()),
  shifts: v.array(v.number()),
  kind: KindSchema,
  hard: v.exactOptional(v.literal(true)),
});

export function LockAttemptView({ instance, attempt, compareTo }: AttemptViewProps) {
  const lock = v.safeParse(LockSchema, instance);
  if (!lock.success) return <NotALock instance={instance} />;
  const { descriptors, shifts, kind, hard } = lock.output;
  return (
    <div className="lock">
      <p className="lock-descriptors attempt-task">
        clues {descriptors.map((value, slot) => descriptorToken(slot, value)).join(' ')}
      </p>
      {attempt && <Dials attempt={attempt} dials={shifts.length} before={compareTo?.tokens} />}
      {attempt && (
        <p className="lock-quality attempt-quality">quality {attempt.quality.toFixed(2)}</p>
      )}
      {hard && (
        <p className="attempt-kind">
          <strong>{LOCK_NOTES.hard}</strong>: paid only when all dials are right
        </p>
      )}
      <KindNote kind={kind} names={LOCK_KINDS} tried={attempt !== null} />
    </div>
  );
}

function NotALock({ instance }: { instance: Json }) {
  return <p className="lock">not a lock: {JSON.stringify(instance)}</p>;
}

interface DialsProps {
  readonly attempt: Attempt;
  readonly dials: number;
  readonly before: Attempt['tokens'] | undefined;
}

/** A malformed attempt may have fewer or more words than the lock has dials: all of them are shown. */
function Dials({ attempt, dials, before }: DialsProps) {
  const count = Math.max(dials, attempt.tokens.length);
  return (
    <ol className="lock-dials attempt-frame">
      {Array.from({ length: count }, (_, dial) => (
        <Dial
          key={dial}
          token={attempt.tokens[dial] ?? BLANK}
          right={attempt.feedback[dial] === RIGHT}
          before={before && (before[dial] ?? BLANK)}
        />
      ))}
    </ol>
  );
}

interface DialProps {
  readonly token: string;
  readonly right: boolean;
  readonly before: string | undefined;
}

function Dial({ token, right, before }: DialProps) {
  const changed = before !== undefined && before !== token;
  const classes = ['lock-dial', right ? 'is-right' : 'is-wrong', ...(changed ? ['changed'] : [])];
  return (
    <li className={classes.join(' ')}>
      <span className="lock-value">{token}</span>{' '}
      <span className="lock-mark" role="img" aria-label={right ? 'right' : 'wrong'}>
        {right ? '✓' : '✗'}
      </span>
      {changed && <span className="lock-before"> was {before}</span>}
    </li>
  );
}
