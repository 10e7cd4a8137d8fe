// Where rows of a batch come from: recorded episodes for their share, the run's own for the rest, and none is lost.
import { describe, expect, it } from 'vitest';
import { trainConfigSchema } from '../config/config.js';
import type { EpisodeColumns } from '../datasets/index.js';
import { rowsOfEpisodes } from '../datasets/index.js';
import { codedEpisode, codedRules, codedSpec } from '../replay/testing.js';
import { createExperience } from './experience.js';

const spec = codedSpec(6);
const size = 12;

/** A whole episode whose observations begin with its number. */
function episode(number: number): EpisodeColumns {
  const { columns } = codedEpisode(number, 6);
  const values = Object.entries(columns).map(([name, of]) => [name, Float32Array.from(of)]);
  return { steps: Int32Array.of(6), failed: Uint8Array.of(0), columns: Object.fromEntries(values) };
}
const pieces = (number: number) => rowsOfEpisodes(spec, episode(number));

function experience(share: number, blocks?: number) {
  const config = trainConfigSchema.parse({
    env: { name: 'test/coded' },
    relabel: 'none',
    training: { batchSize: size },
    replay: { capacity: 24 },
    data: { files: ['recorded'], share },
  });
  const request = blocks === undefined ? {} : { balance: 'task', blocks };
  const { tasks, of } =
    blocks === undefined ? { tasks: undefined, of: ['observation'] } : { tasks: ['a', 'b', 'c'], of: [] };
  return createExperience(config, { ...codedRules, spec: { ...spec, tasks } }, of, request);
}
const RECORDED = 1000;
/** Rows of some batches that recorded episodes gave. */
function recordedRows(given: ReturnType<typeof experience>): number[] {
  return Array.from({ length: 20 }, () => {
    given.sample();
    const { observation } = given.batch.columns;
    return Array.from({ length: size }, (_, i) => observation[2 * i]).filter((n) => n >= RECORDED).length;
  });
}

describe('a share of recorded episodes', () => {
  it.each([
    [0.5, 6],
    [0.25, 3],
    [1, 12],
    [0, 0],
  ])('of %d is %i rows of twelve in every batch', (share, rows) => {
    const given = experience(share);
    given.load(pieces(RECORDED), 7);
    given.replay.insert(pieces(1));
    expect(new Set(recordedRows(given))).toEqual(new Set([rows]));
  });

  it('is all of it until the run has an episode of its own, and nothing can be drawn from nothing', () => {
    const given = experience(0.5);
    expect(given.ready()).toBe(false);
    given.load(pieces(RECORDED), 7);
    expect(given.ready()).toBe(true);
    expect(new Set(recordedRows(given))).toEqual(new Set([size]));
  });

  it('stays, however many episodes of its own the run has, and is not saved with them', () => {
    const given = experience(0.5);
    given.load(pieces(RECORDED), 14);
    given.load(pieces(RECORDED + 1), 14);
    for (let n = 1; n < 30; n++) given.replay.insert(pieces(n));
    expect(given.data?.ring.episodes).toBe(2);
    expect(new Set(recordedRows(given))).toEqual(new Set([6]));
    const own = new Float32Array(given.save().replay.slice().buffer, 0, given.save().replay.length >> 2);
    expect(own.includes(RECORDED)).toBe(false);
  });

  it('does not go with blocks of tasks', () => {
    const given = experience(0.5, 3);
    expect(() => given.load({ rows: new Float32Array(0), pieces: [] }, 7)).toThrow('data.share is 0.5');
    expect(() => experience(1, 3).load({ rows: new Float32Array(0), pieces: [] }, 7)).not.toThrow();
  });
});

describe('settings of tasks', () => {
  /** Three tasks; episodes with an even number end in success, and the observation tells the number. */
  function ofTasks(tasks: object, { goals = true, filled = true } = {}) {
    const config = trainConfigSchema.parse({
      env: { name: 'test/coded' },
      relabel: 'none',
      training: { batchSize: size },
      replay: { capacity: 200 },
      tasks,
    });
    const withTasks = { ...spec, tasks: ['a', 'b', 'c'], ...(!goals && { goal: { ...spec.goal, size: 0 } }) };
    const rules = {
      ...codedRules,
      computeSuccess(achieved: Float32Array, _goal: Float32Array, _info: Float32Array, out: Uint8Array) {
        for (let i = 0; i < out.length; i++) out[i] = Math.floor(achieved[i] / 1000) % 2 === 0 ? 1 : 0;
      },
    };
    const given = createExperience(config, { ...rules, spec: withTasks }, ['observation', 'task']);
    for (let number = 0; number < 18 && filled; number++) {
      const coded = codedEpisode(number, 6);
      given.replay.addEpisode({ ...coded, columns: { ...coded.columns, task: [number % 3] } });
    }
    return given;
  }
  const successes = ({ batch }: ReturnType<typeof ofTasks>) =>
    Array.from({ length: size }, (_, i) => batch.columns.observation[2 * i]).filter((number) => number % 2 === 0)
      .length;

  it('successShare is the share of rows from successful episodes, of each task alike; refused without goals', () => {
    const given = ofTasks({ successShare: 0.25 });
    given.sample();
    expect(successes(given)).toBe(3);
    expect([...given.batch.columns.task].filter((task) => task === 1)).toHaveLength(4);
    expect(() => ofTasks({ successShare: 0.25 }, { goals: false })).toThrow(
      'tasks.successShare is 0.25, but test/coded has no goals',
    );
  });

  it('a task in focus gives all rows but those of rehearsal, also after restoring; without one all tasks do', () => {
    const tasks = { sequence: ['a', 'b', 'c'], rehearsal: 0.5 };
    const given = ofTasks(tasks);
    const countsOf = ({ batch }: typeof given) =>
      [0, 1, 2].map((task) => [...batch.columns.task].filter((own) => own === task).length);
    given.sample();
    expect(countsOf(given)).toEqual([4, 4, 4]);
    given.focus(2);
    given.sample();
    expect(countsOf(given)).toEqual([3, 3, 6]);
    const { parts, replay } = given.save();
    const other = ofTasks(tasks, { filled: false });
    other.restore(parts, [replay]);
    expect(other.task).toBe(2);
    other.sample();
    given.sample();
    expect(other.batch.columns).toEqual(given.batch.columns);
    given.focus(0, 0);
    given.sample();
    expect(countsOf(given)).toEqual([12, 0, 0]);
  });
});
