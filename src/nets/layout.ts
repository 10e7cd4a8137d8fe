// Where the tensors of a network lie inside its one flat parameter vector.
import type { Tensor } from '../tensor/index.js';

/** One named tensor inside a flat vector. */
export interface LayoutEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
}

export interface Layout {
  readonly entries: readonly LayoutEntry[];
  /** Length of the flat vector. */
  readonly size: number;
}

const volume = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** Lays named tensors one after the other. */
export function layout(tensors: readonly { name: string; shape: readonly number[] }[]): Layout {
  let offset = 0;
  const entries = tensors.map(({ name, shape }) => {
    const entry = { name, shape, offset };
    offset += volume(shape);
    return entry;
  });
  return { entries, size: offset };
}

/** Layouts one after the other, names prefixed: twin critics in one vector. */
export function joinLayouts(parts: Readonly<Record<string, Layout>>): Layout {
  return layout(
    Object.entries(parts).flatMap(([prefix, part]) =>
      part.entries.map(({ name, shape }) => ({ name: `${prefix}.${name}`, shape })),
    ),
  );
}

/** The tensors of a layout as views of the flat vector, in order. */
export function views(flat: Tensor, { entries }: Layout): Tensor[] {
  const pieces = flat.split(
    entries.map(({ shape }) => volume(shape)),
    0,
  );
  return pieces.map((piece, i) => (entries[i].shape.length === 1 ? piece : piece.reshape(entries[i].shape)));
}
