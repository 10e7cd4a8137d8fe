// `anygoal data inspect`: what a data set holds, and what looks wrong with it.
import { settingLines } from '../../config/flat-values.js';
import type { EnvSpec } from '../../envs/env.js';
import type { Box, Discrete } from '../../envs/space.js';
import { columns } from '../args.js';
import type { Command } from '../command.js';
import { percent, short, thousands } from '../format.js';

/** What a column's numbers may be, where the data set says. */
function boundsText(spec: EnvSpec, name: string): string {
  const spaces: Readonly<Record<string, Box | Discrete | undefined>> = {
    observation: spec.observation,
    achieved: spec.achieved,
    goal: spec.goal,
    action: spec.action,
    ...spec.parts,
  };
  const space = Object.hasOwn(spaces, name) ? spaces[name] : undefined;
  if (!space) return '';
  if (space.kind === 'discrete') return `0 to ${space.n - 1}`;
  const [low, high] = [Math.min(...space.low), Math.max(...space.high)];
  return Number.isFinite(low) || Number.isFinite(high) ? `[${low}, ${high}]` : 'any';
}

/** A row where there is something to list. */
const listed = (title: string, what: readonly string[]): string[][] =>
  what.length > 0 ? [[title, what.join(', ')]] : [];

export const dataInspect: Command = {
  spec: {
    name: 'data inspect',
    summary: 'Show what a data set holds: columns, episodes, returns, faults',
    positional: {
      name: 'FILE',
      required: true,
      help: 'a file or folder: of "anygoal data record", Minari, OGBench, D4RL, LeRobot, or a run',
    },
    flags: { json: { help: 'print one JSON object at the end, everything else on standard error' } },
    examples: [
      ['demos.safetensors', 'what is in it'],
      ['pointmaze-medium-navigate-v0.npz', "a file of OGBench's"],
    ],
  },
  async run(args, terminal) {
    const { coverageText, inspectData, openDataSet } = await import('../../datasets/index.js');
    const data = await openDataSet(args.positional ?? '');
    try {
      const report = await inspectData(data);
      const { origin } = data;
      const crc32c = await data.checksum();
      const { lengths, returns } = report;
      const rows = [
        ['File', `${data.name}, checksum ${crc32c}`],
        ['Format', data.format],
        ['Environment', data.env || 'not told'],
        ...listed('Settings', Object.keys(data.options).length > 0 ? settingLines(data.options, 'env') : []),
        ...(origin.policy === undefined
          ? []
          : [['Policy', origin.policy + (origin.seed === undefined ? '' : `, seed ${origin.seed}`)]]),
        ['Episodes', `${thousands(report.episodes)} of ${lengths.map(short).join(' / ')} steps (least / mean / most)`],
        ['Transitions', thousands(report.transitions)],
        ...listed(
          'Tasks',
          Object.entries(report.tasks ?? {}).map(([task, episodes]) => `${task} ${thousands(episodes)}`),
        ),
        ...listed(
          'Sentences',
          (report.sentences ?? []).map((sentence) => `"${sentence}"`),
        ),
        ...(returns ? [['Return', `${returns.map(short).join(' / ')}`]] : []),
        ...(origin.successRate === undefined ? [] : [['Success', percent(origin.successRate)]]),
      ];
      for (const line of columns(rows)) terminal.print(line);
      terminal.print('');
      const table = report.columns.map(({ name, shape, dtype, per, figures }) => [
        name,
        `[${shape.join(' x ')}] ${dtype}`,
        `per ${per}`,
        boundsText(data.spec, name),
        figures ? `${short(figures.least)} to ${short(figures.most)}, mean ${short(figures.mean)}` : 'not there',
      ]);
      for (const line of columns([['column', 'shape', '', 'bounds', 'values'], ...table])) terminal.print(line);
      const { coverage } = report;
      if (coverage) {
        const { column, x, y } = coverage;
        terminal.print('');
        terminal.print(
          `Where ${column === 'goal' ? 'goals lie' : `"${column}" has been`}: ${x.map(short).join(' to ')} across, ${y.map(short).join(' to ')} upwards`,
        );
        for (const line of coverageText(coverage)) terminal.print(`|${line}|`);
      }
      for (const { level, message } of report.findings) {
        terminal.print(`${terminal.tone(level, level === 'error' ? 'bad' : 'faint')}  ${message}`);
      }
      terminal.json({ file: data.name, crc32c, env: data.env, options: data.options, origin, ...report });
      return report.findings.some(({ level }) => level === 'error') ? 1 : 0;
    } finally {
      await data.close();
    }
  },
};
