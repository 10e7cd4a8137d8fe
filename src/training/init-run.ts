// The run that another one starts from: its parameters, where its networks fit.

import * as platform from '#platform';
import { withoutPrefix } from '../bytes.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec } from '../envs/index.js';
import { UsageError } from '../errors.js';
import { findCheckpoint, readCheckpoint, readConfig } from '../runs/run-reader.js';
import { changeWarnings, recordedSpec } from './changed-env.js';

export interface InitRun {
  /** The learner's part of its last checkpoint. */
  readonly parts: Readonly<Record<string, Uint8Array>>;
  readonly warnings: readonly string[];
}

/** Opens the run at `path` for a new one in an environment of this spec. @throws UsageError where it does not fit */
export async function openInit(path: string, { training }: TrainConfig, spec: EnvSpec): Promise<InitRun> {
  const source = platform.openStore(path);
  const { config: theirs, facts } = await readConfig(source, '');
  const normalize = theirs.training.normalize;
  if (normalize !== training.normalize) {
    throw new UsageError(
      `init: training.normalize is ${training.normalize} here, but ${normalize} in ${path}, whose networks expect inputs like that; set it to ${normalize}.`,
    );
  }
  const { state, metadata } = await readCheckpoint(source, '', await findCheckpoint(source, '', 'last'));
  const then = recordedSpec(metadata, facts);
  return { parts: withoutPrefix('learner', state), warnings: then ? changeWarnings('init', path, then, spec) : [] };
}
