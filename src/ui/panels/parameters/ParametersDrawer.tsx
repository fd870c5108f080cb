import { useDeferredValue, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import { changedParams, DEFAULT_CONFIG } from '../../../schema/params.ts';
import type { ParamId } from '../../../schema/params.ts';
import {
  useActions,
  useConfig,
  useModels,
  useParameterDrawer,
  useParameterDrawerActions,
} from '../../../app/hooks.ts';
import { Icon } from '../../controls/Icon.tsx';
import { InTurn } from '../../controls/InTurn.tsx';
import { sectionsOf } from './choice.ts';
import type { DrawerFilter, Section } from './choice.ts';
import { ModelPicker } from './ModelPicker.tsx';
import { ParamRow } from './ParamRow.tsx';
import { PendingBar } from './PendingBar.tsx';
import { SizePresets, StrategyPresets } from './Presets.tsx';
import './parameters.css';

/** Everything that can be turned, beside the page; and, below the page, what waits for a fresh run. */
export function ParametersDrawer() {
  const isOpen = useParameterDrawer((state) => state.isOpen);
  return (
    <>
      {isOpen && <Drawer />}
      <PendingBar />
    </>
  );
}

/** Opens the drawer, and closes it again. */
export function ParametersButton() {
  const isOpen = useParameterDrawer((state) => state.isOpen);
  const { toggle } = useParameterDrawerActions();
  return (
    <button
      type="button"
      className="quiet"
      title="Everything that can be turned (p)"
      aria-expanded={isOpen}
      onClick={toggle}
    >
      <Icon name="parameters" />
      <span className="button-text">Parameters</span>
    </button>
  );
}

/** Not modal: what is turned is to be seen at work. */
function Drawer() {
  const titleId = useId();
  const drawer = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const { show } = useParameterDrawerActions();
  const [filter, setFilter] = useState<DrawerFilter>({ text: '', changedOnly: false });
  useFocusInside(drawer, title);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    show(false);
  };
  return (
    <dialog
      open
      ref={drawer}
      className="param-drawer"
      aria-labelledby={titleId}
      onKeyDown={onKeyDown}
    >
      <div className="param-drawer-head">
        <h2 id={titleId} ref={title} tabIndex={-1}>
          Parameters
        </h2>
        <button
          type="button"
          className="quiet icon-only"
          aria-label="Close the parameters"
          onClick={() => show(false)}
        >
          <Icon name="close" />
        </button>
        <Filter filter={filter} setFilter={setFilter} />
      </div>
      <div className="param-drawer-body">
        <Sections filter={filter} />
        <Legend />
      </div>
    </dialog>
  );
}

/** The focus goes to the heading, and back to where it was when it is still inside at the end. */
function useFocusInside(
  drawer: RefObject<HTMLDialogElement | null>,
  title: RefObject<HTMLHeadingElement | null>,
): void {
  useLayoutEffect(() => {
    const [inside, before] = [drawer.current, document.activeElement];
    title.current?.focus({ preventScroll: true });
    return () => {
      if (!inside?.contains(document.activeElement)) return;
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [drawer, title]);
}

interface FilterProps {
  readonly filter: DrawerFilter;
  readonly setFilter: (filter: DrawerFilter) => void;
}

function Filter({ filter, setFilter }: FilterProps) {
  const changed = useConfig(({ current }) => changedParams(current, DEFAULT_CONFIG).length);
  return (
    <search className="param-filter">
      <input
        type="search"
        className="number-field"
        aria-label="Find a parameter"
        placeholder="Find by name or by what it does"
        value={filter.text}
        onChange={(event) => setFilter({ ...filter, text: event.currentTarget.value })}
      />
      <label>
        <input
          type="checkbox"
          role="switch"
          className="switch"
          checked={filter.changedOnly}
          onChange={(event) => setFilter({ ...filter, changedOnly: event.currentTarget.checked })}
        />
        Changed only ({changed})
      </label>
    </search>
  );
}

function Sections({ filter: entered }: { readonly filter: DrawerFilter }) {
  // Typing goes before the list.
  const filter = useDeferredValue(entered);
  const config = useConfig(({ current }) => current);
  const favourites = useParameterDrawer((state) => state.favourites);
  const sections = sectionsOf(config, favourites, filter);
  const isFiltered = filter.text.trim() !== '' || filter.changedOnly;
  const found = sections.reduce((sum, { ids }) => sum + ids.length, 0);
  return (
    <>
      {!isFiltered && <StrategyPresets />}
      <p role="status" className={isFiltered ? 'param-found' : 'visually-hidden'}>
        {isFiltered && foundText(found)}
      </p>
      <InTurn>
        {sections.map((section) =>
          isFiltered || section.id === 'favourites' || section.id === 'first' ? (
            <OpenSection key={section.id} section={section} />
          ) : (
            <FoldedSection key={section.id} section={section} />
          ),
        )}
      </InTurn>
    </>
  );
}

function foundText(found: number): string {
  if (found === 0) return 'No parameter is like that.';
  return found === 1 ? '1 parameter' : `${found} parameters`;
}

function OpenSection({ section: { title, ids } }: { readonly section: Section }) {
  const titleId = useId();
  return (
    <section className="param-group" aria-labelledby={titleId}>
      <h3 id={titleId}>{title}</h3>
      <Rows ids={ids} />
    </section>
  );
}

function FoldedSection({ section: { id, title, ids } }: { readonly section: Section }) {
  const details = useRef<HTMLDetailsElement>(null);
  const [isOpen, setOpen] = useState(false);
  const isPicked = useModels(({ picked }) => picked !== null) && id === 'model';
  // It may have been picked elsewhere, and is to be looked at here.
  useEffect(() => {
    if (!isPicked || !details.current || details.current.open) return;
    details.current.open = true;
    details.current.scrollIntoView({ block: 'start' });
  }, [isPicked]);
  return (
    <details
      ref={details}
      className="param-group"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <h3>{title}</h3> <ChangedCount ids={ids} />
      </summary>
      {id === 'model' && <SizePresets />}
      {/* It asks the browser which models are kept. */}
      {id === 'model' && isOpen && <ModelPicker />}
      <Rows ids={ids} />
    </details>
  );
}

function Rows({ ids }: { readonly ids: readonly ParamId[] }) {
  return ids.map((id) => <ParamRow key={id} id={id} />);
}

function ChangedCount({ ids }: { readonly ids: readonly ParamId[] }) {
  const count = useConfig(
    ({ current }) => ids.filter((id) => current[id] !== DEFAULT_CONFIG[id]).length,
  );
  return count === 0 ? null : <span className="changed-count">{count} changed</span>;
}

function Legend() {
  const { setParams } = useActions();
  const changed = useConfig(({ current }) => changedParams(current, DEFAULT_CONFIG).length > 0);
  return (
    <div className="param-legend">
      <p>
        <span className="live-mark is-live">●</span> takes effect with the next step and leaves a
        mark on every chart. <span className="live-mark">↻</span> takes effect with a fresh run. The
        address of this page holds the parameters.
      </p>
      {changed && (
        <button type="button" onClick={() => setParams(DEFAULT_CONFIG)}>
          All back to defaults
        </button>
      )}
    </div>
  );
}
