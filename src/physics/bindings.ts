// What is used of MuJoCo's WebAssembly bindings, as types of our own: those of the package do not compile without
// `skipLibCheck`, and programs that use anygoal should not need that.

/** Memory outside JavaScript: whoever makes it deletes it. */
interface Handle {
  delete(): void;
}

type Counts = 'nq' | 'nv' | 'nu' | 'na' | 'nhistory' | 'nkey' | 'nmocap' | 'nuserdata' | 'nsensordata';
type NamedCounts = 'nbody' | 'njnt' | 'ngeom' | 'nsite' | 'nsensor' | 'ncam' | 'nmesh';
type NameAddresses =
  | ('name_bodyadr' | 'name_jntadr' | 'name_geomadr' | 'name_siteadr' | 'name_actuatoradr')
  | ('name_sensoradr' | 'name_camadr' | 'name_meshadr' | 'name_keyadr');
type Integers =
  | (
      | 'jnt_type'
      | 'jnt_qposadr'
      | 'jnt_dofadr'
      | 'jnt_bodyid'
      | 'body_parentid'
      | 'body_weldid'
      | 'body_dofnum'
      | 'body_mocapid'
    )
  | ('geom_contype' | 'geom_conaffinity')
  | ('geom_type' | 'geom_group' | 'geom_matid' | 'geom_dataid' | 'geom_bodyid' | 'site_bodyid' | 'actuator_trnid')
  | ('jnt_group' | 'actuator_trntype' | 'actuator_gaintype' | 'actuator_biastype' | 'actuator_dyntype')
  | ('sensor_adr' | 'sensor_dim' | 'mesh_vertadr' | 'mesh_vertnum' | 'mesh_faceadr' | 'mesh_facenum' | 'mesh_face');
type Doubles =
  | (
      | 'qpos0'
      | 'key_qpos'
      | 'key_qvel'
      | 'jnt_range'
      | 'body_mass'
      | 'body_pos'
      | 'geom_size'
      | 'geom_pos'
      | 'geom_quat'
    )
  | ('actuator_ctrlrange' | 'actuator_gainprm' | 'actuator_biasprm' | 'eq_data')
  | ('jnt_solref' | 'actuator_forcerange' | 'actuator_gear');
type Floats = 'geom_rgba' | 'mat_rgba' | 'mesh_vert';

/** mjModel: what never changes while it is stepped. Arrays are views of WebAssembly memory: read them anew each time. */
export type MujocoModel = Handle &
  Readonly<Record<Counts | NamedCounts, number>> &
  Readonly<Record<Integers | NameAddresses, Int32Array>> &
  Readonly<Record<Doubles, Float64Array>> &
  Readonly<Record<Floats, Float32Array>> & {
    readonly opt: {
      timestep: number;
      integrator: number;
      disableflags: number;
      readonly enableflags: number;
      gravity: Float64Array;
    };
    readonly stat: { readonly extent: number };
    /** All names, each ended by a 0. */
    readonly names: Int8Array;
  };

/** Arrays of mjData; all float64. */
export type DataArray =
  | ('qpos' | 'qvel' | 'qacc' | 'act' | 'ctrl' | 'mocap_pos' | 'mocap_quat' | 'userdata' | 'sensordata')
  | ('xpos' | 'xquat' | 'xmat' | 'xipos' | 'site_xpos' | 'site_xmat' | 'geom_xpos' | 'geom_xmat' | 'cvel')
  | (
      | 'xfrc_applied'
      | 'qfrc_applied'
      | 'actuator_force'
      | 'qfrc_actuator'
      | 'subtree_com'
      | 'qacc_warmstart'
      | 'cfrc_ext'
    );

/** mjData: the state, and what follows from it. */
export type MujocoData = Handle & Readonly<Record<DataArray, Float64Array>> & { time: number; readonly ncon: number };

/** Numbers in WebAssembly memory that MuJoCo reads and writes. */
export interface MujocoBuffer extends Handle {
  GetView(): Float64Array;
}

