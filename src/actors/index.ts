// Many actors, one learner: episodes travel over a broker, policies the other way.
export { type ActorReport, type RunActorOptions, runActor } from './actor-program.js';
export type { Broker, Channel, Incoming, KeptMessage, StateName } from './broker.js';
export { type ConnectOptions, connectBroker, type NatsPackages } from './connect.js';
export { createMemoryBroker } from './memory-broker.js';
export { type ActorStatus, createPresence, type LearnerStatus, type Presence } from './presence.js';
export { createRemoteSource, type RemoteSourceOptions } from './source.js';
export { decodePart, type EpisodeFacts, type EpisodePart, encodeEpisode, tableSum } from './wire.js';
