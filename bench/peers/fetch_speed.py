"""Steps of a Fetch task of Gymnasium-Robotics, timed on request: reads a count per line, answers with the processor seconds.

    python fetch_speed.py FetchPush-v4

Random actions, whole steps as users take them (through gymnasium.make, with its wrappers), resets included.
"""
import json
import sys
import time

import mujoco

if not mujoco.mjtJoint.mjJNT_HINGE == mujoco.mjtJoint.mjJNT_HINGE.value:
    # From 3.12 on the package fails in an assertion on joint types; nothing else is changed.
    mujoco.mjtJoint.__eq__ = lambda a, b: int(a) == int(b)
    mujoco.mjtJoint.__hash__ = lambda a: hash(int(a))

import gymnasium as gym  # noqa: E402
import gymnasium_robotics  # noqa: E402

gym.register_envs(gymnasium_robotics)
env = gym.make(sys.argv[1], max_episode_steps=50)
env.reset(seed=1)
env.action_space.seed(1)
versions = {"mujoco": mujoco.__version__, "gymnasium-robotics": gymnasium_robotics.__version__, "gymnasium": gym.__version__}
print(json.dumps(versions), flush=True)
for line in sys.stdin:
    actions = [env.action_space.sample() for _ in range(int(line))]
    start = time.process_time()
    for action in actions:
        *_, terminated, truncated, _ = env.step(action)
        if terminated or truncated:
            env.reset()
    print(json.dumps(time.process_time() - start), flush=True)
