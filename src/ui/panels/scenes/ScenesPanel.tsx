import { memo, useMemo, useRef, type ReactNode } from 'react';
import { useFocus, useFocusActions, useRun, useRunConfig, useRunInfo } from '../../../app/hooks.ts';
import { GroupFigure } from '../../attempts/GroupFigure.tsx';
import { groupTable } from '../../attempts/groupTable.ts';
import { mostInformative } from '../../attempts/groups.ts';
import { GroupStrip } from '../../attempts/GroupStrip.tsx';
import { useStepRecord } from '../../attempts/useStepRecord.ts';
import { useMediaQuery } from '../../useMediaQuery.ts';
import { useVisible } from '../../useVisible.ts';
import { SCENES, type SceneId } from './drive.ts';
import { SCENE_TEXTS, SCENE_TITLES, type Told } from './texts.tsx';
import { useSceneInView } from './useScenes.ts';
import './scenes.css';

const PAPER = 'https://arxiv.org/abs/2509.04575';

export interface ScenesPanelProps {
  /** Where starts lay, step by step. */
  readonly map: ReactNode;
  /** Held-out tasks over training. */
  readonly curve: ReactNode;
}

/** The method in six scenes: each tells of the run that is shown, and of one group of its step in view. */
export function ScenesPanel(pictures: ScenesPanelProps) {
  const frame = useRef<HTMLElement>(null);
  // Not a pixel earlier: who sweeps over the picture above must not wait for what is out of sight.
  const onScreen = useVisible(frame, { initially: true });
  const { scene, shown } = useSceneInView(frame);
  const isWide = useMediaQuery('(min-width: 1000px)');
  const told = useTold(onScreen);
  return (
    <section className="scenes" aria-labelledby="scenes-title" ref={frame}>
      <div className="scenes-head">
        <h2 id="scenes-title">How it learns, in six scenes</h2>
        <p>
          Every number and picture is of the run on screen{told && `, at step ${told.record.step}`}.
          The clock beside Play tells one step slowly. The method is of{' '}
          <a href={PAPER} target="_blank" rel="noreferrer">
            this paper<span className="visually-hidden"> (opens in a new tab)</span>
          </a>
          .
        </p>
      </div>
      <div className="scenes-both">
        <ol className="scenes-texts">
          {SCENES.map((id, i) => (
            <li key={id} data-scene={id} aria-current={id === scene ? 'step' : undefined}>
              <h3>
                <span aria-hidden="true">{i + 1}</span> {SCENE_TITLES[id]}
              </h3>
              <Text id={id} told={told} />
              {!isWide && (
                <Near>
                  <Picture {...{ id, told, ...pictures }} />
                </Near>
              )}
            </li>
          ))}
        </ol>
        {isWide && (
          <div className="scenes-picture" data-shows={shown}>
            <Walk shown={scene} frame={frame} />
            <div
              className="scenes-drawn"
              role="region"
              aria-label={`Picture: ${SCENE_TITLES[shown]}`}
              // A scrolling region must be reachable by keyboard.
              // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
            >
              <Picture {...{ id: shown, told, ...pictures }} />
            </div>
          </div>
        )}
      </div>
    </section>
  );
}

/** The step in view, and its group: the one that is looked at, else that whose returns differ most. */
function useTold(onScreen: boolean): Told | null {
  const { record } = useStepRecord(onScreen);
  const looked = useFocus(({ group }) => group);
  const config = useRunConfig();
  const info = useRunInfo();
  return useMemo(() => {
    if (!record || record.groups.length === 0 || !config || !info) return null;
    const isChosen = looked !== null && looked < record.groups.length;
    const index = isChosen ? looked : mostInformative(record.groups);
    const group = record.groups[index]!;
    return { record, index, isChosen, group, table: groupTable(group), config, info };
  }, [record, looked, config, info]);
}

interface SceneProps {
  readonly id: SceneId;
  readonly told: Told | null;
}

// The panel hears of every step; what is said and drawn changes with what is told only.
const Text = memo(function Text({ id, told }: SceneProps) {
  const Scene = SCENE_TEXTS[id];
  return <Scene told={told} />;
});

const Picture = memo(function Picture({ id, told, map, curve }: SceneProps & ScenesPanelProps) {
  if (id === 'starts') return map;
  if (id === 'outcome') return curve;
  if (!told) return <Nothing />;
  const { group, table } = told;
  switch (id) {
    case 'task':
      return <GroupFigure group={group} stage="written" only={table.best} withoutStart />;
    case 'attempt':
      return <GroupFigure group={group} stage="marked" only={table.best} />;
    case 'group':
      return <GroupFigure group={group} stage="moved" />;
    case 'worth':
      return <Worth told={told} />;
    default:
      return id satisfies never;
  }
});

function Worth({ told: { record, index, group } }: { readonly told: Told }) {
  const { pin } = useFocusActions();
  return (
    <>
      <GroupStrip
        groups={record.groups}
        chosen={index}
        order="learnability"
        choose={(one) => pin(record.step, one)}
      />
      <GroupFigure group={group} stage="moved" />
    </>
  );
}

function Nothing() {
  const hasSteps = useRun(({ history }) => history.length > 0);
  return (
    <p className="scenes-nothing">
      {hasSteps
        ? 'The groups of this step are not kept: those of the next step appear here.'
        : 'Press play: the groups of the run appear here.'}
    </p>
  );
}

/** On a phone pictures stand between the texts: only those that are near are drawn, in a place that is kept. */
function Near({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useVisible(place, { margin: '300px' });
  return (
    <div className="scenes-near" ref={place}>
      {isNear && children}
    </div>
  );
}

/** As a share of the window, of which bars take the rest. */
const LONG = 0.8;

interface WalkProps {
  readonly shown: SceneId | null;
  readonly frame: React.RefObject<HTMLElement | null>;
}

/** Leads to each scene, for who does not scroll. */
function Walk({ shown, frame }: WalkProps) {
  const go = (id: SceneId): void => {
    const scene = frame.current?.querySelector(`[data-scene=${id}]`);
    if (!scene) return;
    // One that is longer than the window is read from its beginning.
    const isLong = scene.clientHeight > LONG * window.innerHeight;
    scene.scrollIntoView({ block: isLong ? 'start' : 'center' });
  };
  return (
    <div className="scenes-walk" role="group" aria-label="Scenes">
      {SCENES.map((id, i) => (
        <button
          key={id}
          type="button"
          className="quiet"
          aria-label={`${i + 1}, ${SCENE_TITLES[id]}`}
          aria-current={id === shown ? 'step' : undefined}
          title={SCENE_TITLES[id]}
          onClick={() => go(id)}
        >
          {i + 1}
        </button>
      ))}
    </div>
  );
}
