"""Gymnasium's spaces as anygoal has them: numbers and pictures that are seen, numbers or one choice that is done."""
import itertools
import re

import numpy as np

MOST_CHOICES = 4096
"""Most actions that several choices at once are counted up to, and most values of a number that is one of some."""
WORDS = 64
"""Numbers that a text becomes."""


class Refused(Exception):
    """What cannot be done here, and why; without a traceback."""


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
