/**
 * What a domain says of itself in plain data: the options of `PARAMS.task`, the weights of the mixture,
 * the scenarios, the shipped base policies and the playground's form derive from a list of these. A
 * manifest is on every page and in every worker before anything of its domain is, so it imports nothing
 * that computes.
 */

/** One size of a domain: a task that a run can be of. */
export interface Variant<Size extends string = string> {
  /** A value of the task parameter: addresses and files hold it. */
  readonly id: string;
  readonly label: string;
  /** What there is to do, in one sentence. */
  readonly summary: string;
  /** Sizes of the model for which a base policy made for this variant ships, named `id-size`. */
  readonly checkpoints?: readonly Size[];
}

export interface MixtureWeight<Size extends string = string> {
  /** The parameter that holds the weight: addresses and files hold it. */
  readonly param: string;
  /** Completes "Weight of …". */
  readonly of: string;
  /** Completes "one of …": what its base tasks are. */
  readonly tasks: string;
  /** Sizes of the model whose shipped base policy of all domains was warm-started on this one too. */
  readonly checkpoints?: readonly Size[];
}

export interface ScenarioText {
  readonly label: string;
  /** What to watch for, in one sentence. */
  readonly watch: string;
}

/** A file that the playground takes an instance from. */
export interface InstanceFile {
  /** As in "Choose a …". */
  readonly name: string;
  /** As the `accept` of a file input. */
  readonly accept: string;
  /** Completes "Write it like the example, or …". */
  readonly hint: string;
}

export interface Manifest<Shape extends object = object, Size extends string = string> {
  /** The first stands for the domain: in the mixture and among the scenarios. */
  readonly variants: readonly [Variant<Size> & Shape, ...(Variant<Size> & Shape)[]];
  /** Absent where the domain is no part of the mixture. */
  readonly mixture?: MixtureWeight<Size>;
  /** Absent where no scenario tells of the domain. */
  readonly scenario?: ScenarioText;
  /** What its feedback marks as right or wrong; absent where nothing is said of an attempt but its quality. */
  readonly part?: string;
  /** Absent where instances are typed only. */
  readonly file?: InstanceFile;
}

/** By the domain, whose folder has this name. */
export type Manifests<Size extends string = string> = Readonly<
  Record<string, Manifest<object, Size>>
>;

/** The task that draws from all domains that have a weight. */
export const MIXTURE = {
  id: 'mixture',
  label: 'All domains, mixed',
  scenario: {
    label: 'Mixture',
    watch:
      'All domains at once: starts return most to Countdown and the workspace, where attempts differ most.',
  },
} as const satisfies { id: string; label: string; scenario: ScenarioText };

export type DomainOf<M extends Manifests> = keyof M & string;
/** Of the domains alone. */
export type VariantIdOf<M extends Manifests> = M[keyof M]['variants'][number]['id'];
/** Of the domains and the mixture. */
export type TaskIdOf<M extends Manifests> = VariantIdOf<M> | typeof MIXTURE.id;
export type WeightIdOf<M extends Manifests> = Extract<
  M[keyof M],
  { readonly mixture: MixtureWeight }
>['mixture']['param'];
/** Domains that a scenario tells of. */
export type ToldDomainOf<M extends Manifests> = {
  [D in DomainOf<M>]: M[D] extends { readonly scenario: ScenarioText } ? D : never;
}[DomainOf<M>];

/** A table whose keys were read from manifests, typed by those manifests. */
export function tableOf<K extends string, V>(
  entries: readonly (readonly [string, V])[],
): Readonly<Record<K, V>> {
  return Object.fromEntries(entries) as Record<K, V>;
}

/** One entry per variant, in the order of the list. */
export function byVariant<M extends Manifests, V>(
  manifests: M,
  valueOf: (variant: Variant, domain: DomainOf<M>) => V,
): Readonly<Record<VariantIdOf<M>, V>> {
  const entries = Object.entries(manifests).flatMap(([domain, { variants }]) =>
    variants.map((variant) => [variant.id, valueOf(variant, domain)] as const),
  );
  return tableOf(entries);
}

/** Task → what a person reads; the mixture last. */
export function taskLabels<M extends Manifests>(
  manifests: M,
): Readonly<Record<TaskIdOf<M>, string>> {
  return { ...byVariant(manifests, ({ label }) => label), [MIXTURE.id]: MIXTURE.label };
}

export interface MixedDomain<M extends Manifests> {
  readonly domain: DomainOf<M>;
  /** What is mixed of it. */
  readonly variant: VariantIdOf<M>;
  readonly weight: MixtureWeight & { readonly param: WeightIdOf<M> };
}

/** The domains that have a weight, in the order of the list. */
export function mixedDomains<M extends Manifests>(manifests: M): readonly MixedDomain<M>[] {
  return Object.entries(manifests).flatMap(([domain, { variants, mixture }]) =>
    mixture ? [{ domain, variant: variants[0].id, weight: mixture }] : [],
  );
}
