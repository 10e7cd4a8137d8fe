// What scripts beside the experiments measured of models: planning against a policy, errors over steps, one model for three tasks, times.
import { existsSync, readFileSync } from 'node:fs';
import { row, table, tenth, whole } from '../tables.js';
import type { Topic } from '../topic.js';

/** bench/results/NAME.json; undefined where it was not measured yet. */
function read<T>(name: string): T | undefined {
  const file = new URL(`../../results/${name}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
const none = 'Not measured yet.';
const command = (text: string) => ['', '', '```sh', text, '```'].join('\n');
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);

interface Judged {
  readonly reward: number;
  readonly decisionsPerSecond: number;
}
interface Planning {
  readonly command: string;
  readonly parts: readonly { readonly steps: number; readonly policy: Judged; readonly planner: Judged }[];
}
function planning(): string {
  const found = read<Planning>('model-planning-pendulum');
  if (!found) return none;
  const rows = [...new Set(found.parts.map(({ steps }) => steps))].map((steps) => {
    const those = found.parts.filter((part) => part.steps === steps);
    const of = (who: 'policy' | 'planner') => those.map((part) => whole(part[who].reward)).join(', ');
    const speed = (who: 'policy' | 'planner') => whole(mean(those.map((part) => part[who].decisionsPerSecond)));
    return row(whole(steps), of('policy'), of('planner'), speed('policy'), speed('planner'));
  });
  const head = ['real steps', 'return of the policy', 'of the planner', 'decisions per second: policy', 'planner'];
  return table(head, rows) + command(found.command);
}

interface Lengths {
  readonly command: string;
  readonly rows: readonly {
    readonly length: number;
    readonly errors: readonly { readonly steps: number; readonly error: number }[];
  }[];
}
const SHOWN = [1, 5, 20, 50];
function errors(): string {
  const found = read<Lengths>('model-lengths');
  if (!found || found.rows.length === 0) return none;
  const rows = [...new Set(found.rows.map(({ length }) => length))].map((length) => {
    const those = found.rows.filter((one) => one.length === length);
    const at = (steps: number) =>
      those.map((one) => one.errors.find((error) => error.steps === steps)?.error.toFixed(3) ?? '-').join(', ');
    return row(length, ...SHOWN.map(at));
  });
  const [first, ...rest] = SHOWN;
  return table(['steps of a rollout', `error after ${first}`, ...rest.map(String)], rows) + command(found.command);
}

interface Tasks {
  readonly command: string;
  readonly parts: readonly {
    readonly task: string;
    readonly way: 'planner' | 'policy' | 'alone';
    readonly seed: number;
    readonly own: number;
    readonly shared: number;
    readonly reward: number;
    readonly success: number;
    readonly model?: string;
    readonly curve?: readonly { readonly steps: number; readonly reward: number }[];
  }[];
}
const waysOfTasks = {
  planner: 'planner in the model',
  policy: 'SAC on what the model imagines',
  alone: 'SAC from the beginning',
};
function tasks(): string {
  const found = read<Tasks>('model-tasks');
  if (!found) return none;
  const rows = [...new Set(found.parts.map(({ task }) => task))].flatMap((task) =>
    (Object.keys(waysOfTasks) as (keyof typeof waysOfTasks)[]).flatMap((way) => {
      const those = found.parts.filter((part) => part.task === task && part.way === way);
      if (those.length === 0) return [];
      /** Steps after which SAC is within a tenth of its own best evaluation. */
      const asGood = those.map(({ curve = [] }) => {
        const best = Math.max(...curve.map(({ reward }) => reward));
        return curve.find(({ reward }) => reward >= 1.1 * best)?.steps ?? Number.NaN;
      });
      const own = way === 'alone' ? asGood.map(whole).join(', ') : '0';
      return row(
        task,
        waysOfTasks[way],
        whole(those[0]?.shared ?? 0),
        own,
        those.map(({ reward }) => whole(reward)).join(', '),
        those.map(({ success }) => success.toFixed(2)).join(', '),
      );
    }),
  );
  const head = ['task', '', 'steps shared by all', "the task's own", 'return', 'success at the end'];
  return table(head, rows) + command(found.command);
}

interface Times {
  readonly command: string;
  readonly machine: string;
  readonly vectors: string;
  readonly date: string;
  readonly rows: readonly { readonly name: string; readonly anygoal: number; readonly mbrl?: number }[];
  readonly peer?: { readonly torch: string };
}
function times(): string {
  const found = read<Times>('model-step');
  if (!found) return none;
  const rows = found.rows.map(({ name, anygoal, mbrl }) =>
    row(name, tenth(anygoal), mbrl ? tenth(mbrl) : '-', mbrl ? tenth(mbrl / anygoal) : '-'),
  );
  const where = `${found.machine} (${found.vectors}), PyTorch ${found.peer?.torch ?? '-'}, ${found.date}.`;
  return (
    [table(['milliseconds of processor time', 'anygoal', 'mbrl-lib', 'times'], rows), '', where].join('\n') +
    command(found.command)
  );
}

export const modelMeasurements: Topic = {
  page: 'models.md',
  experiments: [],
  sections: { planning, errors, tasks, times },
  charts: () => ({}),
};
