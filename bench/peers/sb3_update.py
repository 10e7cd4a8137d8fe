"""Stable-Baselines3's update, timed on request: milliseconds of each update, with or without its sampling.

    python sb3_update.py '{"agent": "sac", "observation": 10, "goal": 3, "action": 4, "batch": 256, "hidden": [64, 64], "threads": 2}'

Agents: sac (with "critics": N an ensemble), td3, ddpg, dqn ("action" choices); SB3's default settings otherwise, with
hindsight from 5,000 stored transitions. Requests: see random_goals.py; `stored`: the batch was sampled once beforehand.
"""
import json
import sys
import time

import stable_baselines3
import torch
from random_goals import RandomGoals, serve
from stable_baselines3 import DDPG, DQN, SAC, TD3, HerReplayBuffer

size = json.loads(sys.argv[1])
torch.set_num_threads(size["threads"])
STORED = 5000
policy = dict(net_arch=size["hidden"])
if size["agent"] == "sac":
    policy["n_critics"] = size.get("critics", 2)
model = dict(sac=SAC, td3=TD3, ddpg=DDPG, dqn=DQN)[size["agent"]](
    "MultiInputPolicy", RandomGoals(size), replay_buffer_class=HerReplayBuffer, seed=0, device="cpu",
    learning_starts=STORED + 1, gradient_steps=0, batch_size=size["batch"], buffer_size=STORED, policy_kwargs=policy,
)
model.learn(STORED)
model._setup_learn(1)
buffer, draw = model.replay_buffer, model.replay_buffer.sample
batch, starts = draw(size["batch"]), []


def time_updates(count, sampled):
    def sample(*given, **named):
        starts.append(time.perf_counter())
        return draw(*given, **named) if sampled else batch

    starts.clear()
    buffer.sample = sample
    model.train(count, size["batch"])
    starts.append(time.perf_counter())
    return [1000 * (b - a) for a, b in zip(starts, starts[1:])]


serve({"stable-baselines3": stable_baselines3.__version__, "torch": torch.__version__}, time_updates)
