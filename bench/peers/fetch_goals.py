"""When a training on a Fetch task is done: two evaluations of 50 episodes in a row at 95%, a JSON line for each."""
import json
import time

import gymnasium as gym
import gymnasium_robotics
from stable_baselines3.common.callbacks import BaseCallback

EPISODES, STEPS = 50, 50
gym.register_envs(gymnasium_robotics)


class UntilSuccess(BaseCallback):
    """Seconds are of training: evaluations, and what else is added to `aside`, are left out."""

    def __init__(self, task, every):
        super().__init__()
        self.evaluation, self.every, self.due = gym.make(task), every, every
        self.start, self.aside, self.before = time.perf_counter(), 0.0, 0.0

    def success_rate(self):
        successes = 0
        for episode in range(EPISODES):
            observation, _ = self.evaluation.reset(seed=10_000 + episode)
            for _ in range(STEPS):
                action, _ = self.model.predict(observation, deterministic=True)
                observation, _, _, _, info = self.evaluation.step(action)
            successes += info["is_success"]
        return float(successes / EPISODES)

    def _on_step(self):
        if self.num_timesteps < self.due:
            return True
        self.due += self.every
        begin = time.perf_counter()
        success = self.success_rate()
        seconds = begin - self.start - self.aside
        self.aside += time.perf_counter() - begin
        print(json.dumps({"steps": self.num_timesteps, "seconds": round(seconds, 2), "success": success}), flush=True)
        reached = min(success, self.before) >= 0.95
        self.before = success
        return not reached
