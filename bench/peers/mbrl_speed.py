"""mbrl-lib's model, timed: a batch of its fit, imagined steps, and whole environment steps of MBPO, one thread.

    python mbrl_speed.py '{"observation": 11, "action": 3, "batches": 20, "steps": 400}'

mbrl 0.2.0 with its own classes: a Gaussian ensemble of 7 with four layers of 200, SAC of 256 x 256, cartpole_continuous
(4 numbers, 1 action). What it needs on Python 3.11 stands in mbrl-requirements.txt. Prints one JSON object; seconds are of
the process's processor.
"""
import json
import sys
import time
import types

import numpy as np

if not hasattr(np, "bool8"):
    np.bool8 = np.bool_

import gymnasium as gym
import mbrl.models
import mbrl.third_party.pytorch_sac_pranz24 as sac_library
import mbrl.util.common
import omegaconf
import torch
from mbrl.algorithms.mbpo import rollout_model_and_populate_sac_buffer
from mbrl.env.cartpole_continuous import CartPoleEnv
from mbrl.env.termination_fns import cartpole, no_termination
from mbrl.planning.sac_wrapper import SACAgent

size = json.loads(sys.argv[1])
torch.set_num_threads(1)
torch.manual_seed(0)
rng = np.random.default_rng(0)
generator = torch.Generator().manual_seed(0)


def clock(rounds, work):
    """The least processor seconds of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best


def model_of(observations, actions):
    ensemble = mbrl.models.GaussianMLP(
        observations + actions, observations + 1, "cpu", num_layers=4, ensemble_size=7, hid_size=200,
        deterministic=False, propagation_method="random_model", learn_logvar_bounds=False,
        activation_fn_cfg=omegaconf.OmegaConf.create({"_target_": "torch.nn.SiLU"}),
    )
    model = mbrl.models.OneDTransitionRewardModel(ensemble, target_is_delta=True, normalize=True, learned_rewards=True)
    model.set_elite([0, 1, 2, 3, 4])
    return model


def agent_of(observations, actions):
    box = gym.spaces.Box(-np.ones(actions, np.float32), np.ones(actions, np.float32))
    args = types.SimpleNamespace(
        gamma=0.99, tau=0.005, alpha=0.2, policy="Gaussian", target_update_interval=4,
        automatic_entropy_tuning=True, target_entropy=-1, hidden_size=256, device="cpu", lr=3e-4, batch_size=256,
    )
    return SACAgent(sac_library.SAC(observations, box, args))


def replay_of(count, observations, actions, draw):
    replay = mbrl.util.ReplayBuffer(count, (observations,), (actions,), rng=rng)
    for _ in range(count):
        replay.add(*draw())
    return replay


def parts():
    """A batch of the fit for each of 7 members, and 100,000 imagined steps, with as many numbers as Hopper has."""
    observations, actions = size["observation"], size["action"]
    normal = lambda n: rng.standard_normal(n).astype(np.float32)
    draw = lambda: (normal(observations), normal(actions).clip(-1, 1), normal(observations), float(normal(1)[0]), False, False)
    replay = replay_of(5000, observations, actions, draw)
    model = model_of(observations, actions)
    model.update_normalizer(replay.get_all())
    train, validate = mbrl.util.common.get_basic_buffer_iterators(
        replay, 256, 0.2, ensemble_size=7, shuffle_each_epoch=True, bootstrap_permutes=False,
    )
    trainer = mbrl.models.ModelTrainer(model, optim_lr=1e-3, weight_decay=5e-5)
    batches = train.num_batches if hasattr(train, "num_batches") else int(np.ceil(4000 / 256))
    fit = clock(4, lambda: trainer.train(train, dataset_val=validate, num_epochs=1, patience=1, silent=True))
    agent = agent_of(observations, actions)
    world = mbrl.models.ModelEnv(
        types.SimpleNamespace(observation_space=gym.spaces.Box(-np.inf, np.inf, (observations,), np.float32), action_space=agent.sac_agent and gym.spaces.Box(-1, 1, (actions,), np.float32)),
        model, no_termination, None, generator=generator,
    )
    imagined = mbrl.util.ReplayBuffer(100_000, (observations,), (actions,), rng=rng)
    steps = clock(2, lambda: rollout_model_and_populate_sac_buffer(world, replay, agent, imagined, True, 1, 100_000))
    return {"batch": fit / batches, "batches": batches, "imagined": steps}


def mbpo():
    """Environment steps of MBPO as its example for cartpole has them: 20 updates each; every 200 a fit and 80,000 steps."""
    env = CartPoleEnv()
    draw_action = lambda: rng.uniform(-1, 1, 1).astype(np.float32)
    replay = mbrl.util.ReplayBuffer(20_000, (4,), (1,), rng=rng)
    state = {"observation": env.reset()[0]}

    def step(action):
        after, reward, terminated, truncated, _ = env.step(action)
        replay.add(state["observation"], action, after, reward, terminated, truncated)
        state["observation"] = env.reset()[0] if terminated or truncated else after

    for _ in range(5000):
        step(draw_action())
    model, agent = model_of(4, 1), agent_of(4, 1)
    trainer = mbrl.models.ModelTrainer(model, optim_lr=1e-3, weight_decay=5e-5)
    world = mbrl.models.ModelEnv(
        types.SimpleNamespace(observation_space=env.observation_space, action_space=gym.spaces.Box(-1, 1, (1,), np.float32)),
        model, cartpole, None, generator=generator,
    )
    imagined = mbrl.util.ReplayBuffer(320_000, (4,), (1,), rng=rng)
    seconds = {"fits": 0.0, "imagination": 0.0, "updates": 0.0, "epochs": 0}

    def timed(name, work):
        begin = time.process_time()
        value = work()
        seconds[name] += time.process_time() - begin
        return value

    def fit():
        mbrl.util.common.train_model_and_save_model_and_data(
            model, trainer, omegaconf.OmegaConf.create(
                {"model_batch_size": 256, "validation_ratio": 0.2, "num_epochs_train_model": None, "patience": 5}
            ), replay,
        )

    for n in range(size["steps"]):
        if n % 200 == 0:
            timed("fits", fit)
            timed("imagination", lambda: rollout_model_and_populate_sac_buffer(world, replay, agent, imagined, True, 1, 80_000))
        step(agent.act(state["observation"], sample=True))
        timed("updates", lambda: [agent.sac_agent.update_parameters(imagined, 256, n, reverse_mask=True) for n in range(20)])
    return {"steps": size["steps"], **seconds}


print(json.dumps({"mbrl": mbrl.__version__ if hasattr(mbrl, "__version__") else "0.2.0", "torch": torch.__version__, **parts(), "mbpo": mbpo()}))
