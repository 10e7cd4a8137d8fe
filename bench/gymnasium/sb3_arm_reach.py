"""Stable-Baselines3's SAC with hindsight on anygoal's arm/reach: python bench/gymnasium/sb3_arm_reach.py OUT.json [SEED...]

The hyperparameters are those that anygoal has for arm/reach. Needs stable-baselines3, the package of python/, and
ANYGOAL_COMMAND, such as ANYGOAL_COMMAND='node dist/cli/main.js'.
"""
import json
import sys
import time

import anygoal
import numpy as np
import torch
from stable_baselines3 import SAC, HerReplayBuffer

STEPS, EVERY, EPISODES = 8000, 1000, 20
torch.set_num_threads(1)


def success(model, env):
    reached = []
    for episode in range(EPISODES):
        observation, _ = env.reset(seed=10_000 + episode)
        ended = False
        while not ended:
            action, _ = model.predict(observation, deterministic=True)
            observation, _, terminated, truncated, info = env.step(action)
            ended = terminated or truncated
        reached.append(info["is_success"])
    return float(np.mean(reached))


runs = []
for seed in map(int, sys.argv[2:] or ["0"]):
    env, test = anygoal.make("arm/reach"), anygoal.make("arm/reach")
    model = SAC(
        "MultiInputPolicy",
        env,
        seed=seed,
        learning_rate=1e-3,
        gamma=0.95,
        tau=0.05,
        ent_coef="auto_0.1",
        batch_size=256,
        learning_starts=500,
        policy_kwargs={"net_arch": [64, 64]},
        replay_buffer_class=HerReplayBuffer,
        replay_buffer_kwargs={"n_sampled_goal": 4, "goal_selection_strategy": "future"},
    )
    curve, begin = [], time.process_time()
    runs.append({"seed": seed, "curve": curve})
    for steps in range(EVERY, STEPS + 1, EVERY):
        model.learn(EVERY, reset_num_timesteps=False)
        curve.append([steps, success(model, test)])
        runs[-1]["processorSeconds"] = round(time.process_time() - begin)
        print(seed, *curve[-1], f"{time.process_time() - begin:.0f} s of processor", flush=True)
        with open(sys.argv[1], "w") as out:  # a run that is stopped has told what it found
            json.dump({"env": "arm/reach", "agent": "SAC + HER of Stable-Baselines3", "runs": runs}, out, indent=1)
    env.close()
    test.close()
