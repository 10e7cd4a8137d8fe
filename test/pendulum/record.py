"""Plays Gymnasium's Pendulum-v1 and prints state, action and reward of each step as lines of JSON, for comparison.

    python test/pendulum/record.py > test/pendulum/traces.ndjson   (with gymnasium 1.x)

Actions are float64, so that nothing is rounded on the way. The first line says where it came from.
"""
import json

import gymnasium as gym
import numpy as np

EPISODES, STEPS = 3, 60

print(json.dumps({"gymnasium": gym.__version__, "numpy": np.__version__}))
env = gym.make("Pendulum-v1", disable_env_checker=True).unwrapped
for seed in range(EPISODES):
    env.reset(seed=seed)
    env.state = env.state * (1.0 if seed else 0.02)  # one episode from nearly upright
    random = np.random.default_rng(seed)
    for t in range(STEPS):
        before = [float(x) for x in env.state]
        # Held for a while and beyond the bounds at times, so that the speed meets its limit.
        if t % 6 == 0:
            action = random.uniform(-3, 3)
        _, reward, *_ = env.step(np.array([action], dtype=np.float64))
        after = [float(x) for x in env.state]
        print(json.dumps({"state": before, "action": float(action), "next": after, "reward": float(reward)}))
