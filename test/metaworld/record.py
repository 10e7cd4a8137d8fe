"""Plays the MT10 tasks of Meta-World and prints what happened as lines of JSON, for comparison with anygoal's.

    python test/metaworld/record.py > test/metaworld/traces.ndjson   (with mujoco==3.14.0, metaworld==3.1.1)

Each task has an episode of random actions and one of its scripted policy, both with some beyond 1, so that clipping counts.
--every N keeps the observations of each Nth step only (default 10); rewards and successes are kept of all.
--seeds N plays N episodes of each kind.
--steps N is their length; 0, the default, is 50 steps of random actions and 100 of the policy, in which it touches things.
--states adds MuJoCo's complete state before each step.
"""
import argparse
import json
import pickle
import warnings
from importlib.metadata import version

import mujoco
import numpy as np
from metaworld.env_dict import ALL_V3_ENVIRONMENTS
from metaworld.policies import ENV_POLICY_MAP
from metaworld.types import Task

warnings.filterwarnings("ignore")  # of policies whose actions are clipped

TASKS = {
    "reach": "reach-v3",
    "push": "push-v3",
    "pick-place": "pick-place-v3",
    "door-open": "door-open-v3",
    "drawer-open": "drawer-open-v3",
    "drawer-close": "drawer-close-v3",
    "button-press-topdown": "button-press-topdown-v3",
    "peg-insert-side": "peg-insert-side-v3",
    "window-open": "window-open-v3",
    "window-close": "window-close-v3",
}
# Draws in which object and goal lie closer together in the plane are drawn anew.
APART = {"reach": 0.15, "push": 0.15, "pick-place": 0.15, "peg-insert-side": 0.1}


def numbers(array):
    return [float(x) for x in np.asarray(array).ravel()]


def draw(env, task, random):
    """A vector of the task's box, with few digits."""
    space = env._random_reset_space
    while True:
        vector = np.clip(np.round(random.uniform(space.low, space.high), 5), space.low, space.high)
        if task not in APART or np.linalg.norm(vector[:2] - vector[3:5]) >= APART[task]:
            return vector


def make(task, vector_of):
    name = TASKS[task]
    env = ALL_V3_ENVIRONMENTS[name]()
    vector = vector_of(env)
    data = {"env_cls": type(env), "rand_vec": vector, "partially_observable": False}
    env.set_task(Task(env_name=name, data=pickle.dumps(data)))
    return env, vector


def state(env):
    """mjSTATE_INTEGRATION."""
    kind = mujoco.mjtState.mjSTATE_INTEGRATION
    values = np.zeros(mujoco.mj_stateSize(env.model, kind))
    mujoco.mj_getState(env.model, env.data, values, kind)
    return numbers(values)


def play(task, kind, seed, options):
    random = np.random.default_rng(seed)
    env, vector = make(task, lambda env: draw(env, task, random))
    policy = ENV_POLICY_MAP[TASKS[task]]()
    observation, _ = env.reset()
    trace = {
        "task": task,
        "kind": kind,
        "seed": seed,
        "vector": numbers(vector),
        "target": numbers(env._target_pos),
        "start": numbers(observation),
        "actions": [],
        "observations": [],
        "rewards": [],
        "successes": [],
        "states": [],
    }
    for t in range(options.steps or (50 if kind == "random" else 100)):
        # The policy writes into what it is given.
        action = 1.2 * random.uniform(-1, 1, 4) if kind == "random" else policy.get_action(observation.copy())
        if options.states:
            trace["states"].append(state(env))
        # Few digits, exact in float32.
        action = (np.round(np.clip(action, -1.5, 1.5) * 128) / 128).astype(np.float32)
        observation, reward, terminated, _, info = env.step(action)
        assert not terminated
        trace["actions"].append(numbers(action))
        trace["rewards"].append(float(reward))
        trace["successes"].append(int(info["success"]))
        if (t + 1) % options.every == 0:
            trace["observations"].append(numbers(observation))
    return trace


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--states", action="store_true")
    options = parser.parse_args()
    versions = {"mujoco": mujoco.__version__, "metaworld": version("metaworld"), "numpy": np.__version__}
    print(json.dumps({"versions": versions, "every": options.every}))
    for task in TASKS:
        for kind in ("random", "scripted"):
            for seed in range(1, options.seeds + 1):
                print(json.dumps(play(task, kind, seed, options), separators=(",", ":")))


main()
