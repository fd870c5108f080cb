import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useAnswer } from '../../../app/answers.ts';
import { useRun, useRunConfig, useSession } from '../../../app/hooks.ts';
import type { StepRecord } from '../../../schema/records.ts';
import { GroupFigure } from '../../attempts/GroupFigure.tsx';
import { mostInformative } from '../../attempts/groups.ts';
import { Icon } from '../../controls/Icon.tsx';
import { STATE_NAMES, STATES, wordsOf } from './telling.ts';
import { useSlowMotion, type SlowMotion } from './useSlowMotion.ts';
import './slow.css';

/** Beside Step: the next step, told state by state. */
export function SlowMotionButton() {
  const slow = useSlowMotion();
  const button = useRef<HTMLButtonElement>(null);
  const recorded = useSession(({ source }) => source === 'recording');
  const ready = useSession(
    ({ phase, busy, running }) => phase === 'ready' && (busy === null || running),
  );
  const close = (): void => {
    slow.close();
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="quiet"
        disabled={!slow.isOpen && !recorded && !ready}
        title="The next step, told in six seconds"
        onClick={() => void slow.tellNext()}
      >
        <Icon name="slow" />
        <span className="button-text">Slow motion</span>
      </button>
      {slow.isOpen && <Sheet slow={slow} close={close} />}
    </>
  );
}

interface SheetProps {
  readonly slow: SlowMotion;
  readonly close: () => void;
}

/** Over the page, which stays as it is behind it; not modal, as the list of keys is not. */
function Sheet({ slow, close }: SheetProps) {
  const sheet = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    sheet.current?.showPopover();
    title.current?.focus();
  }, []);
  const { record, isComing } = slow;
  return (
    // Its keys act wherever in it the focus is.
    <dialog
      ref={sheet}
      popover="manual"
      className="slow"
      aria-labelledby="slow-title"
      onKeyDown={(event) => onKey(event, slow, close)}
    >
      <div className="slow-head">
        <h2 id="slow-title" ref={title} tabIndex={-1}>
          {record ? `Step ${record.step} in slow motion` : 'One step in slow motion'}
        </h2>
        <button
          type="button"
          className="quiet icon-only"
          aria-label="Close slow motion"
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </div>
      {record && record.groups.length > 0 ? (
        <Told slow={slow} record={record} />
      ) : (
        <p role="status">{isComing ? 'Training one step …' : 'There is no next step to tell.'}</p>
      )}
      <Controls slow={slow} />
    </dialog>
  );
}

function onKey(event: KeyboardEvent, slow: SlowMotion, close: () => void): void {
  const act = {
    Escape: close,
    ArrowLeft: () => slow.turnTo(slow.at - 1),
    ArrowRight: () => slow.turnTo(slow.at + 1),
    ' ': slow.toggle,
  }[event.key];
  const isPressed = event.target instanceof Element && event.target.closest('button') !== null;
  if (act === undefined || (event.key === ' ' && isPressed)) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

interface ToldProps {
  readonly slow: SlowMotion;
  readonly record: StepRecord;
}

function Told({ slow: { at, turnTo }, record }: ToldProps) {
  const config = useRunConfig();
  const index = mostInformative(record.groups);
  const group = record.groups[index]!;
  const state = STATES[at]!;
  // The policy of now is that of right after the step, and nobody can say for a recording.
  const isNow = useRun(({ latest }) => latest?.step === record.step);
  const isAsked = isNow && at >= STATES.indexOf('moved');
  const after = useAnswer('tokenStats', isAsked ? { step: record.step, group: index } : null);
  if (config === null) return null;
  const known = isAsked ? after.value : null;
  const words = wordsOf(record, group, config, known);
  return (
    <div className="slow-both">
      <div>
        <p className="slow-rule">
          Group {index + 1} of {record.groups.length}: the one whose returns differ most.
        </p>
        <ol className="slow-states">
          {STATES.map((one, i) => (
            <li key={one} aria-current={i === at ? 'step' : undefined}>
              <button type="button" className="quiet" onClick={() => turnTo(i)}>
                {i + 1} {STATE_NAMES[one]}
              </button>
              {i <= at && <p>{words[one]}</p>}
            </li>
          ))}
        </ol>
        <p className="visually-hidden" role="status">
          {STATE_NAMES[state]}: {words[state]}
        </p>
      </div>
      <div className="slow-picture">
        <GroupFigure group={group} stage={state} after={known} />
      </div>
    </div>
  );
}

function Controls({ slow }: { readonly slow: SlowMotion }) {
  const { at, moves, canMove, record, isComing, turnTo, toggle, tellNext } = slow;
  const isLast = at === STATES.length - 1;
  return (
    <div className="slow-controls" role="group" aria-label="Slow motion">
      <button
        type="button"
        aria-label="State before"
        disabled={!record || at === 0}
        onClick={() => turnTo(at - 1)}
      >
        ◂
      </button>
      {canMove && (
        <button type="button" disabled={!record} onClick={toggle}>
          {moves ? 'Pause' : isLast ? 'Once more' : 'Go on'}
        </button>
      )}
      <button
        type="button"
        aria-label="State after"
        disabled={!record || isLast}
        onClick={() => turnTo(at + 1)}
      >
        ▸
      </button>
      <button type="button" className="primary" disabled={isComing} onClick={() => void tellNext()}>
        Next step
      </button>
      <span className="slow-keys">
        <kbd>←</kbd> <kbd>→</kbd> {canMove && <kbd>space</kbd>} <kbd>Esc</kbd>
      </span>
    </div>
  );
}
