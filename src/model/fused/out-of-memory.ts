/** What a device says that has no more memory to give, in words that help. */

export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';

  /** @param used bytes in use; absent where the device does not tell. */
  constructor(asked: number, used: number | undefined, cause: unknown) {
    const beside = used === undefined ? '' : ` beside the ${inMegabytes(used)} in use`;
    super(
      `out of memory: ${inMegabytes(asked)} could not be had${beside}; ` +
        'lower batchGroups, groupSize, hiddenSize or numLayers, or close other tabs',
      { cause },
    );
  }
}

function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
}
