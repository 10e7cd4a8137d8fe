"""Environments for the tests of the bridge to Gymnasium and for its speed: `gym:anygoal_test_envs:Goal-v0`."""
import os
import sys
import time

import gymnasium as gym
import numpy as np
from gymnasium import spaces


class Goal(gym.Env):
    """A walk on a line to a goal, as Gymnasium-Robotics writes such environments."""

    metadata = {"render_modes": ["rgb_array"]}

    def __init__(self, reward_type="sparse", ends=False, info_reward=False, render_mode=None):
        self.render_mode = render_mode
        box = lambda n: spaces.Box(-np.inf, np.inf, (n,), np.float64)
        self.observation_space = spaces.Dict(observation=box(2), achieved_goal=box(1), desired_goal=box(1))
        self.action_space = spaces.Box(-1, 1, (1,), np.float32)
        self.reward_type, self.ends, self.info_reward = reward_type, ends, info_reward

    def _get_obs(self):
        here = np.array([self.place])
        return {"observation": np.array([self.place, np.sin(self.place)]), "achieved_goal": here, "desired_goal": self.goal.copy()}

    def render(self):
        """A line of 40 pixels with the place in red and the goal in green."""
        picture = np.zeros((6, 40, 3), np.uint8)
        for color, place in enumerate((self.place, self.goal[0])):
            picture[:, int(np.clip(20 + 10 * place, 0, 39)), color] = 255
        return picture

    def _is_success(self, achieved, desired):
        return (np.linalg.norm(achieved - desired, axis=-1) < 0.1).astype(np.float32)

    def compute_reward(self, achieved, desired, info):
        far = np.linalg.norm(achieved - desired, axis=-1)
        if self.info_reward:
            return -float(far) - info["effort"]
        return -(far >= 0.1).astype(np.float32) if self.reward_type == "sparse" else -far

    def compute_terminated(self, achieved, desired, info):
        return bool(self.ends and self._is_success(achieved, desired))

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = self.np_random.uniform(-0.5, 0.5)
        self.goal = self.np_random.uniform(-1, 1, 1)
        return self._get_obs(), {}

    def step(self, action):
        self.place += 0.2 * float(action[0]) + 0.01 * self.np_random.normal()
        shown = self._get_obs()
        info = {"is_success": self._is_success(shown["achieved_goal"], self.goal), "effort": 0.1 * abs(float(action[0]))}
        reward = self.compute_reward(shown["achieved_goal"], self.goal, info)
        return shown, float(reward), self.compute_terminated(shown["achieved_goal"], self.goal, info), False, info


class Spaces(gym.Env):
    """Shows and takes something of every kind."""

    def __init__(self):
        self.observation_space = spaces.Dict(
            camera=spaces.Box(0, 255, (4, 5, 3), np.uint8),
            first=spaces.Box(0, 255, (2, 8, 20), np.uint8),
            color=spaces.Discrete(3, start=1),
            mission=spaces.Text(40, charset="abcdefghijklmnopqrstuvwxyz "),
            pair=spaces.Tuple((spaces.MultiBinary(2), spaces.MultiDiscrete([2, 3]))),
            place=spaces.Box(-1, 1, (2, 2), np.float32),
        )
        self.action_space = spaces.Tuple((spaces.Discrete(2, start=5), spaces.MultiDiscrete([2, 2])))
        self.taken = None

    def _shown(self):
        return {
            "camera": np.arange(60, dtype=np.uint8).reshape(4, 5, 3),
            "first": np.arange(320).astype(np.uint8).reshape(2, 8, 20),
            "color": 2,
            "mission": "put the red ball next to the box",
            "pair": (np.array([0, 1], np.int8), np.array([1, 2])),
            "place": np.array([[0.1, 0.2], [0.3, 0.4]], np.float32),
        }

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self._shown(), {}

    def step(self, action):
        first, second = action
        return self._shown(), float(first * 100 + second[0] * 10 + second[1]), False, False, {"success": bool(second[1])}


class Trouble(gym.Env):
    """After 40 steps in all something happens to it: `raise`, `die`, `crash`, `hang`, `rubbish` or `nan`; `forgets`: its seeds say nothing."""

    observation_space = spaces.Box(-10, 10, (1,), np.float32)
    action_space = spaces.Discrete(2)

    def __init__(self, how="none", after=200):
        self.how, self.after, self.steps, self.resets = how, after, 0, 0

    def _shown(self):
        return np.array([np.nan if self.how == "nan" and self.steps > self.after else self.place], np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.resets += 1
        self.place = 0.001 * self.resets if self.how == "forgets" else float(self.np_random.uniform())
        print("a print that belongs to nobody")
        return self._shown(), {}

    def step(self, action):
        self.steps += 1
        self.place = np.clip(self.place + (1 if action else -1) * 0.1, -10, 10)
        if self.steps > self.after:
            if self.how == "raise":
                raise ValueError("the robot fell over")
            if self.how == "die":
                os._exit(7)
            if self.how == "crash":
                os.abort()
            if self.how == "hang":
                while True:
                    pass
            if self.how == "rubbish":
                for fd in range(3, 20):
                    try:
                        os.write(fd, b"rubbish " * 10)
                    except OSError:
                        pass
        return self._shown(), 1.0, False, False, {}


class Busy(gym.Env):
    """Takes `microseconds` of processor time a step."""

    observation_space = spaces.Box(-1, 1, (17,), np.float64)
    action_space = spaces.Box(-1, 1, (6,), np.float32)

    def __init__(self, microseconds=100):
        self.nanoseconds = 1000 * microseconds
        self.shown = np.zeros(17)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.shown, {}

    def step(self, action):
        end = time.thread_time_ns() + self.nanoseconds
        while time.thread_time_ns() < end:
            pass
        return self.shown, 0.0, False, False, {}


class Mixed(gym.Env):
    """Actions that no agent here can choose."""

    observation_space = spaces.Box(-1, 1, (1,), np.float64)
    action_space = spaces.Dict(turn=spaces.Box(-1, 1, (1,)), gear=spaces.Discrete(3))


gym.register("Goal-v0", Goal, max_episode_steps=20)
gym.register("Spaces-v0", Spaces, max_episode_steps=10)
gym.register("Trouble-v0", Trouble, max_episode_steps=50)
gym.register("Busy-v0", Busy, max_episode_steps=200)
gym.register("Endless-v0", Busy)
gym.register("Mixed-v0", Mixed, max_episode_steps=10)
