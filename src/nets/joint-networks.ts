// Several networks in one flat vector, where they learn as one.
import type { Random } from '../random.js';
import type { Tensor } from '../tensor/index.js';
import { joinLayouts, type Layout, views } from './layout.js';

interface Part {
  readonly layout: Layout;
  init(random: Random): Float32Array;
}

export interface JointNetworks<Name extends string> extends Part {
  /** The tensors of each network. */
  views(flat: Tensor): Readonly<Record<Name, Tensor[]>>;
}

/** One after the other, the names of tensors prefixed by those of the networks. */
export function jointNetworks<Name extends string>(parts: Readonly<Record<Name, Part>>): JointNetworks<Name> {
  const all = Object.entries<Part>(parts);
  const layout = joinLayouts(Object.fromEntries(all.map(([name, part]) => [name, part.layout])));
  return {
    layout,
    init(random) {
      const values = new Float32Array(layout.size);
      let at = 0;
      for (const [, part] of all) {
        values.set(part.init(random), at);
        at += part.layout.size;
      }
      return values;
    },
    views(flat) {
      const tensors = views(flat, layout);
      const own = all.map(([name, part]) => [name, tensors.splice(0, part.layout.entries.length)]);
      return Object.fromEntries(own) as Record<Name, Tensor[]>;
    },
  };
}
