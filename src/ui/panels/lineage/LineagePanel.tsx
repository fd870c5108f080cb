import { useMemo, useRef, useState } from 'react';
import { useFocus, useFocusActions } from '../../../app/hooks.ts';
import type { Lineage, TaskSummary } from '../../../runs/index/queries.ts';
import { useVisible } from '../../useVisible.ts';
import { Segmented } from '../../controls/Segmented.tsx';
import { HistoryCard } from './HistoryCard.tsx';
import { LineageLegend } from './LineageLegend.tsx';
import { sceneOf, type Scene } from './scene.ts';
import { TaskPicker } from './TaskPicker.tsx';
import { buildTree, indexOfId, turnsOf } from './tree.ts';
import { TreeCanvas, ZOOM_STEP, type TreeHandle } from './TreeCanvas.tsx';
import { TreeDataTable } from './TreeTable.tsx';
import { turnInView, useLineage, useTasks } from './useLineage.ts';
import { count, historyLabel } from './labels.ts';
import './lineage.css';

/** One base task and all that came of it: every history under the one that it continued. */
export function LineagePanel() {
  const ref = useRef<HTMLElement>(null);
  const isVisible = useVisible(ref);
  const { tasks, taskId } = useTasks(isVisible);
  const known = useLineage(taskId, isVisible);
  const isChosen = useFocus((focus) => focus.taskId !== null);
  const { chooseTask } = useFocusActions();
  const lineage = known && known.id.length > 0 ? known : null;
  const shown = tasks.find((task) => task.taskId === taskId) ?? (lineage && summaryOf(lineage));
  return (
    <section className="lineage" aria-labelledby="lineage-title" ref={ref}>
      <div className="lineage-head">
        <h2 id="lineage-title">Lineage</h2>
        <p className="lineage-about">
          One base task and every history that came of it, each one step deeper than the attempt it
          started from.
        </p>
      </div>
      <div className="lineage-bar">
        <TaskPicker tasks={tasks} shown={shown} choose={(id) => chooseTask(id)} />
        {isChosen && (
          <button type="button" className="quiet" onClick={() => chooseTask(null)}>
            Follow the largest
          </button>
        )}
      </div>
      {lineage ? (
        <Lineages lineage={lineage} />
      ) : (
        <p className="lineage-empty">
          {tasks.length > 0
            ? 'Reading its histories …'
            : 'Press play: as soon as an attempt is kept to be started from again, its tree begins here.'}
        </p>
      )}
    </section>
  );
}

/** For a task that is not among those with the most histories. */
function summaryOf({ taskId, instance, depth, quality, step, id }: Lineage): TaskSummary {
  return {
    ...{ taskId, instance, text: null, histories: id.length },
    deepest: depth.reduce((a, b) => Math.max(a, b), 0),
    best: quality.reduce((a, b) => Math.max(a, b), 0),
    lastStep: step.at(-1) ?? 0,
  };
}

function Lineages({ lineage }: { readonly lineage: Lineage }) {
  const [chosenTurn, setChosenTurn] = useState<number | null>(null);
  const historyId = useFocus((focus) => focus.historyId);
  const at = useFocus((focus) => focus.pinned);
  const { chooseTask, chooseHistory } = useFocusActions();
  const turns = useMemo(() => turnsOf(lineage), [lineage]);
  const turn = turnInView(lineage, chosenTurn ?? turns[0] ?? 0, historyId);
  const tree = useMemo(() => buildTree(lineage, turn), [lineage, turn]);
  const scene = useMemo(() => sceneOf(tree, at), [tree, at]);
  const found = historyId === null ? -1 : indexOfId(lineage, historyId);
  const selected = found < 0 ? null : found;
  const select = (index: number | null): void => {
    // What is looked at must not be replaced by a larger tree.
    if (index === null) chooseHistory(null);
    else chooseTask(lineage.taskId, lineage.id[index]);
  };
  return (
    <>
      {turns.length > 1 && (
        <Segmented
          label="Turn of the conversation"
          options={turns.map((one) => ({ value: String(one), label: `Turn ${one + 1}` }))}
          value={String(turn)}
          choose={(value) => {
            chooseHistory(null);
            setChosenTurn(Number(value));
          }}
        />
      )}
      <div className="lineage-body">
        <Stage scene={scene} selected={selected} select={select} />
        {selected === null ? (
          <p className="lineage-card lineage-note">
            Select a history to see what it changed in its parent.
          </p>
        ) : (
          <HistoryCard scene={scene} selected={selected} />
        )}
      </div>
      <TreeDataTable scene={scene} selected={selected} select={select} />
    </>
  );
}

interface StageProps {
  readonly scene: Scene;
  readonly selected: number | null;
  readonly select: (index: number | null) => void;
}

function Stage({ scene, selected, select }: StageProps) {
  const handle = useRef<TreeHandle>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const { size, columns, lineage } = scene.tree;
  const captioned = hovered !== null && hovered < lineage.id.length ? hovered : selected;
  const summary = `${count(size, 'history', 'histories')}, ${columns.length - 1} deep`;
  return (
    <div className="lineage-stage">
      <TreeCanvas
        ref={handle}
        label={`Tree of ${summary}`}
        {...{ scene, selected, select }}
        hover={setHovered}
      />
      <div className="lineage-zoom" role="group" aria-label="View of the tree">
        <button type="button" aria-label="Zoom in" onClick={() => handle.current?.zoom(ZOOM_STEP)}>
          +
        </button>
        <button
          type="button"
          aria-label="Zoom out"
          onClick={() => handle.current?.zoom(1 / ZOOM_STEP)}
        >
          −
        </button>
        <button type="button" onClick={() => handle.current?.fit()}>
          Fit
        </button>
      </div>
      <p className="lineage-caption">
        {captioned === null ? summary : historyLabel(scene, captioned)}
      </p>
      <LineageLegend />
    </div>
  );
}
