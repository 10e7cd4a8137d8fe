"""Runs OGBench's own generate_locomaze.py for the point mazes and prints statistics of its data as lines of JSON.

    git clone https://github.com/seohongpark/ogbench   (commit 1d41409)
    python test/ogbench/statistics.py ogbench/data_gen_scripts/generate_locomaze.py > test/ogbench/statistics.ndjson

with ogbench==1.2.2, mujoco==3.14.0, absl-py, tqdm. The script's own agents, which the point mazes do not need, are left out.
"""
import json
import sys
import tempfile
import types
from importlib.metadata import version
from pathlib import Path

import numpy as np

for name, members in {
    "agents": ["SACAgent"],
    "utils": [],
    "utils.evaluation": ["supply_rng"],
    "utils.flax_utils": ["restore_agent"],
}.items():
    module = types.ModuleType(name)
    for member in members:
        setattr(module, member, None)
    sys.modules[name] = module

from absl import flags  # noqa: E402

SETS = [
    # maze, data, episodes, rows per episode
    ("medium", "stitch", 300, 201),
    ("medium", "navigate", 100, 1001),
    ("large", "stitch", 300, 201),
    ("giant", "navigate", 20, 2001),
]


def statistics(data, width):
    """
    How many episodes come into each cell, how far off from the middles of cells their rows are, lengths of steps and ways.
    Shares of rows by cell say little: where a goal lies too far in a corner an episode stays there to its end.
    """
    places = data["observations"].astype(np.float64)
    ends = np.flatnonzero(data["terminals"])
    lengths = np.diff(np.concatenate([[-1], ends]))
    episodes = np.split(places, ends[:-1] + 1)
    off = np.abs((places + 6) % 4 - 2).max(axis=1)
    moves = np.concatenate([np.linalg.norm(np.diff(e, axis=0), axis=1) for e in episodes])
    cells = [np.unique((((e + 6) // 4) @ [1, width]).astype(int)) for e in episodes]
    visited = [len(own) for own in cells]
    distances = [np.linalg.norm(e[-1] - e[0]) for e in episodes]
    return {
        "episodes": len(episodes),
        "rows": sorted({int(n) for n in lengths}),
        "cells": np.bincount(np.concatenate(cells)).tolist(),
        # Largest distance along an axis from the middle of the cell, in metres: up to 1.3 where there are walls.
        "off": np.histogram(off, bins=np.linspace(0, 2, 11))[0].tolist(),
        "moves": [float(moves.mean()), float(moves.std())],
        "visited": [float(np.mean(visited)), float(np.std(visited))],
        "distance": [float(np.mean(distances)), float(np.std(distances))],
        "actions": [float(data["actions"].mean()), float(data["actions"].std()), float((np.abs(data["actions"]) == 1).mean())],
    }


def main():
    source = Path(sys.argv[1]).read_text()
    names = ["ogbench", "mujoco", "numpy"]
    print(json.dumps({"versions": {name: version(name) for name in names}, "every": 1}))
    script = types.ModuleType("generate_locomaze")
    exec(compile(source, sys.argv[1], "exec"), script.__dict__)
    with tempfile.TemporaryDirectory() as folder:
        for maze, kind, episodes, rows in SETS:
            path = f"{folder}/{maze}-{kind}.npz"
            np.random.seed(0)
            flags.FLAGS(
                [
                    "generate_locomaze",
                    f"--env_name=pointmaze-{maze}-v0",
                    f"--save_path={path}",
                    f"--dataset_type={kind}",
                    f"--num_episodes={episodes}",
                    f"--max_episode_steps={rows}",
                    "--noise=0.5",
                ]
            )
            with np.errstate(all="ignore"):
                # Its own progress goes to the standard error.
                out, sys.stdout = sys.stdout, sys.stderr
                script.main([])
                sys.stdout = out
            data = np.load(path)
            width = {"medium": 8, "large": 12, "giant": 16}[maze]
            print(json.dumps({"maze": maze, "kind": kind, **statistics(data, width)}), flush=True)


main()
