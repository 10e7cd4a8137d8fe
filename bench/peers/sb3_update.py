"""Stable-Baselines3's update, timed on request: reads a count per line, answers with the milliseconds of each update.

    python sb3_update.py '{"agent": "sac", "observation": 10, "goal": 3, "action": 4, "batch": 256, "hidden": [64, 64], "threads": 2}'

Agents: sac (with "critics": N an ensemble), td3, ddpg, dqn ("action" choices); SB3's default settings otherwise.

The environment is random numbers of the asked sizes: only the update counts. The batch is sampled once beforehand, so
that the replay buffer stays out of the figures, as it does on the other side.
"""
import json
import sys
import time

import gymnasium as gym
import numpy as np
import stable_baselines3
import torch
from stable_baselines3 import DDPG, DQN, SAC, TD3, HerReplayBuffer

size = json.loads(sys.argv[1])
torch.set_num_threads(size["threads"])
discrete = size["agent"] == "dqn"


class RandomGoals(gym.Env):
    def __init__(self):
        goal = gym.spaces.Box(-np.inf, np.inf, (size["goal"],), np.float32)
        observation = gym.spaces.Box(-np.inf, np.inf, (size["observation"],), np.float32)
        self.observation_space = gym.spaces.Dict(observation=observation, achieved_goal=goal, desired_goal=goal)
        actions = size["action"]
        self.action_space = gym.spaces.Discrete(actions) if discrete else gym.spaces.Box(-1, 1, (actions,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t = 0
        return self.state(), {}

    def state(self):
        draw = lambda space: self.np_random.standard_normal(space.shape).astype(np.float32)
        return {name: draw(space) for name, space in self.observation_space.items()}

    def compute_reward(self, achieved, desired, info):
        return -(np.linalg.norm(achieved - desired, axis=-1) > 1).astype(np.float32)

    def step(self, action):
        self.t += 1
        state = self.state()
        return state, float(self.compute_reward(state["achieved_goal"], state["desired_goal"], {})), False, self.t >= 50, {}


policy = dict(net_arch=size["hidden"])
if size["agent"] == "sac":
    policy["n_critics"] = size.get("critics", 2)
model = dict(sac=SAC, td3=TD3, ddpg=DDPG, dqn=DQN)[size["agent"]](
    "MultiInputPolicy", RandomGoals(), replay_buffer_class=HerReplayBuffer, seed=0, device="cpu",
    learning_starts=100, gradient_steps=0, batch_size=size["batch"], buffer_size=5000, policy_kwargs=policy,
)
model.learn(500)
model._setup_learn(1)
batch, starts = model.replay_buffer.sample(size["batch"]), []


def sample(*_, **__):
    starts.append(time.perf_counter())
    return batch


model.replay_buffer.sample = sample
versions = {"stable-baselines3": stable_baselines3.__version__, "torch": torch.__version__}
print(json.dumps(versions), flush=True)
for line in sys.stdin:
    starts.clear()
    model.train(int(line), size["batch"])
    starts.append(time.perf_counter())
    print(json.dumps([1000 * (b - a) for a, b in zip(starts, starts[1:])]), flush=True)
