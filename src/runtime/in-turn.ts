// Work that is done one after the other, whoever asks for it: for what must not be entered twice.

/** Begins each work when those asked for before have ended, whether they failed or not. */
export type InTurn = <T>(work: () => T | Promise<T>) => Promise<T>;

export function createQueue(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(nothing);
    return result;
  };
}

const nothing = () => undefined;