export interface MujocoIntegers extends Handle {
  GetView(): Int32Array;
}

export interface MujocoBytes extends Handle {
  GetView(): Uint8Array;
}

interface EnumValue {
  readonly value: number;
}

/** A model that is parsed, but not compiled (mjSpec). */
export type MujocoSpec = Handle;
/** A part of one. */
export type MujocoElement = Handle;

/** mjsJoint */
export interface MujocoJoint extends Handle {
  readonly type: EnumValue;
  readonly limited: EnumValue;
  readonly range: Float64Array;
  readonly actfrclimited: EnumValue;
  readonly actfrcrange: Float64Array;
}

/** mjsActuator */
export interface MujocoActuator extends Handle {
  readonly element: MujocoElement;
  trntype: EnumValue;
  target: string;
  biastype: EnumValue;
  readonly gainprm: Float64Array;
  readonly biasprm: Float64Array;
  readonly gear: Float64Array;
  inheritrange: number;
  ctrllimited: EnumValue;
  readonly ctrlrange: Float64Array;
  forcelimited: EnumValue;
  readonly forcerange: Float64Array;
}

/** What Emscripten's file system hands around: its nodes, as far as they are used here. */
export interface FileNode {
  name: string;
  parent: FileNode;
  mode: number;
  path: string;
  bytes: Uint8Array;
  /** Of the bytes, once it has been asked for. */
  print?: number;
  node_ops: object;
  stream_ops: object;
}

/** Emscripten's file system, as far as it is used here. */
interface Files {
  readonly root: FileNode;
  readonly ErrnoError: new (number: number) => Error;
  chdir(path: string): void;
  readdir(path: string): string[];
  createNode(parent: FileNode | null, name: string, mode: number, device: number): FileNode;
  destroyNode(node: FileNode): void;
  mount(type: { mount(where: { mountpoint: string }): FileNode }, options: object, path: string): void;
  unmount(path: string): void;
}

/** A simulation whose steps are done outside WebAssembly. */
export interface NativeSubject {
  readonly model: MujocoModel;
  readonly data: MujocoData;
  readonly name?: string;
}

/** Steps a simulation outside WebAssembly: its state goes over and comes back, and nothing that follows from it. */
export interface NativeSteps {
  /** Does these substeps, with `drive` before each; returns how many it did. */
  run(substeps: number, drive?: (substep: number) => void): number;
  /** The model is copied anew before the next substep. */
  modelChanged(): void;
  dispose(): void;
}

type Enum<Names extends string> = Readonly<Record<Names, EnumValue>>;
type Numbers = MujocoBuffer | ArrayLike<number> | null;

/**
 * The MuJoCo module, as far as it is used here. It has all of MuJoCo's functions: for others cast it to the `MainModule` of
 * `@mujoco/mujoco`.
 */
