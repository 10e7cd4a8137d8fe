// What an actor hears from its learner: the newest policy, and whether to wait.
import type { Channel } from './broker.js';
import type { Outbox } from './outbox.js';
import { GONE, LEARNER, type LearnerStatus, readStatus } from './presence.js';
import { decodePolicy, decodeRun, type SentPolicy } from './wire.js';

export interface Orders {
  /** The policy to act with; undefined before the first has come. */
  readonly policy: SentPolicy | undefined;
  /** The newest policy, where it was not taken yet. */
  takePolicy(): SentPolicy | undefined;
  /** The learner's step, as far as is known. */
  readonly steps: number;
  /** How many steps the policy is behind. */
  readonly lag: number;
  /** Number of the learner's last request for a message. */
  readonly request: number;
  /** Episodes of this actor that were refused. */
  readonly refused: number;
  /** The run is over. */
  readonly ended: boolean;
  /** What the next step must wait for; undefined: nothing. `answered`: the request that was served last. */
  hindrance(outbox: Pick<Outbox, 'first' | 'last' | 'waiting'>, answered: number): string | undefined;
  /** Resolves after so many milliseconds, or earlier where the learner says something. */
  change(milliseconds: number): Promise<void>;
  dispose(): void;
}

export interface OrdersOptions {
  readonly channel: Channel;
  readonly actor: string;
  readonly lockStep: boolean;
  readonly maxPolicyLag: number;
}

export function createOrders({ channel, actor, lockStep, maxPolicyLag }: OrdersOptions): Orders {
  let status: LearnerStatus | undefined;
  let heardAt = Date.now();
  let askedAt = heardAt;
  let policy: SentPolicy | undefined;
  let taken = true;
  let fetching = false;
  let fetchedAt = 0;
  let ended = false;
  let wake: (() => void) | undefined;

  /** Brings the newest policy; failures are tried again when the learner says the next word. */
  function fetchPolicy(): void {
    if (fetching) return;
    fetching = true;
    fetchedAt = Date.now();
    channel
      .kept('policy')
      .then((bytes) => {
        const found = bytes && decodePolicy(bytes);
        // A learner that went back to a checkpoint hands out earlier steps than before.
        if (!found || found.steps === policy?.steps) return;
        policy = found;
        taken = false;
      })
      .catch(() => undefined)
      .finally(() => {
        fetching = false;
        wake?.();
      });
  }

  /** A learner that says nothing may have ended unheard. */
  function askRecord(): void {
    const now = Date.now();
    if (now - heardAt < GONE || now - askedAt < GONE) return;
    askedAt = now;
    if (!policy) fetchPolicy();
    channel
      .kept('run')
      .then((bytes) => {
        ended ||= bytes !== undefined && decodeRun(bytes).ended;
      })
      .catch(() => undefined);
  }

  const silence = channel.listen(LEARNER, (_, text) => {
    const heard = readStatus<LearnerStatus>(text, 'taken');
    if (!heard) return;
    status = heard;
    heardAt = Date.now();
    ended ||= heard.ended === true;
    const isNew = heard.policy >= 0 && heard.policy !== policy?.steps;
    const isOld = policy !== undefined && heard.steps - policy.steps > maxPolicyLag;
    if (isNew && (lockStep || isOld || Date.now() - fetchedAt >= heard.pause)) fetchPolicy();
    wake?.();
  });
  const timer = setInterval(askRecord, GONE / 5);
  timer.unref?.();
  fetchPolicy();

  const steps = () => Math.max(status?.steps ?? 0, policy?.steps ?? 0);

  return {
    get policy() {
      return policy;
    },
    takePolicy() {
      if (taken) return undefined;
      taken = true;
      return policy;
    },
    get steps() {
      return steps();
    },
    get lag() {
      return policy ? steps() - policy.steps : 0;
    },
    get request() {
      return status?.request ?? 0;
    },
    get refused() {
      return status?.refusedOf?.[actor] ?? 0; // whoever else talks here may leave it out
    },
    get ended() {
      return ended;
    },
    hindrance({ first, last, waiting }, answered) {
      if (!policy) return 'the first policy';
      if (lockStep) {
        const isAsked = status?.waits && status.request > answered && waiting === 0;
        return isAsked && status?.policy === policy.steps ? undefined : 'the learner to ask';
      }
      const reached = Math.max(status?.taken ?? 0, first - 1);
      const room = status?.room ?? 1;
      if (last - reached > room) {
        return status && Date.now() - heardAt < GONE ? 'the learner, which is behind' : 'the learner, which is silent';
      }
      const isOld = status && status.steps - policy.steps > maxPolicyLag;
      if (isOld && status && status.policy > policy.steps) return 'a newer policy';
      return undefined;
    },
    change: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(done, milliseconds);
        wake = done;
        function done() {
          clearTimeout(timer);
          wake = undefined;
          resolve();
        }
      }),
    dispose() {
      silence();
      clearInterval(timer);
      wake?.();
    },
  };
}
