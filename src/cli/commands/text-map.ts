// `anygoal text map`: how near sentences lie to each other for a sentence encoder.
import { UsageError } from '../../errors.js';
import type { TextMap } from '../../text/index.js';
import { columns } from '../args.js';
import type { Command } from '../command.js';
import { readSentences } from '../sentence-file.js';

export const textMap: Command = {
  spec: {
    name: 'text map',
    summary: 'Show how near sentences lie to each other for a sentence encoder',
    flags: {
      say: { value: 'SENTENCE', repeat: true, help: 'a sentence; repeatable' },
      file: { value: 'FILE', help: 'sentences, one per line' },
      encoder: { value: 'E', help: 'embedded (default), or a Hugging Face folder (BERT family, CLIP, T5, or ONNX)' },
      json: { help: 'print one JSON object, with a place in the plane for each sentence' },
    },
    examples: [
      ['--say "pick up the red cup" --say "grab the red mug" --say "push the block left"', 'three sentences'],
      ['--file sentences.txt --encoder models/all-MiniLM-L6-v2 --json', 'those of a file, for another encoder'],
    ],
  },
  async run(args, terminal) {
    const file = args.value('file');
    const lines = file === undefined ? [] : await readSentences(file);
    const sentences = [...args.values('say'), ...lines];
    if (sentences.length < 2) {
      throw new UsageError(
        `text map: ${sentences.length} ${sentences.length === 1 ? 'sentence is' : 'sentences are'} given; give at least two with --say or --file.`,
      );
    }
    const [text, { defaultRuntime }] = await Promise.all([import('../../text/index.js'), import('#platform')]);
    const encoder = await text.openEncoder(args.value('encoder') ?? 'embedded', defaultRuntime);
    try {
      const map = await text.textMap(encoder, sentences);
      for (const line of mapLines(map)) terminal.print(line);
      terminal.json(map);
    } finally {
      await encoder.dispose?.();
    }
    return 0;
  },
};

/** Cosines, then distances of standardised vectors, each sentence by its number. */
function mapLines({ encoder, checksum, sentences, cosines, distances, unknown }: TextMap): string[] {
  const numbers = sentences.map((_, i) => String(i + 1));
  const table = (what: string, values: readonly (readonly number[])[]) =>
    columns([
      [what, ...numbers, ''],
      ...values.map((row, i) => [numbers[i], ...row.map((value) => value.toFixed(2)), sentences[i]]),
    ]);
  const untold = unknown.flatMap((words, i) => (words.length > 0 ? [`${i + 1}: ${words.join(', ')}`] : []));
  return [
    `Encoder ${encoder}, checksum ${checksum}`,
    '',
    ...table('cosine', cosines),
    '',
    'Standardised over these sentences, as policies see them:',
    ...table('distance', distances),
    ...(untold.length > 0 ? ['', `Unknown words: ${untold.join('; ')}`] : []),
  ];
}
