/** What a run was trained with, also where its method was changed on the way. */
import type { Config, ParamId } from '../schema/params.ts';
import { matchPreset, STRATEGIES } from '../schema/presets.ts';
import type { ParamChange } from '../schema/records.ts';

/** `ExIt`; `ExIt → GRPO at 103` where it became another one before that step. */
export function methodName(config: Config, marks: readonly ParamChange[] = []): string {
  let values = before(config, marks);
  const names = [{ name: nameOf(values), step: 0 }];
  for (const step of new Set(marks.map((mark) => mark.step))) {
    values = { ...values, ...changesOf(marks.filter((mark) => mark.step === step)) };
    const name = nameOf(values);
    // A change before the first step is none: the run has no other method to have had.
    if (step <= 1) names[0] = { name, step: 0 };
    else if (name !== names.at(-1)!.name) names.push({ name, step });
  }
  return names.map(({ name, step }) => (step === 0 ? name : `${name} at ${step}`)).join(' → ');
}

function before(config: Config, marks: readonly ParamChange[]): Config {
  const first = new Map<ParamId, ParamChange['from']>();
  for (const { param, from } of marks) if (!first.has(param)) first.set(param, from);
  return { ...config, ...Object.fromEntries(first) };
}

function changesOf(marks: readonly ParamChange[]): Partial<Config> {
  return Object.fromEntries(marks.map(({ param, to }) => [param, to]));
}

function nameOf(config: Config): string {
  const strategy = matchPreset(STRATEGIES, config);
  return strategy ? STRATEGIES[strategy].label : 'Own mixture';
}
