"""An environment of anygoal as a Gymnasium environment: spaces, steps, compute_reward."""
import json

import gymnasium
import numpy as np
from gymnasium import spaces

from .process import RESET, RULES, STEP, Process


def make(name, **settings):
    """`make("arm/reach", reward="dense")`: settings are those that `anygoal envs NAME` lists."""
    return gymnasium.make("anygoal/Env-v0", name=name, settings=settings)


def box(space):
    """Bounds that are null in the description are none."""
    full = lambda bounds, none: np.array([none if bound is None else bound for bound in bounds])
    shape, dtype = space.get("shape", [space["size"]]), np.dtype(space.get("dtype", "float32"))
    low, high = full(space["low"], -np.inf), full(space["high"], np.inf)
    return spaces.Box(low.astype(dtype).reshape(shape), high.astype(dtype).reshape(shape), dtype=dtype)


class AnygoalEnv(gymnasium.Env):
    """
    With goals, observations are dictionaries of `observation`, `achieved_goal` and `desired_goal`, as hindsight of other
    libraries expects them; `compute_reward` answers for one goal or many. `info["is_success"]` says whether the goal is
    reached. Time limits are `truncated`.

    name: of the environment, or the path of a module.
    settings: its settings.
    command: how `anygoal` is started, where it is not installed.
    """

    metadata = {"render_modes": []}

    def __init__(self, name, settings=None, command=None, render_mode=None):
        self.process = Process(name, settings or {}, command)
        self.begun = False
        about = self.process.about["spec"]
        self.about, self.shown = about, self.process.about["shown"]
        self.has_goals = about["goal"]["size"] > 0
        parts = {part: box(space) for part, space in about.get("parts", {}).items()}
        if about["observation"]["size"] > 0:
            parts = {"observation": box(about["observation"]), **parts}
        if about.get("tasks"):
            parts["task"] = spaces.Discrete(len(about["tasks"]))
        self.parts = parts
        seen = parts["observation"] if list(parts) == ["observation"] else spaces.Dict(parts)
        self.observation_space = (
            spaces.Dict(observation=seen, achieved_goal=box(about["achieved"]), desired_goal=box(about["goal"]))
            if self.has_goals
            else seen
        )
        action = about["action"]
        self.action_space = box(action) if action["kind"] == "box" else spaces.Discrete(action["n"])

    def reset(self, *, seed=None, options=None):
        """options: `goal` and `task` begin an episode with those."""
        super().reset(seed=seed)
        given = {key: value.tolist() if hasattr(value, "tolist") else value for key, value in (options or {}).items()}
        if seed is None and not self.begun:
            seed = self.np_random.integers(2**32)  # as Gymnasium has it: copies without seeds are not alike
        self.begun = True
        if seed is not None:
            given["seed"] = int(seed)
        _, row = self.read(self.process.ask(RESET, json.dumps(given).encode()))
        return self.observe(row), self.tell(row, False)

    def step(self, action):
        numbers = np.asarray(action, np.float32).reshape(-1)
        (reward, terminated, truncated, success), row = self.read(self.process.ask(STEP, numbers.tobytes()))
        return self.observe(row), float(reward), bool(terminated), bool(truncated), self.tell(row, bool(success))

    def compute_reward(self, achieved_goal, desired_goal, info):
        """The reward of an achieved goal under a desired one, of one or of n at once; `info`: what `step` gave with them."""
        return self.judge(achieved_goal, desired_goal, info)[0]

    def compute_success(self, achieved_goal, desired_goal, info):
        """Whether the goal is reached, likewise."""
        return self.judge(achieved_goal, desired_goal, info)[1]

    def judge(self, achieved_goal, desired_goal, info):
        if not self.has_goals:
            raise ValueError(f"{self.about['name']} has no goals; its rewards are those that step gave.")
        achieved = np.asarray(achieved_goal, np.float32)
        alone = achieved.ndim == 1
        achieved = np.atleast_2d(achieved)
        desired = np.broadcast_to(np.asarray(desired_goal, np.float32), (len(achieved), self.about["goal"]["size"]))
        names = self.about["info"]
        told = np.zeros((len(achieved), len(names)), np.float32)
        if names:
            rows = [info] * len(achieved) if isinstance(info, dict) else info
            told[:] = [[one[name] for name in names] for one in rows]
        body = b"".join(np.ascontiguousarray(numbers).tobytes() for numbers in (achieved, desired, told))
        answer = self.process.ask(RULES, body, len(achieved))
        rewards = np.frombuffer(answer, np.float32, len(achieved))
        success = np.frombuffer(answer, np.uint8, offset=4 * len(achieved)).astype(bool)
        return (float(rewards[0]), bool(success[0])) if alone else (rewards.copy(), success)

    def read(self, answer):
        """Reward, ends and success; what is shown, by name."""
        row, at = {}, 16
        for one in self.shown:
            dtype = np.uint8 if one["bytes"] else np.float32
            row[one["name"]] = np.frombuffer(answer, dtype, one["size"], at).copy()
            at += one["size"] * dtype().itemsize
        return np.frombuffer(answer, np.float32, 4), row

    def observe(self, row):
        value = lambda part: int(row["task"][0]) if part == "task" else row[part].reshape(self.parts[part].shape)
        seen = value("observation") if list(self.parts) == ["observation"] else {part: value(part) for part in self.parts}
        if not self.has_goals:
            return seen
        return {"observation": seen, "achieved_goal": row["achieved"], "desired_goal": row["goal"]}

    def tell(self, row, success):
        numbers = dict(zip(self.about["info"], map(float, row.get("info", ()))))
        return {**numbers, "is_success": success} if self.has_goals or self.about.get("success") else numbers

    def close(self):
        self.process.close()
