"""What the update timers share: an environment of random numbers, and the loop that answers counts with milliseconds."""
import json
import sys

import gymnasium as gym
import numpy as np

STEPS = 50


class RandomGoals(gym.Env):
    """Goals as dictionaries, or `flat`: goal and observation as one vector. Only the sizes matter."""

    def __init__(self, size, flat=False):
        self.flat = flat
        box = lambda count: gym.spaces.Box(-np.inf, np.inf, (count,), np.float32)
        goal, actions = box(size["goal"]), size["action"]
        self.parts = gym.spaces.Dict(observation=box(size["observation"]), achieved_goal=goal, desired_goal=goal)
        self.observation_space = box(size["observation"] + size["goal"]) if flat else self.parts
        discrete = size["agent"] == "dqn"
        self.action_space = gym.spaces.Discrete(actions) if discrete else gym.spaces.Box(-1, 1, (actions,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t = 0
        return self.state(), {}

    def state(self):
        draw = lambda space: self.np_random.standard_normal(space.shape).astype(np.float32)
        if self.flat:
            return draw(self.observation_space)
        return {name: draw(space) for name, space in self.parts.items()}

    def compute_reward(self, achieved, desired, info):
        return -(np.linalg.norm(achieved - desired, axis=-1) > 1).astype(np.float32)

    def step(self, action):
        self.t += 1
        state = self.state()
        reward = -1.0 if self.flat else float(self.compute_reward(state["achieved_goal"], state["desired_goal"], {}))
        return state, reward, False, self.t >= STEPS, {}


def serve(versions, time_updates):
    """A line in: `stored COUNT` or `sampled COUNT`; a line out: milliseconds of updates, COUNT or a few more of them."""
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        mode, count = line.split()
        print(json.dumps(time_updates(int(count), mode == "sampled")), flush=True)
