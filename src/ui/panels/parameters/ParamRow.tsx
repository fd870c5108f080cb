import { useId, useState } from 'react';
import { checkConfig, DEFAULT_CONFIG, expectation, PARAMS } from '../../../schema/params.ts';
import type { Param, ParamId, ParamIssue } from '../../../schema/params.ts';
import {
  useActions,
  useConfig,
  useParameterDrawer,
  useParameterDrawerActions,
} from '../../../app/hooks.ts';
import { Icon } from '../../controls/Icon.tsx';
import { ParamControl } from '../../controls/ParamControl.tsx';
import { Symbol } from '../../controls/Symbol.tsx';
import { formatParam } from '../../format.ts';

/** One parameter: its name, its control, its default, and on request what it does. */
export function ParamRow({ id }: { readonly id: ParamId }) {
  const domId = useId();
  const param: Param = PARAMS[id];
  const value = useConfig(({ current }) => current[id]);
  const pending = useConfig(
    ({ current, applied }) => applied !== null && applied[id] !== current[id],
  );
  const issue = useIssue(id);
  const { setParam } = useActions();
  const issueId = `${domId}-issue`;
  return (
    <div className="param" data-param={id}>
      <ParamHead id={id} controlId={domId} helpId={`${domId}-help`} />
      <ParamControl
        id={domId}
        param={param}
        value={value}
        invalid={issue !== undefined}
        describedBy={issue ? issueId : undefined}
        setValue={(entered) => setParam(id, entered)}
      />
      {issue && (
        <p className="param-issue" id={issueId} role="alert">
          {issue.value} is not {issue.expected}.
        </p>
      )}
      {pending && !param.live && <p className="param-pending">↻ waits for a fresh run</p>}
    </div>
  );
}

/** What is wrong with a parameter: its own entry first, then how it fits the others. */
function useIssue(id: ParamId): ParamIssue | undefined {
  const refused = useConfig((state) => state.refused[id]);
  const current = useConfig((state) => state.current);
  return refused ?? checkConfig(current).find(({ field }) => field === id);
}

interface ParamHeadProps {
  readonly id: ParamId;
  readonly controlId: string;
  readonly helpId: string;
}

function ParamHead({ id, controlId, helpId }: ParamHeadProps) {
  const [open, setOpen] = useState(false);
  const param: Param = PARAMS[id];
  const grouped = param.kind === 'choice' && Object.keys(param.options).length <= 3;
  return (
    <>
      <div className="param-head">
        {grouped ? (
          <span className="param-name">{param.label}</span>
        ) : (
          <label htmlFor={controlId}>{param.label}</label>
        )}
        {/* The symbol explains itself; where there is none, a question mark does. */}
        <button
          type="button"
          className="help-button"
          aria-label={`About ${param.label}`}
          aria-expanded={open}
          aria-controls={helpId}
          onClick={() => setOpen(!open)}
        >
          {param.symbol ? <Symbol of={param.symbol} /> : '?'}
        </button>
        {param.unit && <span className="unit">{param.unit}</span>}
        <LiveMark live={param.live} />
        <Default id={id} />
        <Favourite id={id} />
      </div>
      <p className="param-help" id={helpId} hidden={!open}>
        {param.help} Takes {expectation(param)}; default {formatParam(id, DEFAULT_CONFIG[id])}.
        {param.source && <span className="param-source"> {param.source}.</span>}
      </p>
    </>
  );
}

function LiveMark({ live }: { readonly live: boolean }) {
  const words = live ? 'Live: takes effect with the next step' : 'Takes effect with a fresh run';
  return (
    <span className={live ? 'live-mark is-live' : 'live-mark'} title={words}>
      <span aria-hidden="true">{live ? '●' : '↻'}</span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

/** Says the default, and is the way back to it where there is one. */
function Default({ id }: { readonly id: ParamId }) {
  const changed = useConfig(({ current }) => current[id] !== DEFAULT_CONFIG[id]);
  const { resetParam } = useActions();
  const value = formatParam(id, DEFAULT_CONFIG[id]);
  if (!changed) {
    return (
      <span className="param-default" title={value}>
        default {value}
      </span>
    );
  }
  return (
    <button
      type="button"
      className="quiet param-default"
      aria-label={`${PARAMS[id].label}: back to the default, ${value}`}
      title={`Changed. Back to the default, ${value}`}
      onClick={() => resetParam(id)}
    >
      <Icon name="undo" /> <span>default {value}</span>
    </button>
  );
}

function Favourite({ id }: { readonly id: ParamId }) {
  const isFavourite = useParameterDrawer(({ favourites }) => favourites.includes(id));
  const { setFavourite } = useParameterDrawerActions();
  return (
    <button
      type="button"
      className="favourite-button"
      aria-label={`${PARAMS[id].label} among the favourites`}
      aria-pressed={isFavourite}
      title={isFavourite ? 'No favourite any more' : 'Keep it on top, as a favourite'}
      onClick={() => setFavourite(id, !isFavourite)}
    >
      <Icon name="star" />
    </button>
  );
}
