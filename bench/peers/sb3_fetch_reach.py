"""SAC + HER of Stable-Baselines3 on FetchReach-v4 until two evaluations of 50 episodes in a row reach 95%: a JSON line per evaluation.

python sb3_fetch_reach.py SEED; seconds are of training, evaluation excluded.
"""

import json
import sys
import time

import gymnasium as gym
import gymnasium_robotics
import torch
from stable_baselines3 import SAC, HerReplayBuffer
from stable_baselines3.common.callbacks import BaseCallback

EVERY, EPISODES, LIMIT = 1000, 50, 15_000
gym.register_envs(gymnasium_robotics)
torch.set_num_threads(2)
evaluation = gym.make("FetchReach-v4")


def success_rate(model):
    successes = 0
    for episode in range(EPISODES):
        observation, _ = evaluation.reset(seed=10_000 + episode)
        for _ in range(50):
            action, _ = model.predict(observation, deterministic=True)
            observation, _, _, _, info = evaluation.step(action)
        successes += info["is_success"]
    return successes / EPISODES


class UntilSuccess(BaseCallback):
    def __init__(self):
        super().__init__()
        self.start, self.evaluating, self.before = time.perf_counter(), 0.0, 0.0

    def _on_step(self):
        if self.n_calls % EVERY:
            return True
        begin = time.perf_counter()
        success = success_rate(self.model)
        seconds = begin - self.start - self.evaluating
        self.evaluating += time.perf_counter() - begin
        print(json.dumps({"steps": self.n_calls, "seconds": round(seconds, 2), "success": float(success)}), flush=True)
        reached = min(success, self.before) >= 0.95
        self.before = success
        return not reached


SAC(
    "MultiInputPolicy",
    gym.make("FetchReach-v4"),
    replay_buffer_class=HerReplayBuffer,
    replay_buffer_kwargs=dict(n_sampled_goal=4, goal_selection_strategy="future"),
    learning_starts=1000,
    batch_size=256,
    gamma=0.95,
    learning_rate=1e-3,
    policy_kwargs=dict(net_arch=[256, 256], n_critics=2),
    seed=int(sys.argv[1]),
).learn(LIMIT, callback=UntilSuccess())
