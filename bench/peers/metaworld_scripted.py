"""Plays Meta-World's own policy of a task from the starts on standard input: prints the step of each first success, or 0.

    python metaworld_scripted.py push-v3 < starts.json
"""
import json
import pickle
import sys
import warnings

import numpy as np
from metaworld.env_dict import ALL_V3_ENVIRONMENTS
from metaworld.policies import ENV_POLICY_MAP
from metaworld.types import Task

warnings.filterwarnings("ignore")  # of policies whose actions are clipped
name = sys.argv[1]
env = ALL_V3_ENVIRONMENTS[name]()
policy = ENV_POLICY_MAP[name]()


def first_success(start):
    data = {"env_cls": type(env), "rand_vec": np.array(start), "partially_observable": False}
    env.set_task(Task(env_name=name, data=pickle.dumps(data)))
    observation, _ = env.reset()
    for step in range(1, env.max_path_length + 1):
        action = np.clip(policy.get_action(observation.copy()), -1, 1)
        observation, _, _, _, info = env.step(action)
        if info["success"]:
            return step
    return 0


print(json.dumps([first_success(start) for start in json.load(sys.stdin)]))
