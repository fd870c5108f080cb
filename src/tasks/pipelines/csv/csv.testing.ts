/** Tables as people bring them, for tests. */

/** Rows of `x`, of the column that is tested, and of a target in two classes. */
export function withColumn(
  values: readonly string[],
  { name = 'value', separator = ',' }: { name?: string; separator?: string } = {},
): string {
  const lines = values.map((value, i) =>
    [
      `${(i * 7) % 11}.5`.replace('.', separator === ',' ? '.' : ','),
      value,
      i % 2 ? 'cat' : 'dog',
    ].join(separator),
  );
  return [['x', name, 'kind'].join(separator), ...lines].join('\n');
}

/** Rows of `x` and of the target that is tested. */
export function withTarget(values: readonly string[]): string {
  return ['x,target', ...values.map((value, i) => `${(i * 7) % 11}.5,${value}`)].join('\n');
}

/** As many values as asked for, over and over. */
export function cycle(count: number, ...values: readonly string[]): string[] {
  return Array.from({ length: count }, (_, i) => values[i % values.length]!);
}
