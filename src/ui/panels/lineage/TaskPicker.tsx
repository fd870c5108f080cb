import { useId, useState, type KeyboardEvent } from 'react';
import type { TaskSummary } from '../../../runs/index/queries.ts';
import { matchingTasks, taskSummary, taskName } from './labels.ts';

export interface TaskPickerProps {
  readonly tasks: readonly TaskSummary[];
  readonly shown: TaskSummary | null;
  readonly choose: (taskId: number) => void;
}

/** As many as a list bears; typing narrows it down. */
const MOST_OPTIONS = 60;

/** A combobox: type to find a task by its own words, or go down the list. */
export function TaskPicker(props: TaskPickerProps) {
  const { shown } = props;
  const id = useId();
  const { typed, found, active, open, close, take, type, onKeyDown } = useCombobox(props, id);
  const isOpen = typed !== null;
  return (
    <div className="lineage-picker">
      <label htmlFor={id}>Base task</label>
      <input
        id={id}
        type="text"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && found.length > 0 ? `${id}-${active}` : undefined}
        placeholder={shown ? taskName(shown) : 'none yet'}
        value={typed ?? (shown ? taskName(shown) : '')}
        onClick={open}
        onBlur={close}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {isOpen && (
        <ul id={`${id}-list`} role="listbox" aria-label="Base tasks" className="lineage-tasks">
          {found.map((task, i) => (
            <Option
              key={task.taskId}
              id={`${id}-${i}`}
              task={task}
              isActive={i === active}
              take={() => take(task)}
            />
          ))}
          {found.length === 0 && (
            <li className="lineage-none" role="option" aria-selected={false} aria-disabled>
              {props.tasks.length === 0 ? 'No task has histories yet' : 'No task with these words'}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

/** What is typed (null while the list is closed), what it finds, and what keys do. */
function useCombobox({ tasks, choose }: TaskPickerProps, id: string) {
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const found = matchingTasks(tasks, typed ?? '').slice(0, MOST_OPTIONS);
  const close = (): void => setTyped(null);
  const type = (text: string): void => {
    setTyped(text);
    setActive(0);
  };
  const open = (): void => {
    if (typed === null) type('');
  };
  const take = (task: TaskSummary | undefined): void => {
    if (task) choose(task.taskId);
    close();
  };
  const show = (index: number): void => {
    const within = Math.min(Math.max(0, index), found.length - 1);
    setActive(within);
    document.getElementById(`${id}-${within}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (typed === null) {
      if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
      open();
    } else if (event.key === 'ArrowDown') show(active + 1);
    else if (event.key === 'ArrowUp') show(active - 1);
    else if (event.key === 'Enter') take(found[active]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { typed, found, active, open, close, take, type, onKeyDown };
}

interface OptionProps {
  readonly id: string;
  readonly task: TaskSummary;
  readonly isActive: boolean;
  readonly take: () => void;
}

function Option({ id, task, isActive, take }: OptionProps) {
  return (
    // Keys are the input's, as the pattern of a combobox has it.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <li
      id={id}
      role="option"
      aria-selected={isActive}
      tabIndex={-1}
      // Before the input loses the focus and the list goes.
      onPointerDown={(event) => event.preventDefault()}
      onClick={take}
    >
      <span className="lineage-task-name">{taskName(task)}</span>
      <span className="lineage-task-figures">{taskSummary(task)}</span>
    </li>
  );
}
