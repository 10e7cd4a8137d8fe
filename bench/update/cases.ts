// The rows of the table of updates: agents and sizes, their hand-written references, and the bars.
import { type Agent, type AgentSpec, ddpg, dqn, sac, td3, tqc, vectorSpec } from '../../src/agents/index.js';
import { box, discrete } from '../../src/envs/index.js';
import { deterministicReference } from './deterministic-reference.js';
import { dqnReference } from './dqn-reference.js';
import type { Reference, ReferenceSize } from './hand-nets.js';
import { sacReference } from './sac-reference.js';

export interface UpdateCase extends ReferenceSize {
  readonly name: string;
  readonly agent: 'sac' | 'td3' | 'ddpg' | 'dqn' | 'tqc';
  /** Critics: of TQC all in the target; of SAC an ensemble, of which REDQ draws two for each target. */
  readonly critics?: number;
  /** Settings of the agent other than its defaults, so that it does what the peers' does. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** How many times faster than the fastest peer with two threads it must be, sampling included on both sides. */
  readonly bar?: number;
}

const sizes = { observation: 10, goal: 3, action: 4, batch: 256 };
const square = (width: number) => ({ ...sizes, hidden: [width, width] });

/** Widths and the bars of SAC. */
const widths = [
  { label: '64', size: square(64), bar: 2 },
  { label: '128', size: square(128), bar: 2 },
  { label: '256', size: square(256), bar: 1.5 },
  { label: '512', size: square(512), bar: 1.2 },
  { label: '512x3', size: { ...sizes, batch: 2048, hidden: [512, 512, 512] }, bar: 1.2 },
];

/** Rows of the table beside peers. REDQ's ensemble of ten at the largest size takes gigabytes and seconds: left out. */
export const peerCases: readonly UpdateCase[] = [
  ...widths.map(({ label, size, bar }) => ({ name: `sac-${label}`, agent: 'sac' as const, ...size, bar })),
  ...widths.map(({ label, size }) => ({ name: `td3-${label}`, agent: 'td3' as const, ...size })),
  // The peers' targets are not double, and SBX's networks have two layers whatever is asked for.
  ...widths
    .slice(0, -1)
    .map(({ label, size }) => ({ name: `dqn-${label}`, agent: 'dqn' as const, ...size, settings: { double: false } })),
  ...widths.map(({ label, size }) => ({ name: `tqc-${label}`, agent: 'tqc' as const, ...size, critics: 2 })),
  ...widths
    .slice(0, -1)
    .map(({ label, size }) => ({ name: `redq-${label}`, agent: 'sac' as const, ...size, critics: 10 })),
];

/** Rows of the table beside hand-written updates. */
export const cases: readonly UpdateCase[] = [
  ...peerCases.filter(({ agent, critics }) => agent === 'sac' && !critics),
  { name: 'redq-256', agent: 'sac', ...square(256), critics: 10 },
  { name: 'td3-64', agent: 'td3', ...square(64) },
  { name: 'td3-256', agent: 'td3', ...square(256) },
  { name: 'ddpg-64', agent: 'ddpg', ...square(64) },
  { name: 'ddpg-256', agent: 'ddpg', ...square(256) },
  { name: 'dqn-64', agent: 'dqn', ...square(64) },
  { name: 'dqn-256', agent: 'dqn', ...square(256) },
];

const DRAWN = 2;

/** What the agent of a case is made for. */
export const specOf = ({ agent, observation, goal, action }: UpdateCase): AgentSpec =>
  vectorSpec({
    observation,
    goal,
    action: agent === 'dqn' ? discrete(action) : box(action, -1, 1),
    rewardRange: [-1, 0],
  });

/** The agent as training makes it, with its default settings but for those given. */
export function agentOf(of: UpdateCase, more: Readonly<Record<string, unknown>> = {}): Agent {
  const { agent, hidden, critics } = of;
  const settings = { ...of.settings, ...more };
  const spec = specOf(of);
  const options = { normalize: false };
  switch (agent) {
    case 'sac': {
      const redq = critics && { critics, targetCritics: DRAWN, actorValue: 'mean' };
      return sac.create(spec, sac.config.parse({ hidden, ...redq, ...settings }), options);
    }
    case 'td3':
      return td3.create(spec, td3.config.parse({ hidden, ...settings }), options);
    case 'ddpg':
      return ddpg.create(spec, ddpg.config.parse({ hidden, ...settings }), options);
    case 'dqn':
      return dqn.create(spec, dqn.config.parse({ hidden, ...settings }), options);
    case 'tqc':
      return tqc.create(spec, tqc.config.parse({ hidden, ...(critics && { critics }), ...settings }), options);
  }
}

/** The hand-written update that does what these steps do one after the other. */
export function referenceOf(of: UpdateCase, steps: readonly string[]): Reference {
  switch (of.agent) {
    case 'sac':
      return of.critics ? sacReference(of, of.critics, DRAWN) : sacReference(of);
    case 'dqn':
      return dqnReference(of);
    case 'tqc':
      throw new Error('no one wrote TQC by hand');
    default:
      return deterministicReference(of.agent, of, steps.includes('actor') || steps.includes('all'));
  }
}

/** The steps of the updates that take turns: TD3 delays its actor. */
export function turns(agent: Agent): (readonly string[])[] {
  const [first, second] = [1, 2].map((update) => agent.updateNames(update));
  return first.join() === second.join() ? [first] : [first, second];
}
