"""Steps Gymnasium environments for anygoal: requests come and answers go as binary frames over two named pipes.

Started by src/envs/python/host.ts, which tells the frames' layout; needs numpy and gymnasium, nothing else. Whatever an
environment prints goes to standard error. A crash, or a request that takes too long, leaves its traceback in the pipe.
"""
import faulthandler
import importlib
import importlib.util
import itertools
import json
import os
import re
import select
import signal
import struct
import sys
import time
import traceback

MAGIC = 0x31474741  # "AGG1"
HEADER = struct.Struct("<IIII")  # magic, command or status, rows, seconds that the answer may take, or bytes of the answer
DESCRIBE, RESET, STEP, RULES, REPLAY, CLOSE, RENDER = range(1, 8)
OK, FAILED, REFUSED = range(3)
TERMINATED, TRUNCATED, SUCCESS, NEXT = 1, 2, 4, 8

MOST_CHOICES = 4096
"""Most actions that several choices at once are counted up to, and most values of a number that is one of some."""
WORDS = 64
"""Numbers that a text becomes."""
PROBE = 24
"""Steps that are tried to see what an environment is like."""
WITHOUT_LIMIT = 1000
"""Time limit of environments that have none."""
PACKAGES = ("gymnasium_robotics", "minigrid", "ale_py", "metaworld", "highway_env")
"""Packages that register environments when they are imported; tried where a name is unknown."""


class Refused(Exception):
    """What cannot be done here, and why; without a traceback."""


# Spaces -----------------------------------------------------------------------------------------------------------------

def kind_of(space):
    """The name of the space's class, or of the first above it that Gymnasium has."""
    names = ("Box", "Discrete", "MultiDiscrete", "MultiBinary", "Dict", "Tuple", "Text", "Graph", "Sequence", "OneOf")
    return next((cls.__name__ for cls in type(space).__mro__ if cls.__name__ in names), type(space).__name__)


def is_picture(space):
    return kind_of(space) == "Box" and space.dtype == np.uint8 and len(space.shape) in (2, 3, 4)


class Leaf:
    """A part of an observation: how many numbers it has, their bounds and names, and how to write them."""

    def __init__(self, path, space):
        self.path = path
        self.name = "-".join(map(str, path)) or "observation"
        kind = kind_of(space)
        self.bytes = is_picture(space)
        self.shape = None
        if self.bytes:
            self.shape, self.turn = picture_shape(space.shape)
            self.size, self.low, self.high = int(np.prod(self.shape)), [0], [255]
            self.write = lambda value, out: np.copyto(out, self.turn(np.asarray(value)).reshape(-1))
        elif kind == "Box":
            if not (np.issubdtype(space.dtype, np.number) or space.dtype == np.bool_):
                raise Refused(f"{self.name} is a Box of {space.dtype}; numbers are needed.")
            self.size = int(np.prod(space.shape))
            self.low, self.high = bounds(space.low, -1), bounds(space.high, 1)
            flat = len(space.shape) == 1
            self.write = (
                (lambda value, out: np.copyto(out, value, casting="unsafe"))
                if flat
                else (lambda value, out: np.copyto(out, np.reshape(value, -1), casting="unsafe"))
            )
        elif kind in ("Discrete", "MultiDiscrete"):
            counts = [int(space.n)] if kind == "Discrete" else [int(n) for n in np.reshape(space.nvec, -1)]
            starts = np.reshape(getattr(space, "start", 0), -1)
            if max(counts) > MOST_CHOICES:
                raise Refused(f"{self.name} is one of {max(counts)}; at most {MOST_CHOICES} become numbers, one for each.")
            offsets = np.concatenate([[0], np.cumsum(counts)[:-1]])
            self.size, self.low, self.high = sum(counts), [0], [1]

            def write(value, out):
                out.fill(0)
                out[offsets + np.reshape(value, -1).astype(np.int64) - starts] = 1

            self.write = write
        elif kind == "MultiBinary":
            self.size, self.low, self.high = int(np.prod(space.shape)), [0], [1]
            self.write = lambda value, out: np.copyto(out, np.reshape(value, -1), casting="unsafe")
        elif kind == "Text":
            self.size, self.low, self.high = WORDS, [-64], [64]
            known = {}

            def write(value, out):
                if value not in known:
                    if len(known) > 4096:
                        known.clear()
                    known[value] = text_numbers(value)
                np.copyto(out, known[value])

            self.write = write
        else:
            why = {"Sequence": "its length changes", "Graph": "its size changes", "OneOf": "it is of changing kind"}
            raise Refused(f"{self.name} is a {kind}: {why.get(kind, 'that kind is unknown')}, and inputs of networks have one size.")

    def value(self, observation):
        for key in self.path:
            observation = observation[key]
        return observation


