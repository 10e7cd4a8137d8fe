// `anygoal data inspect`: what a data set holds, and what looks wrong with it.
import { columns } from '../args.js';
import type { Command } from '../command.js';
import { percent, short, thousands } from '../format.js';

export const dataInspect: Command = {
  spec: {
    name: 'data inspect',
    summary: 'Show what a data set holds: columns, episodes, returns, faults',
    positional: { name: 'FILE', required: true, help: 'a data set, such as "anygoal data record" writes' },
    flags: { json: { help: 'print one JSON object at the end, everything else on standard error' } },
    examples: [['demos.safetensors', 'what is in it']],
  },
  async run(args, terminal) {
    const [{ openDataSet }, { inspectData }] = await Promise.all([
      import('../../training/index.js'),
      import('../../datasets/index.js'),
    ]);
    const data = await openDataSet(args.positional ?? '');
    try {
      const report = await inspectData(data);
      const { origin } = data;
      const crc32c = await data.checksum();
      const { lengths, returns } = report;
      const rows = [
        ['File', `${data.name}, checksum ${crc32c}`],
        ['Environment', data.env],
        ...(origin.policy === undefined ? [] : [['Policy', `${origin.policy}, seed ${origin.seed ?? '-'}`]]),
        ['Episodes', `${thousands(report.episodes)} of ${lengths.map(short).join(' / ')} steps (least / mean / most)`],
        ['Transitions', thousands(report.transitions)],
        ...(returns ? [['Return', `${returns.map(short).join(' / ')}`]] : []),
        ...(origin.successRate === undefined ? [] : [['Success', percent(origin.successRate)]]),
      ];
      for (const line of columns(rows)) terminal.print(line);
      terminal.print('');
      const table = report.columns.map(({ name, shape, dtype, per, figures }) => [
        name,
        `[${shape.join(' x ')}] ${dtype}`,
        `per ${per}`,
        figures ? `${short(figures.least)} to ${short(figures.most)}, mean ${short(figures.mean)}` : 'not there',
      ]);
      for (const line of columns([['column', 'shape', '', 'values'], ...table])) terminal.print(line);
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
