"""Writes small data sets with the tools that others use, for test/datasets/formats.test.ts.

python samples.py write FOLDER     Minari, D4RL (h5py), OGBench (numpy) and LeRobot v3 (pyarrow, pandas) samples,
                                   and all of them in FOLDER.zip, which is kept as samples.zip
python samples.py read FOLDER      what Minari reads of data sets below FOLDER, and the versions, as one line of JSON

Needs: minari[hdf5] h5py pillow numpy pyarrow pandas. OGBench and D4RL publish their files without a library that writes
them: the first are numpy.savez_compressed of flat arrays, the second h5py with gzip. LeRobot's own package brings torch;
its version 3 layout is written here as lerobot 0.4.4 writes it (float lists of fixed size, the tasks as pandas' index).
"""

import json
import os
import sys
import warnings
import zipfile

import numpy as np

warnings.simplefilter("ignore")


def coded(episode, rows, size, scale=1.0):
    """Numbers that tell their episode, step and place."""
    t, j = np.meshgrid(np.arange(rows), np.arange(size), indexing="ij")
    return scale * (100.0 * episode + t + 0.01 * j)


LENGTHS = [3, 1, 5]


def write_minari(root):
    os.environ["MINARI_DATASETS_PATH"] = os.path.join(root, "minari")
    import minari
    from gymnasium import spaces
    from minari.data_collector import EpisodeBuffer

    space = spaces.Dict(
        observation=spaces.Box(-np.inf, np.inf, (3,)),
        achieved_goal=spaces.Box(-500.0, 500.0, (2,)),
        desired_goal=spaces.Box(-500.0, 500.0, (2,)),
    )
    buffers = []
    for e, steps in enumerate([*LENGTHS, *[2] * 9]):  # more than ten: their names sort as 0, 1, 10, 11, 2
        buffers.append(
            EpisodeBuffer(
                id=e,
                seed=e,
                observations={
                    "observation": coded(e, steps + 1, 3),
                    "achieved_goal": coded(e, steps + 1, 2),
                    "desired_goal": np.tile([e, -e], (steps + 1, 1)).astype(float),
                },
                actions=coded(e, steps, 2, 0.001).astype(np.float32),
                rewards=list(-np.arange(steps, dtype=float)),
                terminations=[False] * (steps - 1) + [e in (1, 2)],
                truncations=[False] * (steps - 1) + [e not in (1, 2)],
                infos={"success": np.array([False] * steps + [e == 1]), "qpos": coded(e, steps + 1, 1)},
            )
        )
    minari.create_dataset_from_buffers(
        "sample/goals-v0",
        buffers,
        observation_space=space,
        action_space=spaces.Box(-1.0, 1.0, (2,), np.float32),
        algorithm_name="coded",
    )
    plain = [
        EpisodeBuffer(
            id=e,
            observations=coded(e, steps + 1, 4).astype(np.float32),
            actions=np.arange(1, steps + 1),
            rewards=[1.0] * steps,
            terminations=[False] * (steps - 1) + [e == 0],
            truncations=[False] * (steps - 1) + [e != 0],
        )
        for e, steps in enumerate(LENGTHS)
    ]
    minari.create_dataset_from_buffers(
        "sample/plain-v0",
        plain,
        observation_space=spaces.Box(-np.inf, np.inf, (4,), np.float32),
        action_space=spaces.Discrete(5, start=1),
    )


def write_ogbench(root):
    rows = [steps + 1 for steps in LENGTHS]
    arrays = {
        "observations": np.concatenate([coded(e, n, 2) for e, n in enumerate(rows)]).astype(np.float32),
        "actions": np.concatenate([coded(e, n, 2, 0.001) for e, n in enumerate(rows)]).astype(np.float32),
        "terminals": np.concatenate([np.arange(n) == n - 1 for n in rows]),
        "qpos": np.concatenate([coded(e, n, 2) for e, n in enumerate(rows)]).astype(np.float32),
    }
    np.savez_compressed(os.path.join(root, "ogbench.npz"), **arrays)
    np.savez(os.path.join(root, "stored.npz"), **arrays)
    np.savez(os.path.join(root, "mixed.npz"), **{**arrays, "observations": arrays["observations"][:-1]})
    np.savez(os.path.join(root, "lacking.npz"), observations=arrays["observations"])


def write_d4rl(root):
    import h5py

    def write(name, **arrays):
        with h5py.File(os.path.join(root, name), "w") as file:
            for key, values in arrays.items():
                file.create_dataset(key.replace("__", "/"), data=values, compression="gzip")
            file["metadata/algorithm"] = "coded"

    rows = [steps + 1 for steps in LENGTHS]
    n = sum(rows)
    last = np.concatenate([np.arange(k) == k - 1 for k in rows])
    first = np.concatenate([np.full(k, e == 0) for e, k in enumerate(rows)])
    flat = {
        "observations": np.concatenate([coded(e, k, 4) for e, k in enumerate(rows)]).astype(np.float32),
        "actions": np.concatenate([coded(e, k, 2, 0.001) for e, k in enumerate(rows)]).astype(np.float32),
        "rewards": np.arange(n, dtype=np.float32),
        "infos__goal": np.concatenate([np.tile([e, -e], (k, 1)) for e, k in enumerate(rows)]).astype(np.float32),
        "infos__qpos": np.concatenate([coded(e, k, 1) for e, k in enumerate(rows)]).astype(np.float32),
    }
    write("d4rl.hdf5", **flat, terminals=last & first, timeouts=last & ~first)
    after = np.concatenate([coded(e, k + 1, 4)[1:] for e, k in enumerate(rows)]).astype(np.float32)
    write("next.hdf5", **flat, next_observations=after, terminals=last & first, timeouts=last & ~first)
    write("held.hdf5", **flat, terminals=np.ones(n, bool), timeouts=last)
    write("untimed.hdf5", **flat, terminals=last)
    write("short.hdf5", **{**flat, "actions": flat["actions"][:-2]}, terminals=last, timeouts=last)
    with h5py.File(os.path.join(root, "other.hdf5"), "w") as file:
        file["weights"] = np.ones(3)


