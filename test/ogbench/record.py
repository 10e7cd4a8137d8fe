"""Plays OGBench's point mazes and prints what happened as lines of JSON, for comparison with anygoal's.

    python test/ogbench/record.py > test/ogbench/traces.ndjson   (with ogbench==1.2.2, mujoco==3.14.0)

One episode per maze rolls along walls and into corners: random directions, each held for a while. The others are the
evaluation tasks, played by the oracle with a little noise. Actions are float32, as those of OGBench's agents.
--seeds N plays N episodes along walls instead of one.
"""
import argparse
import json
from importlib.metadata import version

import gymnasium
import numpy as np

import ogbench.locomaze  # noqa: F401

MAZES = ["medium", "large", "giant", "teleport"]
WALL_STEPS = 300
TASK_STEPS = 60


def numbers(array):
    return [float(x) for x in np.asarray(array).ravel()]


def action_of(values):
    """Few digits, so that the recording is small, and exactly the float32 that stands there."""
    return np.clip(np.round(values, 2), -1, 1).astype(np.float32)


def play(env, maze, kind, task, steps, choose):
    _, info = env.reset(options={"task_id": task})
    trace = {
        "maze": maze,
        "kind": kind,
        "task": task,
        "start": numbers(env.get_xy()),
        "goal": numbers(info["goal"]),
        "actions": [],
        "places": [],
        "successes": [],
        "terminated": False,
    }
    for t in range(steps):
        action = action_of(choose(t))
        place, reward, terminated, _, info = env.step(action)
        # Where it is moved to by a teleport it is shown at the next step only.
        trace["actions"].append([round(float(a), 2) for a in action])
        trace["places"].append(numbers(env.get_xy()))
        trace["successes"].append(int(info["success"]))
        trace["terminated"] = bool(terminated)
        if terminated:
            break
    return trace


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=1)
    seeds = parser.parse_args().seeds
    names = ["ogbench", "mujoco", "gymnasium", "numpy"]
    print(json.dumps({"versions": {name: version(name) for name in names}, "every": 1}))
    for maze in MAZES:
        env = gymnasium.make(f"pointmaze-{maze}-v0").unwrapped
        tasks = [{"start": [int(i) for i in t["init_ij"]], "goal": [int(i) for i in t["goal_ij"]]} for t in env.task_infos]
        print(json.dumps({"maze": maze, "kind": "layout", "map": ["".join(map(str, row)) for row in env.maze_map], "tasks": tasks}))
        for seed in range(seeds):
            random = np.random.default_rng(seed)
            np.random.seed(seed)
            held = np.zeros(2)

            def along_walls(t):
                nonlocal held
                if t % 20 == 0:
                    held = random.normal(size=2)
                    held = 1.2 * held / np.linalg.norm(held)
                return held + 0.1 * random.normal(size=2)

            env._terminate_at_goal = False
            print(json.dumps(play(env, maze, "walls", 1 + seed % 5, WALL_STEPS, along_walls)))
            env._terminate_at_goal = True
        for task in range(1, 6):
            np.random.seed(100 + task)
            random = np.random.default_rng(task)

            def oracle(_):
                toward, _ = env.get_oracle_subgoal(env.get_xy(), env.cur_goal_xy)
                toward = toward - env.get_xy()
                return toward / (np.linalg.norm(toward) + 1e-6) + 0.2 * random.normal(size=2)

            short = maze == "medium" and task in (3, 4)  # to the end; of the others only the beginning
            print(json.dumps(play(env, maze, "task", task, 300 if short else TASK_STEPS, oracle)))


main()
