// SPDX-License-Identifier: Apache-2.0
// Numeric arrays of the document: C order, the last index fastest, base64 of little-endian bytes.

export type Data = Float32Array | Float64Array | Int32Array | Uint8Array;

export interface Encoded {
  shape: number[];
  dtype: 'f4' | 'f8' | 'i4' | 'u1';
  data: string;
}

const item = { f4: 4, f8: 8, i4: 4, u1: 1 } as const;

/** Throws RangeError when the bytes are not those of the shape. */
export function decode(encoded: Encoded): NdArray {
  const text = atob(encoded.data);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  const size = encoded.shape.reduce((a, b) => a * b, 1);
  if (bytes.length !== size * item[encoded.dtype]) {
    throw new RangeError(`an array of shape (${encoded.shape.join(', ')}) has ${bytes.length} bytes`);
  }
  return new NdArray(encoded.shape, values(encoded.dtype, bytes));
}

function values(dtype: Encoded['dtype'], bytes: Uint8Array): Data {
  if (dtype === 'u1') return bytes;
  const view = new DataView(bytes.buffer);
  const count = bytes.length / item[dtype];
  if (dtype === 'f4') return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
  if (dtype === 'f8') return Float64Array.from({ length: count }, (_, i) => view.getFloat64(8 * i, true));
  return Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
}

export class NdArray {
  constructor(
    readonly shape: number[],
    readonly data: Data,
  ) {}

  get size(): number {
    return this.data.length;
  }

  at(...index: number[]): number {
    return this.data[this.offset(index)];
  }

  /** All entries below the leading indices, e.g. A.row(i) of a matrix. */
  row(...index: number[]): number[] {
    const length = this.shape.slice(index.length).reduce((a, b) => a * b, 1);
    const start = this.offset([...index, ...this.shape.slice(index.length).map(() => 0)]);
    return Array.from(this.data.subarray(start, start + length));
  }

  /** Entry `last` of the last index along the last but one: one coordinate of a path. */
  path(index: number[], last: number): number[] {
    const steps = this.shape[index.length];
    return Array.from({ length: steps }, (_, t) => this.at(...index, t, last));
  }

  list(): number[] {
    return Array.from(this.data);
  }

  private offset(index: number[]): number {
    let offset = 0;
    for (let d = 0; d < this.shape.length; ++d) offset = offset * this.shape[d] + index[d];
    return offset;
  }
}
