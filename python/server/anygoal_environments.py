"""Environments of one name: what they are like, and the requests of anygoal, answered as bytes."""
import importlib
import importlib.util
import json
import os
import re
import struct
import sys

import gymnasium as gym
import numpy as np
from anygoal_goals import GoalRules, begin
from anygoal_spaces import Leaf, Refused, action_reader, kind_of, leaves

DESCRIBE, RESET, STEP, RULES, REPLAY, CLOSE, RENDER = range(1, 8)
TERMINATED, TRUNCATED, SUCCESS, NEXT = 1, 2, 4, 8

PROBE = 24
"""Steps that are tried to see what an environment is like."""
WITHOUT_LIMIT = 1000
"""Time limit of environments that have none."""
PACKAGES = ("gymnasium_robotics", "minigrid", "ale_py", "metaworld", "highway_env")
"""Packages that register environments when they are imported; tried where a name is unknown."""


class Environments:
    """Copies of one environment by number, the first one made at once, and the answers to what is asked about them."""

    def __init__(self, name, arguments):
        self.name, self.arguments = name, arguments
        if arguments.get("render_mode") and not os.environ.get("DISPLAY"):
            os.environ.setdefault("MUJOCO_GL", "egl")  # MuJoCo's own choice needs a screen
        self.envs = {0: self.make()}
        env = self.envs[0]
        space = env.observation_space
        goals = kind_of(space) == "Dict" and {"observation", "achieved_goal", "desired_goal"} <= set(space.spaces)
        self.has_goals = goals and callable(getattr(env.unwrapped, "compute_reward", None))
        self.parts = leaves(space.spaces["observation"], ("observation",)) if self.has_goals else leaves(space)
        numbers = [leaf for leaf in self.parts if not leaf.bytes]
        self.goal_parts = [Leaf((key,), space.spaces[key]) for key in ("achieved_goal", "desired_goal")] if self.has_goals else []
        for leaf in self.goal_parts:
            if leaf.bytes or kind_of(space.spaces[leaf.path[0]]) != "Box":
                raise Refused(f"{leaf.name} is no Box of numbers; goals must be.")
        self.float_parts = self.places(numbers + self.goal_parts)
        self.byte_parts = self.places([leaf for leaf in self.parts if leaf.bytes])
        self.floats = sum(leaf.size for leaf in numbers + self.goal_parts)
        self.bytes = sum(leaf.size for leaf, _, _ in self.byte_parts)
        self.numbers = sum(leaf.size for leaf in numbers)
        self.plain = len(self.parts) == 1 and self.parts[0].path == () and kind_of(space) == "Box" and len(space.shape) == 1
        self.action, self.read_action = action_reader(env.action_space)
        self.action_size = self.action.get("size", 1)
        self.sizes = [leaf.size for leaf in self.goal_parts]
        self.rules, self.success_key = None, None
        self.about = self.describe(env)
        self.info = self.rules.info if self.rules else []

    def make(self):
        self.import_module()
        try:
            return self.tidy(gym.make(self.name, disable_env_checker=True, **self.arguments))
        except gym.error.UnregisteredEnv:
            missing = [package for package in PACKAGES if not importlib.util.find_spec(package)]
            for package in PACKAGES:
                if package not in missing:
                    gym.register_envs(importlib.import_module(package))
            try:
                return self.tidy(gym.make(self.name, disable_env_checker=True, **self.arguments))
            except gym.error.UnregisteredEnv as error:
                if not missing or "Did you mean" in str(error):
                    raise
                raise Refused(
                    f"{error} Environments of {', '.join(missing)} are not known to {sys.executable}, which lacks them; "
                    "name the module of your own as in gym:my_module:MyEnv-v0."
                ) from None

    def import_module(self):
        """The module that stands before the name; errors within it are told as they are."""
        module = self.name.rpartition(":")[0]
        try:
            if module:
                importlib.import_module(module)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{module}.".startswith(f"{error.name}."):
                raise
            raise Refused(f"there is no module {error.name} in {os.getcwd()} or PYTHONPATH.") from None

    def tidy(self, env):
        """Gives it a time limit where it has none."""
        self.own_limit = env.spec is None or env.spec.max_episode_steps is None
        return gym.wrappers.TimeLimit(env, WITHOUT_LIMIT) if self.own_limit else env

    @staticmethod
    def places(parts):
        ends = np.cumsum([0] + [leaf.size for leaf in parts])
        return [(leaf, int(a), int(b)) for leaf, a, b in zip(parts, ends, ends[1:])]

    def env(self, number):
        if number not in self.envs:
            self.envs[number] = self.make()
        return self.envs[number]

    def write(self, observation, floats, octets):
        if self.plain:
            floats[:] = observation
            return
        for leaf, a, b in self.float_parts:
            leaf.write(leaf.value(observation), floats[a:b])
        for leaf, a, b in self.byte_parts:
            leaf.write(leaf.value(observation), octets[a:b])

    def describe(self, env):
        infos, rows = self.probe(env)
        numbers = [part for part in self.float_parts if part[0] not in self.goal_parts]
        box = lambda parts: {
            "size": sum(leaf.size for leaf, _, _ in parts),
            "low": self.joined(parts, "low"),
            "high": self.joined(parts, "high"),
            "names": [
                f"{leaf.name}-{i}" if leaf.size > 1 else leaf.name
                for leaf, _, _ in parts
                for i in range(leaf.size)
            ]
            if len(parts) > 1 else None,
        }
        about = {
            "name": self.name,
            "versions": {"gymnasium": gym.__version__, "python": sys.version.split()[0], "numpy": np.__version__},
            "observation": box(numbers),
            "pictures": {self.picture_name(leaf): {"shape": leaf.shape} for leaf, _, _ in self.byte_parts},
            "action": self.action,
            "steps": env.spec.max_episode_steps if not self.own_limit else WITHOUT_LIMIT,
            "ownLimit": self.own_limit,
            "repeats": self.repeats(env),
        }
        if not self.has_goals:
            self.success_key = next((key for key in ("is_success", "success") if any(key in info for info in infos)), None)
            return {**about, "success": self.success_key, "goal": None}
        achieved, desired = self.float_parts[-2:]
        about["achieved"], about["goal"] = box([achieved]), box([desired])
        self.rules = GoalRules(env, rows)
        return {
            **about,
            "info": self.rules.info,
            "success": self.rules.success,
            "rewardRange": self.rules.range,
            "successEndsEpisode": self.rules.ends_episode,
        }

    def picture_name(self, leaf):
        name = re.sub(r"\W+", "_", "_".join(str(key) for key in leaf.path if key != "observation")) or "picture"
        return name if name not in ("goal", "task", "action", "info", "reward", "achieved") else f"{name}_picture"

    def joined(self, parts, side):
        if all(len(getattr(leaf, side)) == 1 for leaf, _, _ in parts):
            values = [getattr(leaf, side)[0] for leaf, _, _ in parts]
            if all(v == values[0] for v in values):
                return values[:1]
        return [v for leaf, _, _ in parts for v in (getattr(leaf, side) * leaf.size if len(getattr(leaf, side)) == 1 else getattr(leaf, side))]

    def play(self, env, seed, steps):
        """Random steps from a seed: what is shown, the infos and rewards."""
        draw = np.random.default_rng(seed)
        floats, octets = np.zeros(self.floats, np.float32), np.zeros(self.bytes, np.uint8)
        shown, infos, rewards = [], [], []
        observation, _ = env.reset(seed=seed)
        for step in range(steps + 1):
            self.write(observation, floats, octets)
            shown.append((floats.copy(), octets.copy()))
            if step == steps:
                break
            observation, reward, terminated, truncated, info = env.step(self.read_action(self.random_action(draw)))
            infos.append(info)
            rewards.append(float(reward))
            if terminated or truncated:
                self.write(observation, floats, octets)
                shown.append((floats.copy(), octets.copy()))
                break
        return shown, infos, rewards

    def random_action(self, draw):
        if self.action["kind"] == "discrete":
            return np.array([draw.integers(self.action["n"])], np.float32)
        low, high = (np.array(self.action[side] * (self.action_size if len(self.action[side]) == 1 else 1), object) for side in ("low", "high"))
        drawn = draw.uniform(size=self.action_size)
        return np.array([drawn[i] if low[i] is None or high[i] is None else low[i] + drawn[i] * (high[i] - low[i]) for i in range(self.action_size)], np.float32)

    def probe(self, env):
        shown, infos, rewards = self.play(env, 7, PROBE)
        rows = {"infos": infos, "rewards": rewards}
        if self.has_goals:
            (_, a, b), (_, c, d) = self.float_parts[-2:]
            after = [floats for floats, _ in shown[1:]]
            rows["achieved"] = np.array([floats[a:b] for floats in after])
            rows["desired"] = np.array([floats[c:d] for floats in after])
        return infos, rows

    def repeats(self, env):
        """Whether an episode is the same again from the same seed, after another one."""
        same = lambda one, other: len(one) == len(other) and all(
            np.array_equal(a, c) and np.array_equal(b, d) for (a, b), (c, d) in zip(one, other)
        )
        first = self.play(env, 11, PROBE)
        self.play(env, 12, 5)
        again = self.play(env, 11, PROBE)
        return same(first[0], again[0]) and first[2] == again[2]

    def answer(self, command, count, body):
        if command == DESCRIBE:
            return [json.dumps(self.about).encode()]
        if command == RULES:
            return self.judge(count, np.frombuffer(body, np.float32))
        if command == CLOSE:
            env = self.envs.pop(struct.unpack_from("<I", body)[0], None)
            if env is not None and self.envs:
                env.close()
            elif env is not None:
                self.envs[0] = env  # whoever comes next needs one
            return []
        if command == STEP:
            return self.step(count, body)
        if command == RENDER:
            return self.render(self.env(struct.unpack_from("<I", body)[0]))
        number, seed, has_goal = struct.unpack_from("<III", body)
        rest = np.frombuffer(body, np.float32, offset=12)
        env = self.env(number)
        size = self.sizes[1] if has_goal else 0
        observation = begin(env, seed, rest[:size] if has_goal else None)
        for row in rest[size:].reshape(-1, self.action_size):  # REPLAY
            observation, _, terminated, truncated, _ = env.step(self.read_action(row.copy()))
            if terminated or truncated:
                break
        floats, octets = np.empty(self.floats, np.float32), np.empty(self.bytes, np.uint8)
        self.write(observation, floats, octets)
        return [floats.tobytes(), octets.tobytes()]

    def render(self, env):
        if env.render_mode != "rgb_array":
            raise Refused("it gives pictures only where it is made with render_mode=rgb_array, as in gym:NAME?render_mode=rgb_array.")
        picture = np.asarray(env.render())
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in (3, 4):
            raise Refused(f"render() gave {picture.dtype} {picture.shape}; a picture is uint8 [height, width, 3].")
        return [struct.pack("<II", *picture.shape[:2]), picture[:, :, :3].tobytes()]

    def judge(self, n, numbers):
        a, d, _ = (n * size for size in (*self.sizes, len(self.info)))
        achieved, desired = numbers[:a].reshape(n, -1), numbers[a : a + d].reshape(n, -1)
        env = next(iter(self.envs.values()))
        rewards = self.rules.rewards(env, achieved, desired, numbers[a + d :].reshape(n, len(self.info)))
        if len(rewards) != n:
            raise Refused(f"compute_reward gave {len(rewards)} rewards for {n} goals.")
        return [rewards.tobytes(), self.rules.successes(env, achieved, desired, rewards).astype(np.uint8).tobytes()]

    def step(self, count, body):
        head = np.frombuffer(body, np.uint32, 2 * count + 1)
        numbers, seeds, goes_on = head[:count].tolist(), head[count : 2 * count].tolist(), bool(head[2 * count])
        actions = np.frombuffer(body, np.float32, offset=4 * (2 * count + 1)).reshape(count, self.action_size)
        rewards, flags = np.empty(count, np.float32), np.zeros(count, np.uint8)
        floats, octets = np.empty((count, self.floats), np.float32), np.empty((count, self.bytes), np.uint8)
        infos = np.zeros((count, len(self.info)), np.float32)
        following = []
        for k in range(count):
            env = self.envs.get(numbers[k]) or self.env(numbers[k])
            observation, reward, terminated, truncated, info = env.step(self.read_action(actions[k].copy()))
            self.write(observation, floats[k], octets[k])
            rewards[k] = reward
            if self.success_key and info.get(self.success_key, False):
                flags[k] |= SUCCESS
            for j, key in enumerate(self.info):
                infos[k, j] = info[key]
            if terminated:
                flags[k] |= TERMINATED
            elif truncated:
                flags[k] |= TRUNCATED
            if goes_on and (terminated or truncated):
                flags[k] |= NEXT
                following.append(self.answer(RESET, 1, struct.pack("<III", numbers[k], seeds[k], 0)))
        if self.has_goals:
            a, d = self.sizes
            achieved, desired = floats[:, self.numbers : self.numbers + a], floats[:, self.numbers + a :]
            rewards = self.rules.rewards(env, achieved, desired, infos)
            flags |= (self.rules.successes(env, achieved, desired, rewards) * SUCCESS).astype(np.uint8)
        return [
            *(array.tobytes() for array in (rewards, floats, infos)),
            *(begun[0] for begun in following),
            flags.tobytes(),
            octets.tobytes(),
            *(begun[1] for begun in following),
        ]
