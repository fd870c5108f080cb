import { useSession } from '../../../app/hooks.ts';

const STARTING = { message: 'Starting the worker', done: 0, total: 0 };

/** What a session in the making, or a long step, waits for; lies in the bar, so that the page does not move when it ends. */
export function Loading() {
  const first = useSession((state) => state.phase === 'loading');
  const loading = useSession((state) => state.loading) ?? (first ? STARTING : null);
  if (loading === null) return null;
  const { message, done, total } = loading;
  const known = total > 0;
  return (
    <div className="loading">
      <span>
        {message} {known && <span className="unit">{Math.round((100 * done) / total)} %</span>}
      </span>
      <progress aria-label={message} {...(known ? { value: done, max: total } : {})} />
    </div>
  );
}
