// `anygoal serve`: steps an environment for another program, such as the Python package anygoal.

import { fstatSync } from 'node:fs';
import { UsageError } from '../../errors.js';
import type { Command } from '../command.js';
import { placeFlags, usePlaces } from '../places.js';

export const serve: Command = {
  spec: {
    name: 'serve',
    summary: 'Step an environment for another program: what the Python package anygoal starts',
    positional: { name: 'ENV', required: true, help: 'environment name or module path' },
    flags: {
      pipes: { value: 'IN,OUT', help: 'file descriptors of two pipes: where requests come and where answers go' },
      set: { value: 'path=value', repeat: true, help: 'a setting of the environment, such as env.reward=dense' },
      ...placeFlags,
    },
    examples: [['arm/reach --pipes 3,4', 'as python/anygoal/process.py does']],
  },
  async run(args) {
    const name = args.positional ?? '';
    await usePlaces(args);
    const [requests, answers] = readPipes(args.value('pipes'));
    const [{ loadEnv, parseEnvOptions }, { resolveConfig }, { parseSetting }, { serveEnv }] = await Promise.all([
      import('../../envs/index.js'),
      import('../../config/merge-config.js'),
      import('../../config/settings-text.js'),
      import('../serve-env.js'),
    ]);
    const definition = await loadEnv(name);
    const config = await resolveConfig({
      layers: [{ source: 'ENV', values: { env: { name } } }, ...args.values('set').map(parseSetting)],
      schemas: () => ({ env: definition.options }),
    });
    const env = await definition.create(parseEnvOptions(definition, config.env.options));
    try {
      serveEnv(env, requests, answers);
    } finally {
      env.dispose?.();
    }
    return 0;
  },
};

function readPipes(text: string | undefined): [requests: number, answers: number] {
  const pipes = (text ?? '').split(',').map(Number);
  if (pipes.length === 2 && pipes.every((pipe) => Number.isInteger(pipe) && isPipe(pipe))) return [pipes[0], pipes[1]];
  throw new UsageError(
    'serve is for other programs, which open two pipes and name them: --pipes IN,OUT. From Python: anygoal.make("arm/reach").',
  );
}

function isPipe(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFIFO();
  } catch {
    return false; // it is not open
  }
}
