import { useId } from 'react';
import { matchPreset, SIZES, STRATEGIES } from '../../../schema/presets.ts';
import type { Preset, SizeId, StrategyId } from '../../../schema/presets.ts';
import { useActions, useConfig } from '../../../app/hooks.ts';
import { Segmented } from '../../controls/Segmented.tsx';

export function StrategyPresets() {
  return (
    <PresetRow<StrategyId>
      label="Strategy"
      table={STRATEGIES}
      otherwise="A mixture of your own; choose a strategy to set all of its parameters."
    />
  );
}

export function SizePresets() {
  return <PresetRow<SizeId> label="Size" table={SIZES} otherwise="A shape of your own." />;
}

interface PresetRowProps<Id extends string> {
  readonly label: string;
  readonly table: Readonly<Record<Id, Preset>>;
  /** Said where the parameters match no preset. */
  readonly otherwise: string;
}

function PresetRow<Id extends string>({ label, table, otherwise }: PresetRowProps<Id>) {
  const helpId = useId();
  const { setParams } = useActions();
  const chosen = useConfig(({ current }) => matchPreset(table, current)) ?? null;
  const ids = Object.keys(table) as Id[];
  return (
    <div className="presets">
      <h3>{label}</h3>
      <Segmented
        label={label}
        options={ids.map((id) => ({ value: id, label: table[id].label }))}
        value={chosen}
        describedBy={helpId}
        choose={(id) => setParams(table[id].values)}
      />
      <p className="presets-help" id={helpId}>
        {chosen === null ? otherwise : table[chosen].help}
      </p>
    </div>
  );
}
