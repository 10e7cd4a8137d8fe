// The Record page's worker: one environment in the hands of a person, its takes, and frames for the page as they come.
import type { Controls } from '../../src/envs/controls.js';
import { loadEnv, makeEnv } from '../../src/envs/registry.js';
import type { Hand } from '../../src/envs/steer.js';
import { offer } from '../../src/page/worker-calls.js';
import type { Frame } from '../../src/view/frame.js';
import {
  createHandRecording,
  type HandListener,
  type HandRecording,
  type RecordFacts,
  type TakeRequest,
} from '../record/hand-recording.js';
import { instructionsOf } from '../record/instruction.js';
import { provideModels } from '../watch/user-models.js';

/** What comes without being asked for. */
export type RecordNews =
  /** As in Watch. */
  | { readonly news: 'frame'; readonly frame: Frame; readonly interval: number }
  /** An episode waits for its first action, is steered like this and asks for that. */
  | { readonly news: 'begun'; readonly controls: Controls; readonly asks: string | undefined };

const tell = (news: RecordNews, transfer: Transferable[] = []) => self.postMessage(news, { transfer });

let recording: HandRecording | undefined;
const opened = (): HandRecording => {
  if (!recording) throw new Error('no environment is open.');
  return recording;
};

const functions = {
  async open(name: string, options: Readonly<Record<string, unknown>>): Promise<RecordFacts> {
    await provideModels(name);
    const env = await makeEnv(name, options);
    const listener: HandListener = {
      begun: (controls, asks) => tell({ news: 'begun', controls, asks }),
      frame: (frame, interval) =>
        tell(
          { news: 'frame', frame, interval },
          frame.panels.map(({ poses }) => poses.buffer),
        ),
    };
    recording = createHandRecording(env, name, options, listener, instructionsOf(await loadEnv(name), options));
    return recording.facts;
  },
  /** Everything that there is to see, once the page is ready for it. */
  whole: () => opened().whole(),
  record: (request: TakeRequest) => opened().record(request),
  hand: (hand: Hand, begins: boolean) => opened().hand(hand, begins),
  choose: (choice: number) => opened().choose(choice),
  end: () => opened().end(),
  breakOff: () => opened().breakOff(),
  pause: (isPaused: boolean) => opened().setPaused(isPaused),
  speed: (times: number) => opened().setSpeed(times),
  keep: () => opened().keep(),
  dropLast: () => opened().dropLast(),
  encode: () => opened().encode() as Uint8Array<ArrayBuffer>,
};

export type RecordWorker = typeof functions;
offer(functions);