def picture_shape(shape):
    """[height, width, channels] and how to turn a picture into that: channels may come first, and pictures be stacked."""
    if len(shape) == 2:
        return (*shape, 1), lambda x: x
    if len(shape) == 4:
        k, h, w, c = shape
        return (h, w, k * c), lambda x: np.moveaxis(x, 0, 2)
    if shape[2] > 16 and shape[0] <= 16:
        return (shape[1], shape[2], shape[0]), lambda x: np.moveaxis(x, 0, 2)
    return tuple(shape), lambda x: x


def bounds(values, sign):
    """As JSON has them: None where there is no bound; a single one where all are alike."""
    listed = [None if not np.isfinite(v) or abs(v) > 1e30 else float(v) for v in np.reshape(values, -1)]
    return listed[:1] if listed and all(v == listed[0] for v in listed) else listed


def text_numbers(text):
    """Words, and pairs of words that follow each other, counted with signs in places that their hashes name."""
    words = re.findall(r"\w+", text.lower())
    out = np.zeros(WORDS, np.float32)
    for token in words + [" ".join(pair) for pair in zip(words, words[1:])]:
        code = 2166136261  # FNV-1a
        for byte in token.encode():
            code = ((code ^ byte) * 16777619) & 0xFFFFFFFF
        out[code % WORDS] += 1 if code & 0x10000 else -1
    return out


def leaves(space, path=()):
    kind = kind_of(space)
    if kind == "Dict":
        return [leaf for key, inner in space.spaces.items() for leaf in leaves(inner, (*path, key))]
    if kind == "Tuple":
        return [leaf for i, inner in enumerate(space.spaces) for leaf in leaves(inner, (*path, i))]
    return [Leaf(path, space)]


def action_reader(space):
    """What the house sees of the actions, and a function from its numbers to what the environment takes."""
    kind = kind_of(space)
    if kind == "Box":
        shape, dtype = space.shape, space.dtype
        if not np.issubdtype(dtype, np.number):
            raise Refused(f"actions are a Box of {dtype}; numbers are needed.")
        whole = np.issubdtype(dtype, np.integer)
        if len(shape) == 1 and dtype == np.float32:
            read = lambda row: row  # as it comes
        else:
            read = lambda row: (np.rint(row) if whole else row).astype(dtype).reshape(shape)
        return {"kind": "box", "size": int(np.prod(shape)), "low": bounds(space.low, -1), "high": bounds(space.high, 1)}, read
    if kind == "Discrete":
        start = int(space.start)
        return {"kind": "discrete", "n": int(space.n)}, lambda row: start + int(row[0])
    counts = choice_counts(space)
    if counts is not None:
        number = int(np.prod(counts, dtype=np.float64))
        if number > MOST_CHOICES:
            raise Refused(f"actions are {len(counts)} choices at once, {number} in all; at most {MOST_CHOICES} can be counted up as one.")
        table = [choice_value(space, iter(choices)) for choices in itertools.product(*map(range, counts))]
        return {"kind": "discrete", "n": number}, lambda row: table[int(row[0])]
    if kind in ("Dict", "Tuple"):
        inner = list(space.spaces.items()) if kind == "Dict" else list(enumerate(space.spaces))
        parts = [(key, *action_reader(one)) for key, one in inner]
        mixed = next((key for key, spec, _ in parts if spec["kind"] != "box"), None)
        if mixed is not None:
            raise Refused(f"actions are numbers and choices at once ({mixed} is a choice); agents here have one or the other.")
        full = lambda spec, side: spec[side] * spec["size"] if len(spec[side]) == 1 else spec[side]
        ends = np.cumsum([spec["size"] for _, spec, _ in parts])

        def read(row):
            values = [(key, one(row[end - spec["size"] : end])) for (key, spec, one), end in zip(parts, ends)]
            return dict(values) if kind == "Dict" else tuple(value for _, value in values)

        return {
            "kind": "box",
            "size": int(ends[-1]),
            "low": [v for _, spec, _ in parts for v in full(spec, "low")],
            "high": [v for _, spec, _ in parts for v in full(spec, "high")],
        }, read
    raise Refused(f"actions are a {kind} space, which no agent here can choose from; Box, Discrete, MultiDiscrete, MultiBinary, and Dict or Tuple of those can be used.")


