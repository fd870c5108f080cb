import { PARAMS } from '../../../schema/params.ts';
import { useUndo, useUndoActions } from '../../../app/hooks.ts';
import type { Change } from '../../../app/undo.ts';
import { Icon } from '../../controls/Icon.tsx';
import { formatParam } from '../../format.ts';

/** Changes of parameters, taken back and brought again; each button says which. */
export function UndoRedo() {
  const last = useUndo(({ past }) => past.at(-1));
  const next = useUndo(({ future }) => future[0]);
  const { undo, redo } = useUndoActions();
  return (
    <div role="group" aria-label="Changes of parameters" className="undo-redo">
      <ChangeButton
        name="Undo"
        icon="undo"
        what={last && describeChange(last, 'back')}
        act={undo}
      />
      <ChangeButton
        name="Redo"
        icon="redo"
        what={next && describeChange(next, 'forth')}
        act={redo}
      />
    </div>
  );
}

interface ChangeButtonProps {
  readonly name: string;
  readonly icon: 'undo' | 'redo';
  readonly what: string | undefined;
  readonly act: () => void;
}

/** Never disabled: a button that goes dead under the key that presses it takes the focus with it. */
function ChangeButton({ name, icon, what, act }: ChangeButtonProps) {
  const label = what ? `${name}: ${what}` : `Nothing to ${name.toLowerCase()}`;
  return (
    <button
      type="button"
      className="quiet icon-only"
      aria-label={label}
      title={label}
      aria-disabled={!what}
      onClick={act}
    >
      <Icon name={icon} />
    </button>
  );
}

/** What the parameter goes from and to by taking the change `back`, or bringing it `forth`. */
export function describeChange({ ids, before, after }: Change, way: 'back' | 'forth'): string {
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0) return `${ids.length} parameters`;
  const [from, to] = way === 'back' ? [after, before] : [before, after];
  return `${PARAMS[id].label} ${formatParam(id, from[id])} → ${formatParam(id, to[id])}`;
}
