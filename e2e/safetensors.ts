/** A reader of safetensors written from the format's description alone, independent of the app's. */

export interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** @throws Error if the bytes are not a well-formed file without gaps. */
export function readSafetensors(bytes: Uint8Array): Map<string, Tensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const header = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)),
  ) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  const tensors = new Map<string, Tensor>();
  const data = 8 + headerLength;
  let covered = 0;
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  entries.sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [begin, end],
    },
  ] of entries) {
    if (begin !== covered) throw new Error(`${name} begins at ${begin}, expected ${covered}`);
    const count = shape.reduce((product, n) => product * n, 1);
    if (dtype !== 'F32' || end - begin !== 4 * count) throw new Error(`${name} has the wrong size`);
    const values = Float32Array.from({ length: count }, (_, i) =>
      view.getFloat32(data + begin + 4 * i, true),
    );
    tensors.set(name, { dtype, shape, values });
    covered = end;
  }
  if (data + covered !== bytes.length) throw new Error('bytes are left over at the end');
  return tensors;
}
