"""SAC + HER of Stable-Baselines3 on FetchReach-v4 until two evaluations of 50 episodes in a row reach 95%: a JSON line per evaluation.

python sb3_fetch_reach.py SEED; seconds are of training, evaluation excluded.
"""

import sys

import gymnasium as gym
import torch
from fetch_goals import UntilSuccess
from stable_baselines3 import SAC, HerReplayBuffer

torch.set_num_threads(2)
TASK = "FetchReach-v4"

SAC(
    "MultiInputPolicy",
    gym.make(TASK),
    replay_buffer_class=HerReplayBuffer,
    replay_buffer_kwargs=dict(n_sampled_goal=4, goal_selection_strategy="future"),
    learning_starts=1000,
    batch_size=256,
    gamma=0.95,
    learning_rate=1e-3,
    policy_kwargs=dict(net_arch=[256, 256], n_critics=2),
    seed=int(sys.argv[1]),
).learn(15_000, callback=UntilSuccess(TASK, 1000))
