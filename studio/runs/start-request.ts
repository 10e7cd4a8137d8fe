// From what was chosen in the dialog to the request, and to the command that does the same.
import { quoted } from '../../src/quoted.js';
import type { StartRequest, StudioInfo } from '../../src/studio/api-types.js';

export interface RunChoice {
  readonly env: string;
  /** Absent: the environment's usual one; the same below. */
  readonly agent?: string;
  readonly relabel?: string;
  readonly steps?: number;
  /** As typed: `0, 1, 2`. */
  readonly seeds: string;
  /** Changed settings by path, as typed. */
  readonly settings: Readonly<Record<string, string>>;
}

/** `future:4` as strategy and number; 4 goals where none are named. */
export function relabelParts(text: string): { strategy: string; goals: number } {
  const [strategy, goals] = text.split(':');
  return { strategy, goals: Number(goals) || 4 };
}

/** Throws what is wrong with the seeds; everything else the server checks. */
export function requestOf({ env, agent, relabel, steps, seeds, settings }: RunChoice): StartRequest {
  const numbers = seeds.split(/[\s,]+/).filter(Boolean);
  const wrong = numbers.find((seed) => !/^\d{1,15}$/.test(seed));
  if (wrong !== undefined) throw new Error(`Seeds must be whole numbers, such as 0, 1, 2; "${wrong}" is none.`);
  return {
    env,
    ...(agent !== undefined && { agent }),
    ...(relabel !== undefined && { relabel }),
    ...(steps !== undefined && { steps }),
    seeds: numbers.length === 0 ? [0] : numbers.map(Number),
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value.trim() !== '')),
  };
}

/** How the command line is called, and where the runs are; the usual answers until the server has told. */
export type Place = Pick<StudioInfo, 'program' | 'runsDir'> | undefined;

export const programOf = (place: Place): string => place?.program ?? 'anygoal';

/** A run's folder as the command line takes it. */
export const pathOf = (run: string, place: Place): string => quoted(`${place?.runsDir ?? 'runs'}/${run}`);

export function commandOf({ env, agent, relabel, steps, seeds, settings }: RunChoice, place: Place): string {
  const words = [programOf(place), 'train', quoted(env)];
  if (agent !== undefined) words.push('--agent', agent);
  if (relabel !== undefined) words.push('--relabel', relabel);
  if (steps !== undefined) words.push('--steps', String(steps));
  const numbers = seeds.split(/[\s,]+/).filter(Boolean);
  if (numbers.length > 1) words.push('--seeds', numbers.join(','));
  else if (numbers.length === 1 && numbers[0] !== '0') words.push('--seed', numbers[0]);
  for (const [path, value] of Object.entries(settings)) {
    if (value.trim() !== '') words.push('--set', quoted(`${path}=${value.trim()}`));
  }
  if (place !== undefined && place.runsDir !== 'runs') words.push('--out', quoted(place.runsDir));
  return words.join(' ');
}
