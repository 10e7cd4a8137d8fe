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
      env: { value: 'NAME', help: 'all single instructions of babyai/LEVEL, or of tabletop/words' },
      paraphrases: { help: 'with --env: each in every other way of saying it, for env.phrasing=varied' },
      encoder: {
        value: 'E',
        help: 'embedded (default), a Hugging Face folder (BERT family, CLIP, T5, or ONNX), or one-hot: a number for each sentence',
      },
      out: { value: 'FILE', help: 'where to write the table, JSON' },
    },
    examples: [
      ['--env babyai/go-to-local --encoder models/all-MiniLM-L6-v2 --out local.json', 'then env.encoder=local.json'],
    ],
  },
  async run(args, terminal) {
    const [out, env, file] = ['out', 'env', 'file'].map((name) => args.value(name));
    if (out === undefined) throw new UsageError('text table: --out is missing; name the file to write.');
    const sentences = [
      ...(env === undefined ? [] : await sentencesOf(env, args.has('paraphrases'))),
      ...(file === undefined ? [] : await readSentences(file)),
    ];
    if (sentences.length === 0) throw new UsageError('text table: no sentences are given; use --env or --file.');
    const [text, { defaultRuntime }] = await Promise.all([import('../../text/index.js'), import('#platform')]);
    const name = args.value('encoder') ?? 'embedded';
    const encoder =
      name === 'one-hot' ? await text.oneHotEncoder(sentences) : await text.openEncoder(name, defaultRuntime);
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

async function sentencesOf(env: string, paraphrases: boolean): Promise<readonly string[]> {
  const { askedIn } = await import('../../envs/index.js');
  const { sentences, everyWay } = await askedIn(env);
  return paraphrases ? sentences.flatMap(everyWay) : sentences;
}
