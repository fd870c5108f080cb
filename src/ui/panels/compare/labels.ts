/** Words and numbers of the panel. */
import type { JobState } from '../../../app/comparison-time.ts';
import { PARAMS } from '../../../schema/params.ts';
import type { Config, ParamId } from '../../../schema/params.ts';
import { formatParam } from '../../format.ts';

/** As the statistics of experiments are written everywhere. */
export function fixed(value: number): string {
  const text = value.toFixed(3);
  return Number(text) === 0 ? '0.000' : text.replace('-', '−');
}

export function signed(value: number): string {
  const text = fixed(value);
  return text.startsWith('−') || text === '0.000' ? text : `+${text}`;
}

/** What a run is at, in its cell. */
export function cellText(state: JobState): string {
  switch (state.kind) {
    case 'waiting':
      return 'waits';
    case 'running':
      return state.done < 1 ? `${Math.floor(100 * state.done)}%` : 'judged';
    case 'finished':
      return fixed(state.quality);
    case 'failed':
      return 'failed';
    default:
      return state satisfies never;
  }
}

/** "about 40 s": no more digits than are known. */
export function timeToGo(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(5, 5 * Math.round(seconds / 5))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min` : `about ${(minutes / 60).toFixed(1)} h`;
}

/** Where runs are computed belongs to the instrument, not to what is compared. */
const UNTOLD: readonly ParamId[] = ['backend', 'replicas'];

/** "task Locks, small; learning rate 0.0004". */
export function parametersText(values: Partial<Config>): string {
  const ids = (Object.keys(values) as ParamId[]).filter((id) => !UNTOLD.includes(id));
  const told = ids.map((id) => `${PARAMS[id].label} ${formatParam(id, values[id]!)}`);
  if (ids.length === 0) return 'all default';
  return ids.length > 1 ? told.join('; ') : `${told.join('')}, the rest default`;
}
