"""Steps of a MuJoCo task of Gymnasium, timed on request: reads a count per line, answers with the processor seconds.

    python gymnasium_speed.py Hopper-v5

Random actions, whole steps as users take them (through gymnasium.make, with its wrappers), resets included.
"""
import json
import sys
import time
from importlib.metadata import version

import gymnasium as gym

env = gym.make(sys.argv[1])
env.reset(seed=1)
env.action_space.seed(1)
print(json.dumps({name: version(name) for name in ("mujoco", "gymnasium", "numpy")}), flush=True)
for line in sys.stdin:
    actions = [env.action_space.sample() for _ in range(int(line))]
    start = time.process_time()
    for action in actions:
        *_, terminated, truncated, _ = env.step(action)
        if terminated or truncated:
            env.reset()
    print(json.dumps(time.process_time() - start), flush=True)
