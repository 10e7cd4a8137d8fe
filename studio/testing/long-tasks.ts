// How long a page's own thread is busy at a time, as the browser's trace of its frames tells.
import type { CDPSession, Page } from 'playwright-core';

export interface LongTasks {
  /** Ends the watch: the longest task of the page's thread in ms, and the share of the time that it ran script. */
  end(): Promise<{ readonly longest: number; readonly share: number }>;
}

interface Metric {
  readonly name: string;
  readonly value: number;
}

const scriptSeconds = async (session: CDPSession): Promise<{ at: number; script: number }> => {
  const { metrics } = (await session.send('Performance.getMetrics')) as { metrics: Metric[] };
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { at: value('Timestamp'), script: value('ScriptDuration') };
};

/** Begins to watch. Tasks of more than 50 ms are told by the page itself, the script's time by the browser. */
export async function watchLongTasks(page: Page): Promise<LongTasks> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.evaluate(() => {
    const seen: number[] = [];
    Object.assign(window, { longTasks: seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.push(duration);
    }).observe({ entryTypes: ['longtask'] });
  });
  const before = await scriptSeconds(session);
  return {
    async end() {
      const after = await scriptSeconds(session);
      const tasks = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
      return { longest: Math.max(0, ...tasks), share: (after.script - before.script) / (after.at - before.at) };
    },
  };
}
