/** Slow and independent of the domain's own code: what tests hold it to. */

/** Whether an attempt is right, from its text: numbers are counted, and steps checked by multiplying out. */
export function isRight(numbers: readonly number[], target: number, text: string): boolean {
  if (!/^\d+ [-+*/] \d+ = \d+( ; \d+ [-+*/] \d+ = \d+)*$/.test(text)) return false;
  const there = new Map<number, number>();
  const add = (value: number, count: number): number => {
    there.set(value, (there.get(value) ?? 0) + count);
    return there.get(value)!;
  };
  for (const value of numbers) add(value, 1);
  let last = -1;
  for (const line of text.split(' ; ')) {
    const [left, operator, right, , result] = line.split(' ');
    const [a, b, c] = [Number(left), Number(right), Number(result)];
    if (add(a, -1) < 0 || add(b, -1) < 0) return false;
    const holds = {
      '+': a + b === c,
      '-': c + b === a,
      '*': a * b === c,
      '/': b !== 0 && c * b === a,
    }[operator as '+' | '-' | '*' | '/'];
    if (!holds) return false;
    add(c, 1);
    last = c;
  }
  return last === target;
}

interface Item {
  readonly value: number;
  readonly text: string;
}

/** Every expression of the target, operands that commute sorted; by trying all pairs again and again. */
export function allSolutions(
  numbers: readonly number[],
  target: number,
  largest: number,
): Set<string> {
  const found = new Set<string>();
  const search = (items: readonly Item[]): void => {
    for (const a of items) {
      for (const b of items) {
        if (a === b) continue;
        const rest = items.filter((item) => item !== a && item !== b);
        for (const made of combinations(a, b)) {
          if (made.value > largest) continue;
          if (made.value === target) found.add(made.text);
          search([...rest, { ...made, text: `(${made.text})` }]);
        }
      }
    }
  };
  search(numbers.map((value) => ({ value, text: `${value}` })));
  return found;
}

function combinations(a: Item, b: Item): Item[] {
  const sorted = [a.text, b.text].sort();
  const made = [
    { value: a.value + b.value, text: sorted.join(' + ') },
    { value: a.value * b.value, text: sorted.join(' * ') },
    { value: a.value - b.value, text: `${a.text} - ${b.text}` },
    { value: a.value / b.value, text: `${a.text} / ${b.text}` },
  ];
  return made.filter(({ value }) => Number.isInteger(value) && value >= 0);
}