export interface Mujoco {
  readonly MjModel: {
    new (model: MujocoModel): MujocoModel;
    from_xml_path(path: string): MujocoModel;
  };
  readonly MjData: new (model: MujocoModel) => MujocoData;
  readonly DoubleBuffer: new (size: number) => MujocoBuffer;
  readonly IntBuffer: new (size: number) => MujocoIntegers;
  readonly Uint8Buffer: new (size: number) => MujocoBytes;
  /** Not MuJoCo's: makes what steps a simulation in a library of the user's (native-library.ts). Absent: WebAssembly does. */
  readonly native?: (simulation: NativeSubject) => NativeSteps;
  readonly FS: Files;
  readonly mjtDisableBit: Enum<'mjDSBL_AUTORESET' | 'mjDSBL_LIMIT' | 'mjDSBL_CLAMPCTRL'>;
  readonly mjtJoint: Enum<'mjJNT_FREE' | 'mjJNT_BALL' | 'mjJNT_HINGE' | 'mjJNT_SLIDE'>;
  readonly mjtTrn: Enum<'mjTRN_JOINT' | 'mjTRN_JOINTINPARENT'>;
  readonly mjtGain: Enum<'mjGAIN_FIXED'>;
  readonly mjtBias: Enum<'mjBIAS_AFFINE'>;
  readonly mjtDyn: Enum<'mjDYN_INTEGRATOR'>;
  readonly mjtLimited: Enum<'mjLIMITED_FALSE' | 'mjLIMITED_TRUE' | 'mjLIMITED_AUTO'>;
  readonly mjtIntegrator: Enum<'mjINT_RK4'>;
  readonly mjtState: Enum<
    | ('mjSTATE_INTEGRATION' | 'mjSTATE_TIME' | 'mjSTATE_QPOS' | 'mjSTATE_QVEL' | 'mjSTATE_ACT')
    | ('mjSTATE_WARMSTART' | 'mjSTATE_CTRL')
  >;
  readonly mjtEnableBit: Enum<'mjENBL_SLEEP'>;
  readonly mjtObj: Enum<
    | ('mjOBJ_BODY' | 'mjOBJ_JOINT' | 'mjOBJ_GEOM' | 'mjOBJ_SITE' | 'mjOBJ_ACTUATOR' | 'mjOBJ_SENSOR')
    | ('mjOBJ_CAMERA' | 'mjOBJ_MESH' | 'mjOBJ_KEY')
  >;
  parseXMLString(xml: string): MujocoSpec;
  mjs_firstElement(spec: MujocoSpec, type: EnumValue): MujocoElement | null;
  mjs_nextElement(spec: MujocoSpec, element: MujocoElement): MujocoElement | null;
  mjs_asJoint(element: MujocoElement): MujocoJoint | null;
  mjs_getName(element: MujocoElement): string;
  mjs_setName(element: MujocoElement, name: string): void;
  mjs_getSpecDefault(spec: MujocoSpec): Handle | null;
  mjs_addActuator(spec: MujocoSpec, defaults: Handle): MujocoActuator | null;
  mj_compile(spec: MujocoSpec): MujocoModel;
  mj_step(model: MujocoModel, data: MujocoData): void;
  mj_step1(model: MujocoModel, data: MujocoData): void;
  mj_step2(model: MujocoModel, data: MujocoData): void;
  mj_forward(model: MujocoModel, data: MujocoData): void;
  mj_resetData(model: MujocoModel, data: MujocoData): void;
  mj_resetDataKeyframe(model: MujocoModel, data: MujocoData, key: number): void;
  mj_versionString(): string;
  mj_sizeModel(model: MujocoModel): bigint;
  mj_saveModel(model: MujocoModel, path: null, out: MujocoBytes): void;
  mj_stateSize(model: MujocoModel, signature: number): number;
  mj_getState(model: MujocoModel, data: MujocoData, state: MujocoBuffer, signature: number): void;
  mj_setState(model: MujocoModel, data: MujocoData, state: ArrayLike<number>, signature: number): void;
  mj_name2id(model: MujocoModel, type: number, name: string): number;
  mj_id2name(model: MujocoModel, type: number, id: number): string | null;
  mj_jacBodyCom(model: MujocoModel, data: MujocoData, position: Numbers, rotation: Numbers, body: number): void;
  mj_jacSite(model: MujocoModel, data: MujocoData, position: Numbers, rotation: Numbers, site: number): void;
  mj_solveM(model: MujocoModel, data: MujocoData, out: MujocoBuffer, right: ArrayLike<number>): void;
  mj_rnePostConstraint(model: MujocoModel, data: MujocoData): void;
  mj_objectVelocity(
    ...given: [model: MujocoModel, data: MujocoData, type: number, id: number, out: MujocoBuffer, local: number]
  ): void;
  mj_ray(
    ...given: [
      ...[model: MujocoModel, data: MujocoData, from: readonly number[], along: readonly number[]],
      ...[groups: readonly number[], isStaticHit: boolean, excludedBody: number],
      ...[geom: MujocoIntegers, normal: MujocoBuffer],
    ]
  ): number;
}
