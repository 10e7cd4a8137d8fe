"""Trains one of OGBench's own agents on a point maze's data and prints success by task and time as lines of JSON.

    git clone https://github.com/seohongpark/ogbench && git -C ogbench checkout 1d41409
    python3 -m venv ogbench-venv && ogbench-venv/bin/pip install -r bench/peers/ogbench-requirements.txt
    ogbench-venv/bin/python bench/peers/ogbench_offline.py ogbench DATA.safetensors --agent gcivl --steps 100000

DATA is a file of `anygoal data record ogbench/pointmaze-MAZE --policy navigate|stitch` or an .npz of OGBench's, so that
both sides learn from the same episodes. Agents, losses, goal sampling, networks and evaluation are OGBench's; only widths
(--hidden, --latent) and batches (--batch) are smaller than its defaults of 512, 512 and 1024. Its settings for each data set are those of
its hyperparameters.sh. Seconds are of training alone; the first update, which compiles, is told apart.
"""
import argparse
import json
import os
import random
import struct
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

AGENTS = {
    "gcbc": {},
    "gcivl": {"alpha": 10.0},
    "gciql": {"alpha": 0.003},
    "qrl": {"alpha": 0.0003},
    "crl": {"alpha": 0.03},
    "hiql": {"high_alpha": 3.0, "low_alpha": 3.0},
}


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        body = file.read()
    types = {"F32": np.float32, "I32": np.int32, "U8": np.uint8}
    arrays = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        arrays[name] = np.frombuffer(body[begin:end], types[entry["dtype"]]).reshape(entry["shape"])
    return arrays


def as_npz(path, folder):
    """OGBench's layout: a row per state; the action of an episode's last row leads nowhere."""
    arrays = read_safetensors(path)
    steps = arrays["episode.steps"]
    rows = int(steps.sum()) + len(steps)
    last = np.cumsum(steps + 1) - 1
    terminals = np.zeros(rows, bool)
    terminals[last] = True
    actions = np.zeros((rows, arrays["action"].shape[1]), np.float32)
    actions[~terminals] = arrays["action"]
    out = f"{folder}/data.npz"
    np.savez(out, observations=arrays["observation"], actions=actions, terminals=terminals)
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("checkout")
    parser.add_argument("data")
    parser.add_argument("--agent", choices=AGENTS, required=True)
    parser.add_argument("--maze", default="medium", choices=["medium", "large", "giant", "teleport"])
    parser.add_argument("--kind", default="navigate", choices=["navigate", "stitch"])
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--every", type=int, default=20_000, help="steps between evaluations")
    parser.add_argument("--episodes", type=int, default=10, help="of each of the five tasks")
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--latent", type=int, default=64, help="numbers of encoded states and goals, where there are such")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    sys.path.insert(0, str(Path(args.checkout) / "impls"))
    os.environ.setdefault("JAX_PLATFORMS", "cpu")

    import gymnasium
    import jax
    import ogbench.locomaze  # noqa: F401
    from agents import agents
    from ogbench.utils import load_dataset
    from utils.datasets import Dataset, GCDataset, HGCDataset
    from utils.evaluation import evaluate

    module = __import__(f"agents.{args.agent}", fromlist=["get_config"])
    config = module.get_config()
    config.update(AGENTS[args.agent])
    config.batch_size = args.batch
    for name in config:
        if name.endswith("hidden_dims"):
            config[name] = (args.hidden,) * 3
    if "latent_dim" in config:
        config.latent_dim = args.latent
    if args.kind == "stitch" and args.agent != "gcbc":
        config.actor_p_trajgoal = config.actor_p_randomgoal = 0.5
    if args.maze == "giant" and args.agent != "gcbc":
        config.discount = 0.995

    with tempfile.TemporaryDirectory() as folder:
        path = args.data if args.data.endswith(".npz") else as_npz(args.data, folder)
        loaded = load_dataset(path, compact_dataset=True)
    kinds = {"GCDataset": GCDataset, "HGCDataset": HGCDataset}
    dataset = kinds[config["dataset_class"]](Dataset.create(**loaded), config)
    env = gymnasium.make(f"pointmaze-{args.maze}-v0")
    env.reset()
    random.seed(args.seed)
    np.random.seed(args.seed)
    example = dataset.sample(1)
    agent = agents[args.agent].create(args.seed, example["observations"], example["actions"], config)
    print(json.dumps({**vars(args), "jax": jax.__version__, "data": Path(args.data).name, "checkout": "1d41409"}), flush=True)

    seconds = cpu = compile_seconds = 0.0
    for step in range(1, args.steps + 1):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        agent, info = agent.update(dataset.sample(config["batch_size"]))
        if step == 1 or step % args.every == 0:
            jax.block_until_ready(info)
        took, took_cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
        if step == 1:
            compile_seconds = took
            continue
        seconds += took
        cpu += took_cpu
        if step % args.every:
            continue
        tasks = {}
        for task in range(1, 6):
            with open(os.devnull, "w") as nowhere:
                kept, sys.stderr = sys.stderr, nowhere
                stats, *_ = evaluate(agent, env, task_id=task, config=config, num_eval_episodes=args.episodes)
                sys.stderr = kept
            tasks[f"task-{task}"] = float(stats["success"])
        success = sum(tasks.values()) / len(tasks)
        print(
            json.dumps(
                {
                    "steps": step,
                    "seconds": round(seconds, 2),
                    "cpuSeconds": round(cpu, 2),
                    "compileSeconds": round(compile_seconds, 2),
                    "success": success,
                    "tasks": tasks,
                }
            ),
            flush=True,
        )


main()
