// Every entry of the package compiles for a program that checks its libraries too.
import type * as anygoal from 'anygoal';
import type * as actors from 'anygoal/actors';
import type * as agents from 'anygoal/agents';
import type * as envs from 'anygoal/envs';
import type * as lab from 'anygoal/lab';
import type * as multitask from 'anygoal/multitask';
import type * as nets from 'anygoal/nets';
import type * as physics from 'anygoal/physics';
import type * as replay from 'anygoal/replay';
import type * as tensor from 'anygoal/tensor';
import type * as text from 'anygoal/text';
import type * as training from 'anygoal/training';
import { typeOf } from './check.js';

export type Rooms = [
  ...[typeof anygoal, typeof actors, typeof agents, typeof envs, typeof lab, typeof multitask, typeof nets],
  ...[typeof physics, typeof replay, typeof tensor, typeof text, typeof training],
];

declare const simulation: physics.Physics;
typeOf(simulation.array('qpos')()).is<Float64Array>();
typeOf(simulation.model.geom_size).is<Float64Array>();
// @ts-expect-error no such array of mjData
simulation.array('qpoz');
