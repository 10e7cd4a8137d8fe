// The registry of agents.
import { unknownName } from '../errors.js';
import type { AgentDefinition } from './agent.js';
import { bc } from './bc.js';
import { crl } from './crl.js';
import { ddpg } from './ddpg.js';
import { dqn } from './dqn.js';
import { gcbc } from './gcbc.js';
import { gciql } from './gciql.js';
import { gcivl } from './gcivl.js';
import { gofar } from './gofar.js';
import { hiql } from './hiql.js';
import { mtsac } from './mtsac.js';
import { planner } from './planner.js';
import { ppo } from './ppo.js';
import { qrl } from './qrl.js';
import { sac } from './sac.js';
import { saw } from './saw.js';
import { tabular } from './tabular.js';
import { td3 } from './td3.js';
import { td3Bc } from './td3-bc.js';
import { tqc } from './tqc.js';
import { wgcsl } from './wgcsl.js';

export * from './agent.js';
export * from './agent-spec.js';
export { bc } from './bc.js';
export type { BcConfig } from './bc-config.js';
export { type CrlConfig, crl } from './crl.js';
export { type DdpgConfig, ddpg } from './ddpg.js';
export { type DqnConfig, dqn } from './dqn.js';
export { chooseEncoders, encoderConfig } from './encoder-settings.js';
export { type InputEncoders, inputEncoders, sharedEncoderConfig } from './encoders.js';
export { type GcbcConfig, gcbc } from './gcbc.js';
export { type GciqlConfig, gciql } from './gciql.js';
export { type GcivlConfig, gcivl } from './gcivl.js';
export { type GofarConfig, gofar } from './gofar.js';
export { type HiqlConfig, hiql } from './hiql.js';
export { mtsac } from './mtsac.js';
export type { MtsacConfig } from './mtsac-config.js';
export * as parts from './parts.js';
export { type PlannerConfig, planner } from './planner.js';
export { type PpoConfig, ppo } from './ppo.js';
export { type QrlConfig, qrl } from './qrl.js';
export { type SacConfig, sac } from './sac.js';
export { type SawConfig, saw } from './saw.js';
export { type TabularConfig, tabular } from './tabular.js';
export { type Td3Config, td3 } from './td3.js';
export { type Td3BcConfig, td3Bc } from './td3-bc.js';
export { type TqcConfig, tqc } from './tqc.js';
export * from './update-step.js';
export { type WgcslConfig, wgcsl } from './wgcsl.js';

// A definition of any configuration: `create` takes what its own schema has parsed.
const agents: readonly AgentDefinition[] = [
  sac,
  mtsac,
  td3,
  ddpg,
  tqc,
  dqn,
  ppo,
  bc,
  gcbc,
  gcivl,
  gciql,
  crl,
  saw,
  hiql,
  qrl,
  td3Bc,
  wgcsl,
  gofar,
  planner,
  tabular,
] as AgentDefinition[];

export const listAgents = (): readonly AgentDefinition[] => agents;

/** The agent of this name; an unknown one is a UsageError that names the nearest. */
export function findAgent(name: string): AgentDefinition {
  const found = agents.find((agent) => agent.name === name);
  if (!found)
    throw unknownName(
      'agent',
      name,
      agents.map((agent) => agent.name),
    );
  return found;
}
