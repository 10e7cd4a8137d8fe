"""When a training on a Fetch task is done: two evaluations of 50 episodes in a row at 95%, a JSON line for each."""
import json
import time

import gymnasium as gym
import gymnasium_robotics
from stable_baselines3.common.callbacks import BaseCallback

EPISODES, STEPS = 50, 50
gym.register_envs(gymnasium_robotics)


def clocks():
    """Seconds on the wall, and of the processors by all threads of this process."""
    return [time.perf_counter(), time.process_time()]


class UntilSuccess(BaseCallback):
    """Seconds, on the wall and of the processors, are of training: evaluations and what else is set aside are left out."""

    def __init__(self, task, every):
        super().__init__()
        self.evaluation, self.every, self.due = gym.make(task), every, every
        self.start, self.before = clocks(), 0.0

    def _on_training_start(self):
        self.start = clocks()  # making environments and networks does not count

    def set_aside(self, since):
        """What went on since then does not count."""
        self.start = [start + now - then for start, now, then in zip(self.start, clocks(), since)]

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
        begin = clocks()
        seconds, processor = (round(now - start, 2) for now, start in zip(begin, self.start))
        success = self.success_rate()
        self.set_aside(begin)
        point = {"steps": self.num_timesteps, "seconds": seconds, "cpuSeconds": processor, "success": success}
        print(json.dumps(point), flush=True)
        reached = min(success, self.before) >= 0.95
        self.before = success
        return not reached
