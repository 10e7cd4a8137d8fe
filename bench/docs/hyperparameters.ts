// Writes each agent's table of hyperparameters, read from its schema, into its page: npx tsx bench/docs/hyperparameters.ts
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AgentDefinition, listAgents } from '../../src/agents/index.js';
import { listSettings, settingSchema } from '../../src/config/describe-settings.js';

const BEGIN = '<!-- hyperparameters: written by bench/docs/hyperparameters.ts -->';
const END = '<!-- end of hyperparameters -->';

export const pageOf = (agent: string): URL => new URL(`../../docs/agents/${agent}.md`, import.meta.url);

/** The table as Markdown: one row per setting, in the order of the schema. */
export function hyperparameterTable({ config }: Pick<AgentDefinition, 'config'>): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = listSettings(settingSchema(config)).map(
    ({ path, default: value, allowed, meaning }) =>
      `| \`${path}\` | \`${JSON.stringify(value)}\` | ${cell(allowed)} | ${cell(meaning)} |`,
  );
  return ['| name | default | allowed | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The page with its table replaced; null where it has no markers. */
export function withTable(page: string, table: string): string | null {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) return null;
  return `${page.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${page.slice(end)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const agent of listAgents()) {
    const url = pageOf(agent.name);
    const page = existsSync(url) ? withTable(readFileSync(url, 'utf8'), hyperparameterTable(agent)) : null;
    if (page === null) {
      console.log(`${agent.name}: needs docs/agents/${agent.name}.md with the lines\n${BEGIN}\n${END}`);
      process.exitCode = 1;
    } else {
      writeFileSync(url, page);
      console.log(`docs/agents/${agent.name}.md`);
    }
  }
}
