// Names of Gymnasium environments: `gym:Pendulum-v1`, `gym:my_module:MyEnv-v0`, with arguments `gym:CarRacing-v3?continuous=false`.
import { UsageError } from '../../errors.js';

export const isGymName = (name: string): boolean => name.startsWith('gym:');

/** The name of the same environment, but that it gives pictures. */
export const withPictures = (name: string): string =>
  parseGymName(name).arguments.render_mode === undefined
    ? `${name}${name.includes('?') ? '&' : '?'}render_mode=rgb_array`
    : name;

export interface GymName {
  /** As `gymnasium.make` takes it. */
  readonly id: string;
  /** Further arguments of `gymnasium.make`. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** @throws UsageError for an empty name or an argument without a value */
export function parseGymName(name: string): GymName {
  const [id, query] = split(name.slice('gym:'.length), '?');
  if (id === '') throw new UsageError(`"${name}" names no environment; write one as in gym:Pendulum-v1.`);
  const given = (query ?? '').split('&').filter(Boolean);
  return { id, arguments: Object.fromEntries(given.map((pair) => argumentOf(name, pair))) };
}

function argumentOf(name: string, pair: string): [string, unknown] {
  const [key, text] = split(pair, '=');
  if (key === '' || text === undefined) {
    throw new UsageError(
      `"${name}": "${pair}" is no argument; write arguments as in gym:CarRacing-v3?continuous=false.`,
    );
  }
  try {
    return [key, JSON.parse(text)];
  } catch {
    return [key, text]; // words need no quotes
  }
}

function split(text: string, at: string): [string, string | undefined] {
  const place = text.indexOf(at);
  return place < 0 ? [text, undefined] : [text.slice(0, place), text.slice(place + 1)];
}
