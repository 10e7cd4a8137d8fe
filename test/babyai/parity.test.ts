// BabyAI's levels do what minigrid's do: same pictures, ends, rewards and expert over recorded episodes.
import { describe, expect, test } from 'vitest';
import { beginEpisode, type Layout, worldOf } from '../../src/envs/babyai/episode.js';
import { sentenceOf } from '../../src/envs/babyai/instructions.js';
import { completeSettings } from '../../src/envs/babyai/levels.js';
import { type LevelName, levelListings } from '../../src/envs/babyai/names.js';
import { parseInstruction } from '../../src/envs/babyai/parse.js';
import { createBabyAi } from '../../src/envs/babyai/simulation.js';
import { resolveSpec } from '../../src/envs/spec.js';
import { createTimeStep } from '../../src/envs/time-step.js';
import { createRandom } from '../../src/random.js';
import { readRecording } from '../recordings.js';

/** One episode; see record.py. */
interface Trace extends Layout {
  readonly level: string;
  readonly seed: number;
  readonly mission: string;
  readonly limit: number;
  readonly actions: string;
  readonly advice: string;
  readonly digests: string;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

const recording = readRecording<Trace>(new URL('./traces.ndjson', import.meta.url));
const nameOf = (registered: string): LevelName =>
  levelListings.find((level) => level.registered === `BabyAI-${registered.replace(/(?<=OpenDoorsOrder)N4$/, '')}-v0`)!
    .name;

/** CRC-32, as zlib has it; the last 16 bits in hexadecimal. */
function digest(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ((~crc >>> 0) & 0xffff).toString(16).padStart(4, '0');
}

/** Plays a recorded episode and gives what differs first. */
function replay(trace: Trace) {
  const name = nameOf(trace.level);
  const simulation = createBabyAi(name, { view: 'symbols', encoder: 'none', phrasing: 'plain' });
  const { now } = createTimeStep(resolveSpec(simulation.spec, true));
  const inside = { ...now, reward: new Float32Array(1) };
  const world = worldOf(trace);
  const [columns, rows, roomSize] = trace.rooms;
  const settings = { ...completeSettings(name), columns, rows, roomSize };
  const episode = beginEpisode(name, settings, world, parseInstruction(trace.mission));
  simulation.restoreEpisode(episode);
  simulation.restart?.(inside);
  const shown = () => digest(Uint8Array.of(...now.columns.image, now.columns.direction[0]));
  let pictures = shown();
  let advice = '';
  let ended = false;
  for (let i = 0; i < trace.actions.length; i++) {
    // An episode of chance alone has no expert.
    if (i < trace.advice.length) advice += simulation.expert?.()[0];
    expect(ended, `the end, ${i} steps in`).toBe(false);
    ended = simulation.step([Number(trace.actions[i])], inside, createRandom(0)) === true;
    pictures += shown();
  }
  return {
    sentence: sentenceOf(worldOf(trace), episode.instruction),
    limit: episode.limit,
    pictures,
    advice,
    ended,
    reward: inside.reward[0],
  };
}

test('every level is there, with ends of all kinds and every action', () => {
  expect(recording.versions).toEqual({ minigrid: '3.2.0' });
  expect([...new Set(recording.traces.map(({ level }) => nameOf(level)))]).toEqual(
    levelListings.map(({ name }) => name),
  );
  expect(recording.traces.filter(({ reward }) => reward > 0).length).toBeGreaterThan(100);
  expect(recording.traces.some(({ truncated }) => truncated)).toBe(true);
  expect(new Set(recording.traces.flatMap(({ actions }) => [...actions])).size).toBe(7);
});

describe('ours is the same episode', () => {
  test.each(recording.traces)('$level $seed', (trace) => {
    const ours = replay(trace);
    expect(ours.sentence).toBe(trace.mission);
    expect(ours.limit).toBe(trace.limit);
    expect(ours.pictures).toBe(trace.digests);
    expect(ours.ended).toBe(trace.terminated);
    expect(ours.reward).toBeCloseTo(trace.reward, 6);
    expect(ours.advice).toBe(trace.advice);
  });
});
