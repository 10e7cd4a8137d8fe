// The last views of an episode as one picture (Mnih et al. 2015): what was seen before, for policies without a memory.

export interface Frames {
  /** The newest view, to be written before `push`. */
  readonly view: Uint8Array;
  /** An episode begins: nothing has been seen. */
  clear(): void;
  /** Takes the view as the newest, the oldest falls out. */
  push(): void;
  /** Writes [cells, views x channels], the newest view first; zeros where there was none yet. */
  write(out: Uint8Array): void;
  /** A copy of all views, a byte for each number. */
  save(): Uint8Array;
  restore(saved: ArrayLike<number>): void;
}

/** For so many views of [cells, channels]. */
export function createFrames(count: number, cells: number, channels: number): Frames {
  const size = cells * channels;
  const view = new Uint8Array(size);
  /** [views, cells, channels], the newest first. */
  const all = new Uint8Array(count * size);
  return {
    view,
    clear: () => {
      all.fill(0);
    },
    push() {
      all.copyWithin(size, 0, (count - 1) * size);
      all.set(view);
    },
    write(out) {
      for (let cell = 0; cell < cells; cell++) {
        for (let n = 0; n < count; n++) {
          const from = n * size + cell * channels;
          const to = (cell * count + n) * channels;
          for (let c = 0; c < channels; c++) out[to + c] = all[from + c];
        }
      }
    },
    save: () => all.slice(),
    restore: (saved) => all.set(saved),
  };
}
