// The Watch page's worker: environments, policies, their clock and the value field; frames go to the page as they come.

import { offer } from '../../src/page/worker-calls.js';
import { createQueue } from '../../src/runtime/in-turn.js';
import type { FieldOver, StageFacts } from '../../src/view/facts.js';
import type { Field } from '../../src/view/field.js';
import type { Frame } from '../../src/view/frame.js';
import { createFieldPainter, type FieldPainter } from '../watch/field.js';
import { type AfterAttempt, createStage, type Stage, type WatchedRun } from '../watch/stage.js';
import { provideModels } from '../watch/user-models.js';

/** What comes without being asked for. */
export type WatchNews =
  /** `interval`: milliseconds until the next one, to move smoothly in between; 0: there is nothing to wait for. */
  | { readonly news: 'frame'; readonly frame: Frame; readonly interval: number }
  | { readonly news: 'field'; readonly field: Field }
  | { readonly news: 'failed'; readonly message: string };

/** Frames a second that a page can use. */
const FRAME_MS = 16;
const FAST_FRAME_MS = 40;
/** Longest stretch of steps before messages are looked at, and how far the clock may fall behind, in milliseconds. */
const TURN_MS = 12;
const LATE_MS = 250;
const FIELD_MS = 250;

let stage: Stage | undefined;
let watched: readonly WatchedRun[] = [];
let painter: FieldPainter | undefined;
let speed = 0;
let looping = false;
let changed = 0;
let fieldOver: FieldOver | undefined;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const tell = (news: WatchNews, transfer: Transferable[] = []) => self.postMessage(news, { transfer });

/** Steps and commands take turns: none sees another half done. */
const inTurn = createQueue();

function show(interval: number, whole = false): void {
  if (!stage) return;
  const frame = stage.frame(whole);
  tell(
    { news: 'frame', frame, interval },
    frame.panels.map(({ poses }) => poses.buffer),
  );
}

async function loop(): Promise<void> {
  if (looping) return;
  looping = true;
  let due = performance.now();
  let shown = 0;
  let yielded = due;
  try {
    while (speed > 0 && stage) {
      await inTurn(() => stage?.step());
      changed++;
      const now = performance.now();
      const interval = 1000 / (stage.facts.rate * speed);
      const least = speed === Infinity ? FAST_FRAME_MS : FRAME_MS;
      if (now - shown >= least || interval >= least) {
        show(Math.max(interval, least));
        shown = now;
      }
      due = Math.max(due + interval, now - LATE_MS);
      if (due > now || now - yielded > TURN_MS) {
        await sleep(Math.max(0, due - now));
        yielded = performance.now();
      }
    }
    show(0);
  } catch (error) {
    speed = 0;
    tell({ news: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    looping = false;
  }
}

let painting = false;
async function paint(): Promise<void> {
  if (painting) return;
  painting = true;
  let painted = -1;
  try {
    while (fieldOver && painter && stage) {
      const began = performance.now();
      if (painted !== changed) {
        painted = changed;
        const [over, by] = [fieldOver, painter];
        for (let panel = 0; panel < stage.panels.length; panel++) {
          const field = await by.paint(panel, over, async () => {
            await sleep(0);
            return fieldOver === over && painter === by;
          });
          if (field) tell({ news: 'field', field }, [field.values.buffer]);
        }
      }
      await sleep(Math.max(20, FIELD_MS - (performance.now() - began)));
    }
  } catch (error) {
    if (painter) tell({ news: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    painting = false;
  }
}

async function close(): Promise<void> {
  speed = 0;
  const [oldPainter, oldStage] = [painter, stage];
  painter = undefined;
  stage = undefined;
  await oldPainter?.dispose();
  await oldStage?.dispose();
}

/** A change by hand: the page sees it at once. */
const change = (work: (on: Stage) => void): Promise<void> =>
  inTurn(() => {
    if (!stage) return;
    work(stage);
    changed++;
    show(0);
  });

const functions = {
  open: (runs: readonly WatchedRun[], goals: number, seed: number): Promise<StageFacts> =>
    inTurn(async () => {
      await close();
      await Promise.all(runs.map(({ env }) => provideModels(env)));
      stage = await createStage(runs, goals, seed);
      watched = runs;
      changed++;
      return stage.facts;
    }),
  /** Everything that there is to see, once the page is ready for it. */
  whole: () => inTurn(() => show(0, true)),
  /** Times the normal speed; 0: pause; Infinity: as fast as it goes. */
  play(times: number): void {
    speed = times;
    if (times > 0) void loop();
  },
  step: () =>
    inTurn(async () => {
      await stage?.step();
      changed++;
      show(0);
    }),
  reset: (seed: number) => change((on) => on.reset(seed)),
  setGoal: (index: number, goal: readonly number[]) => change((on) => on.setGoal(index, goal)),
  /** The goal at a place of the scene, or the nearest that there is; what it became, undefined where there is none. */
  point: async (index: number, place: readonly number[]): Promise<readonly number[] | undefined> => {
    let goal: readonly number[] | undefined;
    await change((on) => {
      goal = on.goalAt(index, place);
      if (goal) on.setGoal(index, goal);
    });
    return goal;
  },
  drawGoal: (index: number) => change((on) => on.drawGoal(index)),
  push: (thing: string, velocity: readonly number[]) => change((on) => on.push(thing, velocity)),
  /** A new start with this task, as all from now on; undefined: with any. */
  task: (number: number | undefined) => change((on) => on.setTask(number)),
  /** A new start that is asked for this, as all from now on; undefined: what each start asks for. */
  instruct: (sentence: string | undefined) => change((on) => on.ask(sentence)),
  after: (what: AfterAttempt) => change((on) => on.setAfter(what)),
  /** Draws values from now on, or no longer. Rejects where there are none. */
  async field(over: FieldOver | undefined): Promise<void> {
    fieldOver = over;
    if (!over) return;
    painter ??= stage && (await createFieldPainter(stage, watched));
    changed++;
    void paint();
  },
};

export type WatchWorker = typeof functions;
offer(functions);
