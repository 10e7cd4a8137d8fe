"""Plays the Fetch tasks of Gymnasium-Robotics and prints what happened as lines of JSON, for comparison with anygoal's.

    python test/fetch/record.py > test/fetch/traces.ndjson   (with mujoco==3.14.0, gymnasium-robotics==1.4.2)

--every N keeps the observations of each Nth step only (default 10); rewards and successes are kept of all.
--seeds N plays N episodes of random actions per task instead of one.
--states adds MuJoCo's complete state before each step.
"""
import argparse
import json

import mujoco
import numpy as np

# Numbers from MuJoCo's arrays no longer count as members of a tuple of its enumeration (since 3.12), which an assertion of
# the package expects. Nothing else of it is changed.
mujoco.mjtJoint.__eq__ = lambda a, b: int(a) == int(b)
mujoco.mjtJoint.__hash__ = lambda a: hash(int(a))

import gymnasium as gym  # noqa: E402
import gymnasium_robotics  # noqa: E402

gym.register_envs(gymnasium_robotics)

TASKS = {
    "reach": "FetchReach-v4",
    "push": "FetchPush-v4",
    "slide": "FetchSlide-v4",
    "pick-and-place": "FetchPickAndPlace-v4",
}
STEPS = 50


def numbers(array):
    return [float(x) for x in np.asarray(array).ravel()]


def purposeful(task, t, observation, noise):
    """Actions that run into things: the table, the object's side, the object between the fingers."""
    grip, opening = observation[:3], 0.0
    if task == "reach":
        direction = [(0.3, 0.0, -1.0), (-1.0, 1.0, 0.2)][t // 25]
        return np.array([*direction, 1.0]) + 0.1 * noise
    thing = observation[3:6]
    if task == "pick-and-place":
        above = 0.08 if t < 12 else 0.0
        opening = 1.0 if t < 22 else -1.0
        target = thing + [0.0, 0.0, above] if t < 26 else grip + [0.01, -0.01, 0.025 * (1 if t < 40 else -1)]
        noise = 0.2 * noise
    else:
        behind = thing - [0.075, 0.0, 0.0]
        target = behind + [0.0, 0.0, 0.1] if t < 10 else behind if t < 16 else grip + [0.012, 0.0, 0.0]
        noise = 0.3 * noise
    return np.append((target - grip) / 0.05, opening) + noise


def watch_touching(env):
    """From now on `env.touched` says whether the robot has touched the object in the latest step, at any substep."""
    model, data = env.model, env.data
    thing = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_GEOM, "object0")
    robot = {geom for geom in range(model.ngeom) if model.geom(geom).name.startswith("robot0:")}

    def step(_action):
        env.touched = False
        for _ in range(env.n_substeps):  # what mj_step does with nstep
            mujoco.mj_step(model, data)
            pairs = [{c.geom1, c.geom2} for c in data.contact[: data.ncon]] if thing >= 0 else []
            env.touched |= any(thing in pair and pair & robot for pair in pairs)

    env._mujoco_step = step


def quantities(env):
    """What the observation is made of."""
    model, data = env.model, env.data
    utils = env._utils
    site = lambda what, name: numbers(getattr(utils, f"get_site_{what}")(model, data, name))
    joint = lambda what, side: numbers(
        getattr(utils, f"get_joint_{what}")(model, data, f"robot0:{side}_gripper_finger_joint")
    )
    found = {
        "gripper": site("xpos", "robot0:grip"),
        "gripperVelocity": site("xvelp", "robot0:grip"),
        "fingers": joint("qpos", "r") + joint("qpos", "l"),
        "fingerVelocities": joint("qvel", "r") + joint("qvel", "l"),
    }
    if env.has_object:
        found["object"] = {
            "position": site("xpos", "object0"),
            "rotation": site("xmat", "object0"),
            "velocity": site("xvelp", "object0"),
            "angularVelocity": site("xvelr", "object0"),
        }
    return found


def put(env, place):
    """The reset's start with the object at a given place."""
    model, data = env.model, env.data
    mujoco.mj_resetData(model, data)
    data.time = env.initial_time
    data.qpos[:] = env.initial_qpos
    data.qvel[:] = env.initial_qvel
    joint = env._utils.get_joint_qpos(model, data, "object0:joint")
    joint[:2] = place
    env._utils.set_joint_qpos(model, data, "object0:joint", joint)
    mujoco.mj_forward(model, data)


