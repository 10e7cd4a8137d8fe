"""SBX's SAC with hindsight on a Fetch task over native MuJoCo, until two evaluations in a row reach 95%: a JSON line each.

    python sbx_fetch.py '{"task": "FetchReach-v4", "seed": 1, "limit": 15000, "every": 1000, "warmup": 1000, "hidden": [256, 256],
        "learningRate": 1e-3, "discount": 0.95, "tau": 0.005, "batch": 256, "envs": 1, "cycle": 50, "updates": 50}'

Every `cycle` steps (of all environments together) SBX learns from `updates` batches in one call, which is its fastest
way. Seconds are of training, evaluation (50 episodes) and SBX's own compiling excluded: updates are compiled beforehand.
"""
import json
import os
import sys

os.environ["JAX_PLATFORMS"] = "cpu"

import torch  # noqa: E402
from fetch_goals import UntilSuccess, clocks  # noqa: E402
from sbx import SAC  # noqa: E402
from stable_baselines3 import HerReplayBuffer  # noqa: E402
from stable_baselines3.common.env_util import make_vec_env  # noqa: E402

given = json.loads(sys.argv[1])
torch.set_num_threads(1)  # it copies batches, no more
envs = given["envs"]
callback = UntilSuccess(given["task"], given["every"])


class Compiled(SAC):
    """The first calls compile: their time is set aside."""

    calls = 0

    def train(self, gradient_steps, batch_size):
        begin = clocks()
        super().train(gradient_steps, batch_size)
        # The second call compiles too: the types of what the first one gave are others.
        if self.calls < 2:
            callback.set_aside(begin)
        self.calls += 1


Compiled(
    "MultiInputPolicy",
    make_vec_env(given["task"], n_envs=envs, seed=given["seed"]),
    replay_buffer_class=HerReplayBuffer,
    replay_buffer_kwargs=dict(n_sampled_goal=4, goal_selection_strategy="future"),
    learning_starts=given["warmup"],
    batch_size=given["batch"],
    gamma=given["discount"],
    tau=given["tau"],
    learning_rate=given["learningRate"],
    train_freq=max(1, given["cycle"] // envs),
    gradient_steps=given["updates"],
    policy_kwargs=dict(net_arch=given["hidden"]),
    seed=given["seed"],
).learn(given["limit"], callback=callback)
