/**
 * Values that differ as JSON, in the order in which they were first drawn; to want more of them never
 * changes the first ones.
 * @param mostDraws after which what is drawn from is taken to have no more.
 */
export function distinct<T>(count: number, mostDraws: number, draw: () => T): T[] {
  const found = new Map<string, T>();
  for (let draws = 0; found.size < count && draws < mostDraws; draws++) {
    const value = draw();
    found.set(JSON.stringify(value), value);
  }
  return [...found.values()];
}
