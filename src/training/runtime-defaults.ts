// Whether acting and learning overlap, and with how many threads, where nobody says: by the place and the networks' size.

/** Multiply-adds of one layer over a batch from which on two threads in turn are faster than one overlapped. */
const LARGE = 8e6;

/** The part of a configuration that decides. */
interface Sizes {
  readonly agent: { readonly options: Readonly<Record<string, unknown>> };
  readonly training: { readonly batchSize: number };
}

/**
 * Settings under all others. Small updates gain little from a second thread, so it steps the environments meanwhile; large
 * ones gain more from it than stepping takes. Measured on two cores by bench/overlap.ts. The general defaults hold where
 * there is nothing to say. In a page acting and learning share a thread, so that acting with an older policy gains nothing.
 */
export function runtimeDefaults(
  { agent, training }: Sizes,
  { cores, ownThreads }: { readonly cores: number; readonly ownThreads: boolean },
): Readonly<Record<string, unknown>> {
  if (!ownThreads) return { runtime: { overlap: false } };
  const { hidden } = agent.options;
  if (cores < 2 || !Array.isArray(hidden)) return {};
  const widths = hidden.filter((width): width is number => typeof width === 'number');
  const largest = Math.max(0, ...widths.slice(1).map((width, i) => width * widths[i]));
  return training.batchSize * largest < LARGE ? {} : { runtime: { overlap: false, threads: 2 } };
}
