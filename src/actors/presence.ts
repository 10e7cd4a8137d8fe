// What actors and the learner of a run say of themselves, and who is alive by it.

/** The name under which a learner talks. */
export const LEARNER = 'learner';

/** Milliseconds between two words of an actor, and of silence after which it counts as gone. */
export const BEAT = 1000;
export const GONE = 5000;

/** What an actor says of itself. */
export interface ActorStatus {
  readonly actor: string;
  /** Environments that it steps. */
  readonly envs: number;
  readonly steps: number;
  /** Of the last seconds. */
  readonly stepsPerSecond: number;
  /** Episodes sent, and the messages and bytes that they took. */
  readonly episodes: number;
  readonly messages: number;
  readonly bytes: number;
  /** The learner's step of the policy that it acts with, and how many steps that is behind. */
  readonly policy: number;
  readonly lag: number;
  /** What it waits for; absent: it acts. */
  readonly waiting?: string;
  /** Episodes that the learner refused as too old. */
  readonly refused: number;
  /** It has ended. */
  readonly left?: boolean;
}

/** What a learner says. */
export interface LearnerStatus {
  readonly steps: number;
  /** Step of the newest policy that actors can get. */
  readonly policy: number;
  /** Number of the last message that it has taken. */
  readonly taken: number;
  /** Messages behind it that may wait. */
  readonly room: number;
  /** Milliseconds that an actor waits between two policies that it gets: many at once would be more than a broker sends. */
  readonly pause: number;
  /** Grows each time it begins to wait for a message. */
  readonly request: number;
  /** Whether it waits. */
  readonly waits: boolean;
  /** Share of its time spent waiting for episodes, lately. */
  readonly waitingShare: number;
  readonly episodes: number;
  readonly duplicates: number;
  readonly refused: number;
  /** Episodes refused so far, by the actors that sent one lately. */
  readonly refusedOf: Readonly<Record<string, number>>;
  /** Why the newest policy could not be handed out; absent: it could. */
  readonly problem?: string;
  readonly ended?: boolean;
}

/** Undefined for what is no such words: whoever else writes to these places must not break anything. */
export function readStatus<T extends ActorStatus | LearnerStatus>(text: string, field: keyof T): T | undefined {
  try {
    const status = JSON.parse(text) as T | null;
    return typeof status === 'object' && status !== null && field in status ? status : undefined;
  } catch {
    return undefined;
  }
}

/** Actors by name as they were heard last. */
export interface Presence {
  hear(who: string, text: string, now?: number): void;
  /** Those heard within `GONE`, in the order of their names. */
  alive(now?: number): readonly ActorStatus[];
  /** The learner as heard last, and how many milliseconds ago. */
  learner(now?: number): { readonly status: LearnerStatus; readonly silent: number } | undefined;
}

export function createPresence(): Presence {
  const actors = new Map<string, { status: ActorStatus; at: number }>();
  let learner: { status: LearnerStatus; at: number } | undefined;
  return {
    hear(who, text, now = Date.now()) {
      if (who === LEARNER) {
        const status = readStatus<LearnerStatus>(text, 'taken');
        if (status) learner = { status, at: now };
        return;
      }
      const status = readStatus<ActorStatus>(text, 'actor');
      if (status?.left) actors.delete(who);
      else if (status) actors.set(who, { status, at: now });
    },
    alive(now = Date.now()) {
      for (const [who, { at }] of actors) if (now - at > GONE) actors.delete(who);
      return [...actors.values()].map(({ status }) => status).sort((a, b) => (a.actor < b.actor ? -1 : 1));
    },
    learner: (now = Date.now()) => learner && { status: learner.status, silent: now - learner.at },
  };
}
