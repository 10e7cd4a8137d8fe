// `anygoal text table`: vectors of all that an environment asks for, by any encoder, as a file for its setting `encoder`.
import { UsageError } from '../../errors.js';
import type { Command } from '../command.js';
import { readSentences } from '../sentence-file.js';
import { writeOutput } from '../write-output.js';

export const textTable: Command = {
  spec: {
    name: 'text table',
    summary: "Write a sentence encoder's vectors of given sentences, for environments that ask in words",
    flags: {
      file: { value: 'FILE', help: 'sentences, one per line' },
      level: { value: 'NAME', help: 'all single instructions of a level of BabyAI, such as go-to-local' },
      paraphrases: { help: 'with --level: each in every other way of saying it, for env.phrasing=varied' },
      encoder: { value: 'E', help: 'embedded (default), or a Hugging Face folder (BERT family, CLIP, T5, or ONNX)' },
      out: { value: 'FILE', help: 'where to write the table, JSON' },
    },
    examples: [
      ['--level go-to-local --encoder models/all-MiniLM-L6-v2 --out local.json', 'then env.encoder=local.json'],
    ],
  },
  async run(args, terminal) {
    const [out, level, file] = ['out', 'level', 'file'].map((name) => args.value(name));
    if (out === undefined) throw new UsageError('text table: --out is missing; name the file to write.');
    const sentences = [
      ...(level === undefined ? [] : await ofLevel(level, args.has('paraphrases'))),
      ...(file === undefined ? [] : await readSentences(file)),
    ];
    if (sentences.length === 0) throw new UsageError('text table: no sentences are given; use --level or --file.');
    const [text, { defaultRuntime }] = await Promise.all([import('../../text/index.js'), import('#platform')]);
    const encoder = await text.openEncoder(args.value('encoder') ?? 'embedded', defaultRuntime);
    try {
      const table = await text.sentenceTable(encoder, sentences);
      const { toStdout } = await writeOutput(out, new TextEncoder().encode(JSON.stringify(table)));
      const tell = toStdout ? terminal.printAside : terminal.print;
      tell(
        `Wrote ${out}: ${sentences.length} sentences, ${encoder.name} ${encoder.checksum}, ${encoder.size} numbers each.`,
      );
    } finally {
      await encoder.dispose?.();
    }
    return 0;
  },
};

async function ofLevel(level: string, paraphrases: boolean): Promise<readonly string[]> {
  const { levelNames, rephrase, sentencesOf } = await import('../../envs/babyai/index.js');
  const name = levelNames.find((known) => known === level.replace(/^babyai\//, ''));
  if (name) return paraphrases ? sentencesOf(name).flatMap(rephrase.everyWay) : sentencesOf(name);
  throw new UsageError(`--level ${level} is no level of BabyAI; \`anygoal envs\` lists them.`);
}