def write_lerobot(root, name="lerobot", version="v3.0"):
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = os.path.join(root, name)
    for path in ["meta/episodes/chunk-000", "data/chunk-000"]:
        os.makedirs(os.path.join(folder, path), exist_ok=True)
    rows = [steps + 1 for steps in LENGTHS]
    features = {
        "observation.state": {"dtype": "float32", "shape": [3], "names": ["x", "y", "z"]},
        "action": {"dtype": "float32", "shape": [2], "names": ["a", "b"]},
        "next.reward": {"dtype": "float32", "shape": [1], "names": None},
        "next.done": {"dtype": "bool", "shape": [1], "names": None},
        "observation.images.top": {"dtype": "video", "shape": [96, 96, 3], "names": ["h", "w", "c"]},
        "timestamp": {"dtype": "float32", "shape": [1], "names": None},
        "frame_index": {"dtype": "int64", "shape": [1], "names": None},
        "episode_index": {"dtype": "int64", "shape": [1], "names": None},
        "index": {"dtype": "int64", "shape": [1], "names": None},
        "task_index": {"dtype": "int64", "shape": [1], "names": None},
    }
    info = {
        "codebase_version": version,
        "robot_type": "coded",
        "total_episodes": len(rows),
        "total_frames": sum(rows),
        "total_tasks": 2,
        "chunks_size": 1000,
        "data_files_size_in_mb": 100,
        "video_files_size_in_mb": 200,
        "fps": 10,
        "splits": {"train": f"0:{len(rows)}"},
        "data_path": "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet",
        "video_path": "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4",
        "features": features,
    }
    with open(os.path.join(folder, "meta/info.json"), "w") as file:
        json.dump(info, file, indent=4)
    pd.DataFrame({"task_index": [0, 1]}, index=["reach the cup", "push the cup"]).to_parquet(
        os.path.join(folder, "meta/tasks.parquet")
    )

    def table(episodes):
        def column(values, size):
            return pa.FixedSizeListArray.from_arrays(pa.array(np.concatenate(values).astype(np.float32).ravel()), size)

        index = [i for e in episodes for i in range(rows[e])]
        return pa.table(
            {
                "observation.state": column([coded(e, rows[e], 3) for e in episodes], 3),
                "action": column([coded(e, rows[e], 2, 0.001) for e in episodes], 2),
                "next.reward": pa.array([float(i) for i in index], pa.float32()),
                "next.done": pa.array([i == rows[e] - 1 for e in episodes for i in range(rows[e])]),
                "timestamp": pa.array([i / 10 for i in index], pa.float32()),
                "frame_index": pa.array(index, pa.int64()),
                "episode_index": pa.array([e for e in episodes for _ in range(rows[e])], pa.int64()),
                "index": pa.array(index, pa.int64()),
                "task_index": pa.array([e % 2 for e in episodes for _ in range(rows[e])], pa.int64()),
            }
        )

    pq.write_table(table([0, 1]), os.path.join(folder, "data/chunk-000/file-000.parquet"), row_group_size=4)
    pq.write_table(table([2]), os.path.join(folder, "data/chunk-000/file-001.parquet"))


def read_minari(folder):
    """What Minari's own reader gives, as JSON."""
    os.environ["MINARI_DATASETS_PATH"] = folder
    import minari

    from importlib.metadata import version

    found = {"versions": {name: version(name) for name in ["minari", "gymnasium", "h5py", "numpy"]}}
    for name in sorted(minari.list_local_datasets()):
        dataset = minari.load_dataset(name)
        as_lists = lambda value: (
            {key: as_lists(inner) for key, inner in value.items()} if isinstance(value, dict) else np.asarray(value).tolist()
        )
        found[name] = {
            "spaces": [str(dataset.observation_space), str(dataset.action_space)],
            "steps": int(dataset.total_steps),
            "episodes": [
                {
                    key: as_lists(getattr(episode, key))
                    for key in ["observations", "actions", "rewards", "terminations", "truncations", "infos"]
                    if getattr(episode, key) is not None
                }
                for episode in dataset.iterate_episodes()
            ],
        }
    print(json.dumps(found))


if __name__ == "__main__":
    command, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    if command == "write":
        write_minari(folder)
        write_ogbench(folder)
        write_d4rl(folder)
        write_lerobot(folder)
        write_lerobot(folder, "lerobot2", "v2.1")
        with zipfile.ZipFile(f"{folder.rstrip('/')}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path, _, names in os.walk(folder):
                for name in sorted(names):
                    full = os.path.join(path, name)
                    archive.write(full, os.path.relpath(full, folder))
    else:
        read_minari(folder)