def sensitivity(env, trace):
    """
    How far observations move when the object starts one unit in the last place (2e-16 m) elsewhere: the largest so far of
    four such shifts. No two builds of MuJoCo, which round differently, can agree better.
    """

    def run(place):
        put(env, place)
        return np.array([env.step(np.array(a, dtype=np.float32))[0]["observation"] for a in trace["actions"]])

    x, y = trace["place"]
    base = run([x, y])
    shifted = [run(place) for end in (0, 9) for place in ([np.nextafter(x, end), y], [x, np.nextafter(y, end)])]
    furthest = np.max([np.abs(other - base).max(axis=1) for other in shifted], axis=0)
    return [float(f"{x:.2g}") for x in np.maximum.accumulate(furthest)]


def state(env):
    """mjSTATE_INTEGRATION, the mocap body put to the gripper as each step does first."""
    env._utils.reset_mocap2body_xpos(env.model, env.data)
    kind = mujoco.mjtState.mjSTATE_INTEGRATION
    values = np.zeros(mujoco.mj_stateSize(env.model, kind))
    mujoco.mj_getState(env.model, env.data, values, kind)
    return numbers(values)


def play(task, kind, seed, options):
    env = gym.make(TASKS[task]).unwrapped
    watch_touching(env)
    random = np.random.default_rng(seed)
    observation, _ = env.reset(seed=seed)
    if kind == "purposeful":
        # A goal that is passed, so that success comes and goes.
        offset = {"reach": [0.05, 0.0, -0.1], "push": [0.06, 0.0, 0.0], "pick-and-place": [0.05, -0.05, 0.06]}.get(task, [0.1, 0.0, 0.0])
        env.goal = observation["achieved_goal"] + offset
        observation = env._get_obs()
    trace = {
        "task": task,
        "kind": kind,
        "seed": seed,
        "initialGripper": numbers(env.initial_gripper_xpos),
        "objectHeight": float(getattr(env, "height_offset", 0)),
        "place": [],
        "goal": numbers(env.goal),
        "start": numbers(observation["observation"]),
        "actions": [],
        "observations": [],
        "rewards": [],
        "dense": [],
        "successes": [],
        "touching": [],
        "states": [],
    }
    if env.has_object:
        joint = env._utils.get_joint_qpos(env.model, env.data, "object0:joint")
        trace["place"] = numbers(joint[:2])
    for t in range(STEPS):
        noise = random.uniform(-1, 1, 4)
        action = noise if kind == "random" else purposeful(task, t, observation["observation"], noise)
        # Beyond 1, so that clipping counts; few digits, exact in float32.
        if options.states:
            trace["states"].append(state(env))
        action = (np.round(np.clip(1.2 * action, -1.5, 1.5) * 128) / 128).astype(np.float32)
        observation, reward, terminated, truncated, info = env.step(action)
        assert not terminated and not truncated
        achieved = observation["achieved_goal"]
        trace["actions"].append(numbers(action))
        trace["rewards"].append(float(reward))
        trace["dense"].append(float(-np.linalg.norm(achieved - env.goal)))
        trace["successes"].append(int(info["is_success"]))
        trace["touching"].append(int(env.touched))
        if (t + 1) % options.every == 0:
            trace["observations"].append(numbers(observation["observation"]))
            assert np.array_equal(achieved, observation["observation"][3:6] if env.has_object else observation["observation"][:3])
    trace["quantities"] = quantities(env)
    trace["last"] = numbers(observation["observation"])
    trace["sensitivity"] = sensitivity(env, trace) if env.has_object else []
    return trace


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--states", action="store_true")
    options = parser.parse_args()
    episodes = [("purposeful", 0)] + [("random", seed) for seed in range(1, options.seeds + 1)]
    traces = [play(task, kind, seed, options) for task in TASKS for kind, seed in episodes]
    versions = {"mujoco": mujoco.__version__, "gymnasium-robotics": gymnasium_robotics.__version__, "numpy": np.__version__}
    print(json.dumps({"versions": versions, "every": options.every}))
    for trace in traces:
        print(json.dumps(trace, separators=(",", ":")))


main()
