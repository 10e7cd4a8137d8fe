// Views of WebAssembly memory, which moves when it grows.

/** Keeps a view until the memory below it has moved; a moved one has length 0. */
export function lastingView(get: () => Float64Array): () => Float64Array {
  let kept = get();
  return () => {
    if (kept.length === 0) kept = get();
    return kept;
  };
}