def choice_counts(space):
    """Of each choice, how many there are; None where there is something else."""
    kind = kind_of(space)
    if kind == "Discrete":
        return [int(space.n)]
    if kind == "MultiDiscrete":
        return [int(n) for n in np.reshape(space.nvec, -1)]
    if kind == "MultiBinary":
        return [2] * int(np.prod(space.shape))
    if kind in ("Dict", "Tuple"):
        inner = [choice_counts(one) for one in (space.spaces.values() if kind == "Dict" else space.spaces)]
        return None if any(one is None for one in inner) else [n for one in inner for n in one]
    return None


def choice_value(space, choices):
    kind = kind_of(space)
    if kind == "Discrete":
        return int(space.start) + next(choices)
    if kind == "MultiDiscrete":
        taken = np.array([next(choices) for _ in range(space.nvec.size)]).reshape(space.nvec.shape)
        return (taken + space.start).astype(space.dtype)
    if kind == "MultiBinary":
        return np.array([next(choices) for _ in range(int(np.prod(space.shape)))], space.dtype).reshape(space.shape)
    values = [(key, choice_value(one, choices)) for key, one in (space.spaces.items() if kind == "Dict" else enumerate(space.spaces))]
    return dict(values) if kind == "Dict" else tuple(value for _, value in values)


# Environments -----------------------------------------------------------------------------------------------------------

