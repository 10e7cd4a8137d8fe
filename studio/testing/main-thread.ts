// How much script a page's own thread runs in a frame, from the browser's trace.
import type { Page } from 'playwright-core';

export interface ScriptPerFrame {
  /** Frames, of 16.7 ms, in which any script ran. */
  readonly frames: number;
  /** Milliseconds of the processor's time, by quantile over these frames. */
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
  /** Frames with more than `FLUID_MS` of script. */
  readonly above: number;
  /** Share of all time. */
  readonly share: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds: beginning, length, and length in the processor's time. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Script that a frame can bear and stay fluid. */
export const FLUID_MS = 8;
const FRAME = 16_667;
const SCRIPT = new Set([
  'FunctionCall',
  'RunMicrotasks',
  'BlinkScheduler_PerformMicrotaskCheckpoint',
  'HandlePostMessage',
  'TimerFire',
  'FireAnimationFrame',
  'EventDispatch',
  'EvaluateScript',
  'v8.evaluateModule',
]);

/** Begins a trace; `end` tells. The processor's time counts, so that other programs of the computer do not. */
export async function traceScript(page: Page): Promise<{ end(): Promise<ScriptPerFrame> }> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page has no browser to trace');
  await browser.startTracing(page, { categories: ['devtools.timeline', 'v8.execute', 'toplevel'] });
  return {
    async end() {
      const text = (await browser.stopTracing()).toString();
      return scriptPerFrame((JSON.parse(text) as { traceEvents: TraceEvent[] }).traceEvents);
    },
  };
}

function scriptPerFrame(events: readonly TraceEvent[]): ScriptPerFrame {
  const key = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(key),
  );
  const byThread = new Map<string, TraceEvent[]>();
  for (const event of events) {
    if (event.ph !== 'X' || !mains.has(key(event))) continue;
    const thread = byThread.get(key(event));
    if (thread === undefined) byThread.set(key(event), [event]);
    else thread.push(event);
  }
  // The browser has other pages of its own; the busiest is ours.
  const [own = []] = [...byThread.values()].sort((a, b) => b.length - a.length);
  own.sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const frames: number[] = [];
  let [until, begin] = [-1, Number.NEGATIVE_INFINITY];
  for (const { name, ts, dur = 0, tdur = 0 } of own) {
    if (!SCRIPT.has(name) || ts < until) continue; // inside one that counts already
    until = ts + dur;
    if (ts - begin > FRAME) {
      frames.push(0);
      begin = ts;
    }
    frames[frames.length - 1] += tdur / 1000;
  }
  const sorted = frames.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const all = (own.at(-1)?.ts ?? 0) - (own[0]?.ts ?? 0);
  return {
    frames: frames.length,
    median: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    longest: quantile(1),
    above: frames.filter((ms) => ms > FLUID_MS).length,
    share: frames.reduce((sum, ms) => sum + ms, 0) / (all / 1000),
  };
}
