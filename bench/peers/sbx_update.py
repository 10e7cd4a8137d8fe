"""SBX's update (Stable-Baselines3's algorithms in JAX), timed on request: milliseconds per update, with or without sampling.

    python sbx_update.py '{"agent": "sac", "observation": 10, "goal": 3, "action": 4, "batch": 256, "hidden": [64, 64], "threads": 2}'

Agents: sac and tqc ("critics": N), td3, ddpg, dqn; SBX's default settings otherwise, with hindsight from 5,000 stored
transitions (dqn, ddpg: without, as SBX takes no dictionaries there). SBX compiles a loop of updates, and is fastest with
many in a call: 100, of large networks as many as take a second or so; a call's time is divided by their number.
Requests: see random_goals.py; `stored`: the batches were sampled once beforehand. XLA_FLAGS=--xla_cpu_max_isa=AVX2 keeps
it to AVX2.
"""
import json
import os
import sys
import time

size = json.loads(sys.argv[1])
os.environ["NPROC"] = str(size["threads"])  # of XLA's pool
os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import sbx  # noqa: E402
import torch  # noqa: E402
from random_goals import RandomGoals, serve  # noqa: E402
from stable_baselines3 import HerReplayBuffer  # noqa: E402

torch.set_num_threads(1)  # it copies the batches, no more: with two its threads wait for each other
STORED = 5000
hidden, rows = size["hidden"], size["batch"]
work = rows * sum(a * b for a, b in zip(hidden, hidden[1:]))
per_call = max(2, min(100, round(1.7e9 / work)))
flat = size["agent"] in ("dqn", "ddpg")
policy = dict(net_arch=hidden)
if size["agent"] in ("sac", "td3") and "critics" in size:
    policy["n_critics"] = size["critics"]
hindsight = dict() if flat else dict(replay_buffer_class=HerReplayBuffer)
model = dict(sac=sbx.SAC, tqc=sbx.TQC, td3=sbx.TD3, ddpg=sbx.DDPG, dqn=sbx.DQN)[size["agent"]](
    "MlpPolicy" if flat else "MultiInputPolicy", RandomGoals(size, flat), seed=0, policy_kwargs=policy,
    learning_starts=STORED + 1, gradient_steps=1, batch_size=rows, buffer_size=STORED, **hindsight,
)
model.learn(STORED)
model._setup_learn(1)
buffer, draw = model.replay_buffer, model.replay_buffer.sample
batches = draw(per_call * rows)


def parameters():
    states = [getattr(model.policy, name, None) for name in ("actor_state", "qf_state", "qf1_state", "qf2_state")]
    return [state.params for state in states if state is not None]


def time_updates(count, sampled):
    times = []
    buffer.sample = draw if sampled else lambda *_, **__: batches
    for _ in range(-(-count // per_call)):
        start = time.perf_counter()
        model.train(batch_size=rows, gradient_steps=per_call)
        jax.block_until_ready(parameters())
        times += [1000 * (time.perf_counter() - start) / per_call] * per_call
    return times


time_updates(1, True), time_updates(1, False)  # compiles
serve({"sbx-rl": sbx.__version__, "jax": jax.__version__}, time_updates)
