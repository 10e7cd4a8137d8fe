"""Plays Gymnasium's MuJoCo tasks and prints what happened as lines of JSON, for comparison with anygoal's.

    python test/gymnasium/record.py > test/gymnasium/traces.ndjson   (with mujoco==3.14.0, gymnasium==1.4.0)

Each task has an episode of random actions, some beyond their bounds, so that clipping counts. Actions are float64: with
float32 ones, Python's costs of control are of single precision.
--every N keeps the observations of each Nth step only (default 10); rewards and ends are kept of all.
--steps N is an episode's length (default 100; half-cheetah, whose contacts are chaotic, has at most 30).
"""
import argparse
import json
from importlib.metadata import version

import gymnasium
import mujoco
import numpy as np

TASKS = {
    "inverted-pendulum": "InvertedPendulum-v5",
    "reacher": "Reacher-v5",
    "pusher": "Pusher-v5",
    "hopper": "Hopper-v5",
    "half-cheetah": "HalfCheetah-v5",
    "walker2d": "Walker2d-v5",
    "ant": "Ant-v5",
}
LONGEST = {"half-cheetah": 30}


def numbers(array):
    return [float(x) for x in np.asarray(array).ravel()]


def play(task, options):
    env = gymnasium.make(TASKS[task]).unwrapped
    random = np.random.default_rng(7)
    observation, _ = env.reset(seed=7)
    high = env.action_space.high
    trace = {
        "task": task,
        "qpos": numbers(env.data.qpos),
        "qvel": numbers(env.data.qvel),
        "start": numbers(observation),
        "actions": [],
        "observations": [],
        "rewards": [],
        "ends": [],
    }
    for t in range(min(options.steps, LONGEST.get(task, options.steps))):
        # Few digits. Episodes go on after their end: nothing in the physics knows of it.
        action = np.round(1.2 * high * random.uniform(-1, 1, high.size) * 128) / 128
        observation, reward, terminated, _, _ = env.step(action)
        trace["actions"].append(numbers(action))
        trace["rewards"].append(float(reward))
        trace["ends"].append(int(terminated))
        if (t + 1) % options.every == 0:
            trace["observations"].append(numbers(observation))
    return trace


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--steps", type=int, default=100)
    options = parser.parse_args()
    versions = {"mujoco": mujoco.__version__, "gymnasium": version("gymnasium"), "numpy": np.__version__}
    print(json.dumps({"versions": versions, "every": options.every}))
    for task in TASKS:
        print(json.dumps(play(task, options), separators=(",", ":")))


main()