class Server:
    def __init__(self, name, arguments):
        self.name, self.arguments = name, arguments
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
        self.info, self.batched, self.success, self.success_key = [], True, None, None
        self.about = self.describe(env)

    def make(self):
        try:
            return self.tidy(gym.make(self.name, disable_env_checker=True, **self.arguments))
        except gym.error.UnregisteredEnv:
            for package in PACKAGES:
                if importlib.util.find_spec(package):
                    gym.register_envs(importlib.import_module(package))
            return self.tidy(gym.make(self.name, disable_env_checker=True, **self.arguments))

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

    # What it is like

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
            "setsGoals": False,
        }
        if not self.has_goals:
            self.success_key = next((key for key in ("is_success", "success") if any(key in info for info in infos)), None)
            return {**about, "success": self.success_key, "goal": None}
        achieved, desired = self.float_parts[-2:]
        about["achieved"], about["goal"] = box([achieved]), box([desired])
        reward_range = self.learn_rules(env, rows)
        return {
            **about,
            "info": self.info,
            "success": self.success,
            "rewardRange": reward_range,
            "successEndsEpisode": self.ends_at_goal(env, rows),
            "setsGoals": self.can_set_goal(env),
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

    # Goals

    def learn_rules(self, env, rows):
        """How compute_reward is to be asked; the range of sparse rewards."""
        achieved, desired, infos, live = rows["achieved"], rows["desired"], rows["infos"], rows["rewards"]
        scalar = lambda value: np.ndim(value) == 0 and np.issubdtype(np.asarray(value).dtype, np.number)
        agrees = lambda given: np.allclose(given, live, rtol=1e-4, atol=1e-5)
        try:
            works = agrees(self.rewards(env, achieved, desired, None))
        except Exception:
            works = False
        if not works:
            self.info = sorted(key for key in infos[0] if all(key in info and scalar(info[key]) for info in infos))
            self.batched = False
            told = np.array([[float(info[key]) for key in self.info] for info in infos], np.float32)
            given = self.rewards(env, achieved, desired, told)
            if not agrees(given):
                i = int(np.argmax(np.abs(np.asarray(given) - live)))
                raise Refused(
                    f"its step gave reward {live[i]:g} where its compute_reward gives {float(given[i]):g} for the same goals: hindsight would "
                    "learn another task. Make compute_reward depend on the goals (and numbers of info) alone, or leave out compute_reward."
                )
        pairs = (np.concatenate([achieved, achieved, desired]), np.concatenate([desired, achieved, desired]))
        told = np.zeros((len(pairs[0]), len(self.info)), np.float32)
        if self.batched:
            at_once = self.rewards(env, *pairs, told)
            singly = np.concatenate([self.rewards(env, a[None], d[None], told[:1]) for a, d in zip(*pairs)])
            self.batched = np.shape(at_once) == np.shape(singly) and np.array_equal(at_once, singly)
        values = np.unique(self.rewards(env, *pairs, told))
        sparse = getattr(env.unwrapped, "reward_type", None) == "sparse" or len(values) == 2 and float(values[1] - values[0]) == 1
        known = [float(values[0]) + 0.0, float(values[-1]) + 0.0] if sparse and len(values) == 2 else None
        if callable(getattr(env.unwrapped, "_is_success", None)):
            try:
                self.success = "function"
                self.successes(env, achieved, desired, None)
            except Exception:
                self.success = None
        if self.success is None and known:
            self.success, self.best = "reward", known[1]
        return known

    def rewards(self, env, achieved, desired, info):
        """[n] float32; achieved and desired [n, size]."""
        compute = env.unwrapped.compute_reward
        a, d = achieved.astype(np.float64), desired.astype(np.float64)
        if self.batched and not self.info:
            return np.asarray(compute(a, d, {}), np.float32).reshape(-1)
        told = [dict(zip(self.info, map(float, row))) for row in info] if self.info else [{}] * len(a)
        return np.array([compute(one, other, more) for one, other, more in zip(a, d, told)], np.float32).reshape(-1)

    def successes(self, env, achieved, desired, rewards):
        if self.success == "function":
            a, d = achieved.astype(np.float64), desired.astype(np.float64)
            test = env.unwrapped._is_success
            given = test(a, d) if self.batched else [test(one, other) for one, other in zip(a, d)]
            return np.asarray(given, np.float32).reshape(len(achieved)) > 0.5
        if self.success == "reward":
            return rewards >= np.float32(self.best)
        return np.zeros(len(achieved), bool)  # by distance, on the other side

    def ends_at_goal(self, env, rows):
        ends = getattr(env.unwrapped, "compute_terminated", None)
        there = rows["desired"][0].astype(np.float64)
        try:
            return bool(ends(there, there, {})) if callable(ends) else False
        except Exception:
            return False

    def can_set_goal(self, env):
        try:
            self.begin(env, 3, None)
            goal = env.unwrapped.goal.copy()
            self.begin(env, 4, np.asarray(goal, np.float32))
            return True
        except Exception:
            return False

    def begin(self, env, seed, goal):
        observation, info = env.reset(seed=int(seed))
        if goal is None:
            return observation
        inner = env.unwrapped
        if not hasattr(inner, "goal") or not callable(getattr(inner, "_get_obs", None)):
            raise Refused("goals cannot be chosen: it has no `goal` that could be set; leave the goal out.")
        inner.goal = np.array(goal, np.float64).reshape(np.shape(inner.goal))
        observation = inner._get_obs()
        if not np.allclose(np.reshape(observation["desired_goal"], -1), goal, atol=1e-6):
            raise Refused("goals cannot be chosen: `goal` was set, and desired_goal shows another one; leave the goal out.")
        return observation

    # Requests

    def answer(self, command, count, body):
        if command == DESCRIBE:
            return [json.dumps(self.about).encode()]
        if command == RULES:
            return self.rules(count, np.frombuffer(body, np.float32))
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
            picture = np.asarray(self.env(struct.unpack_from("<I", body)[0]).render(), np.uint8)
            return [struct.pack("<II", *picture.shape[:2]), picture[..., :3].tobytes()]
        number, seed, has_goal = struct.unpack_from("<III", body)
        rest = np.frombuffer(body, np.float32, offset=12)
        env = self.env(number)
        size = self.sizes[1] if has_goal else 0
        observation = self.begin(env, seed, rest[:size] if has_goal else None)
        for row in rest[size:].reshape(-1, self.action_size):  # REPLAY
            observation, _, terminated, truncated, _ = env.step(self.read_action(row.copy()))
            if terminated or truncated:
                break
        floats, octets = np.empty(self.floats, np.float32), np.empty(self.bytes, np.uint8)
        self.write(observation, floats, octets)
        return [floats.tobytes(), octets.tobytes()]

    def rules(self, n, numbers):
        a, d, _ = (n * size for size in (*self.sizes, len(self.info)))
        achieved, desired = numbers[:a].reshape(n, -1), numbers[a : a + d].reshape(n, -1)
        env = next(iter(self.envs.values()))
        rewards = self.rewards(env, achieved, desired, numbers[a + d :].reshape(n, len(self.info)))
        if len(rewards) != n:
            raise Refused(f"compute_reward gave {len(rewards)} rewards for {n} goals.")
        return [rewards.tobytes(), self.successes(env, achieved, desired, rewards).astype(np.uint8).tobytes()]

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
            rewards = self.rewards(env, achieved, desired, infos)
            flags |= (self.successes(env, achieved, desired, rewards) * SUCCESS).astype(np.uint8)
        return [
            *(array.tobytes() for array in (rewards, floats, infos)),
            *(begun[0] for begun in following),
            flags.tobytes(),
            octets.tobytes(),
            *(begun[1] for begun in following),
        ]


# Frames -----------------------------------------------------------------------------------------------------------------

class Pipes:
    """The two named pipes; both sides can open them without waiting for each other."""

    def __init__(self, requests, answers):
        os.mkfifo(requests, 0o600)
        os.mkfifo(answers, 0o600)
        self.paths = requests, answers
        # For reading and writing, so that there is always somebody at the other end as long as nobody has come.
        self.requests, self.answers = os.open(requests, os.O_RDWR), os.open(answers, os.O_RDWR)
        self.armed, self.limit = None, 0
        faulthandler.enable(file=self.answers)

    def connected(self):
        """The other side has opened both: from now on its end is noticed."""
        both = self.requests, self.answers
        self.requests, self.answers = os.open(self.paths[0], os.O_RDONLY), os.open(self.paths[1], os.O_WRONLY)
        for fd, path in zip(both, self.paths):
            os.close(fd)
            os.unlink(path)  # nothing is left behind
        os.rmdir(os.path.dirname(self.paths[0]))
        faulthandler.enable(file=self.answers)
        try:
            import fcntl

            for end in (self.requests, self.answers):
                fcntl.fcntl(end, 1031, 1 << 20)  # F_SETPIPE_SZ: pictures in fewer pieces
        except (ImportError, OSError):
            pass

    def read(self, size):
        parts, left = [], size
        while left > 0:
            part = os.read(self.requests, min(left, 1 << 20))
            if not part:
                os._exit(0)  # whoever asked has gone
            parts.append(part)
            left -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def next(self):
        # While nothing is asked, nothing can take too long.
        if self.armed is not None and not select.select([self.requests], [], [], 0.5)[0]:
            faulthandler.cancel_dump_traceback_later()
            self.armed = None
        magic, command, count, seconds = HEADER.unpack(self.read(HEADER.size))
        if magic != MAGIC:
            os._exit(4)
        now = time.monotonic()
        # Arming anew costs more than a quick step, so it lasts for some of them.
        if self.armed is None or seconds != self.limit or now - self.armed > 0.25 * seconds:
            faulthandler.dump_traceback_later(1.25 * seconds, exit=True, file=self.answers)
            self.armed, self.limit = now, seconds
        (size,) = struct.unpack("<I", self.read(4))
        return command, count, self.read(size) if size else b""

    def send(self, status, parts):
        size = sum(map(len, parts))
        frame = memoryview(b"".join([HEADER.pack(MAGIC, status, size, 0), *parts]))
        try:
            while frame:
                frame = frame[os.write(self.answers, frame) :]
        except BrokenPipeError:
            os._exit(0)


def main(requests, answers, name, arguments):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who asks, who then ends us
    said = os.fdopen(3, "w")
    try:
        global np, gym
        import numpy as np
        import gymnasium as gym
    except ImportError as error:
        said.write(f"missing {error.name} {sys.executable}")
        said.close()
        return 1
    pipes = Pipes(requests, answers)
    said.write("ready")
    said.close()
    sys.path.insert(0, os.getcwd())
    server = None
    if not select.select([pipes.requests], [], [], 60)[0]:
        return 1
    pipes.connected()
    waiting = pipes.next()
    while True:
        try:
            if server is None:
                server = Server(name, json.loads(arguments))
            pipes.send(OK, server.answer(*waiting))
        except Refused as refused:
            pipes.send(REFUSED, [str(refused).encode()])
        except gym.error.Error as error:
            if server is None:
                pipes.send(REFUSED, [str(error).encode()])
            else:
                pipes.send(FAILED, [traceback.format_exc().encode()])
        except BaseException:
            pipes.send(FAILED, [traceback.format_exc().encode()])
        sys.stdout.flush()
        waiting = pipes.next()


if __name__ == "__main__":
    os.dup2(2, 1)  # prints must not end up in somebody's output
    sys.exit(main(*sys.argv[1:]))
