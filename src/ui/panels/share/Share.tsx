import { useState } from 'react';
import { stepInView } from '../../../app/focus.ts';
import {
  useConfig,
  useFocus,
  useLab,
  useRun,
  useRunConfig,
  useSession,
} from '../../../app/hooks.ts';
import { recordRun } from '../../../app/sharing.ts';
import type { Config } from '../../../schema/params.ts';
import { configToQuery } from '../../../schema/url.ts';
import { PARTS, withView, type Part, type View } from '../../../schema/view.ts';
import { Floating } from '../../controls/Floating.tsx';
import { Icon } from '../../controls/Icon.tsx';
import { download } from '../../download.ts';
import { Copyable } from './Copyable.tsx';
import { embedCode } from './embedCode.ts';
import './share.css';

/** What others are to see: the page or parts of it, with these parameters, or with what came of them. */
export function Share() {
  return (
    <Floating
      className="quiet"
      label="Share"
      face={
        <>
          <Icon name="share" />
          <span className="button-text">Share</span>
        </>
      }
    >
      <span className="share">
        <Choices />
      </span>
    </Floating>
  );
}

const PART_NAMES: Readonly<Record<Part, string>> = {
  task: 'Task',
  curve: 'Curve',
  map: 'Map',
  method: 'Method',
};

interface Lesson {
  readonly parts: readonly Part[];
  readonly large: boolean;
  readonly pinned: boolean;
}

const WHOLE: Lesson = { parts: PARTS, large: false, pinned: false };

function Choices() {
  const { recording } = useLab();
  const [lesson, setLesson] = useState(WHOLE);
  const latest = useRun((run) => run.latest?.step ?? null);
  const step = useFocus(stepInView) ?? latest;
  const chosen = useConfig(({ current }) => current);
  const shownConfig = useRunConfig();
  const isRecorded = useSession(({ source }) => source === 'recording');
  const { parts, large, pinned } = lesson;
  const view: Partial<View> = {
    ...{ large, step: pinned ? step : null },
    show: parts.length === 0 || parts.length === PARTS.length ? null : parts,
  };
  const named = isRecorded ? recording.named() : null;
  const config = named === null ? chosen : (shownConfig ?? chosen);
  return (
    <>
      <LessonChoices {...{ lesson, setLesson, step }} />
      <Copyable
        name="Link"
        text={addressOf(config, { ...view, recording: named })}
        about="Opens this page with the parameters as they are."
      />
      <Copyable
        name="Embed code"
        text={embedCode(addressOf(chosen, { embed: true }))}
        about="Charts and transport only, for a page of yours."
      />
      <Result view={view} />
    </>
  );
}

function addressOf(config: Config, view: Partial<View>): string {
  const search = withView(configToQuery(config), view);
  return typeof location === 'undefined'
    ? `?${search}`
    : `${location.origin}${location.pathname}?${search}`;
}

interface LessonChoicesProps {
  readonly lesson: Lesson;
  readonly setLesson: (lesson: Lesson) => void;
  readonly step: number | null;
}

/** Which parts of the first screen the link opens, how large, and at which step. */
function LessonChoices({ lesson, setLesson, step }: LessonChoicesProps) {
  const { parts, large, pinned } = lesson;
  const toggle = (part: Part, isShown: boolean): void =>
    setLesson({
      ...lesson,
      parts: PARTS.filter((one) => (one === part ? isShown : parts.includes(one))),
    });
  return (
    <fieldset className="share-lesson">
      <legend>Show</legend>
      {PARTS.map((part) => (
        <Check
          key={part}
          label={PART_NAMES[part]}
          checked={parts.includes(part)}
          set={(isShown) => toggle(part, isShown)}
        />
      ))}
      <Check
        label="Large type"
        checked={large}
        set={(next) => setLesson({ ...lesson, large: next })}
      />
      {step !== null && (
        <Check
          label={`At step ${step}`}
          checked={pinned}
          set={(next) => setLesson({ ...lesson, pinned: next })}
        />
      )}
    </fieldset>
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly set: (checked: boolean) => void;
}

function Check({ label, checked, set }: CheckProps) {
  return (
    <label>
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}

/** The run as it stands as a file, and the link to the page that shows it. */
function Result({ view }: { readonly view: Partial<View> }) {
  const lab = useLab();
  const config = useRunConfig();
  const isRecorded = useSession(({ source }) => source === 'recording');
  const hasSteps = useSession(({ step }) => step > 0);
  const [made, setMade] = useState<{ readonly name: string; readonly config: Config } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    try {
      const { path, bytes } = await recordRun(lab);
      download(path, new Blob([bytes]));
      setProblem(null);
      if (config) setMade({ name: path, config });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  if (isRecorded) {
    return <span className="share-note">The replay on the page is opened by the link above.</span>;
  }
  return (
    <span className="share-result">
      <button type="button" disabled={!hasSteps} onClick={() => void make()}>
        Download the result
      </button>
      <span className="share-note" role="status">
        {problem ??
          (made
            ? `Put ${made.name} beside the page’s index.html, then share this link:`
            : hasSteps
              ? 'A file that plays this run, to be put beside the page.'
              : 'From the first training step on, this run can be shared.')}
      </span>
      {made && (
        <Copyable
          name="Link to the result"
          text={addressOf(made.config, { ...view, recording: made.name })}
          about="Plays the run as it is now; nothing has to be trained."
        />
      )}
    </span>
  );
}
