"""Environment steps per second in Python alone, and processor microseconds of one: python bench/gymnasium/python_speed.py NAME COUNT SECONDS"""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "test/python"))
import gymnasium as gym

name, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
try:
    import gymnasium_robotics

    gym.register_envs(gymnasium_robotics)
except ImportError:
    pass
envs = [gym.make(name, disable_env_checker=True) for _ in range(count)]
for i, env in enumerate(envs):
    env.reset(seed=i)
    env.action_space.seed(i)
actions = [[env.action_space.sample() for env in envs] for _ in range(50)]
steps = 0
begin, spent = time.perf_counter(), time.process_time()
while time.perf_counter() - begin < seconds:
    for now in actions[:10]:
        for env, action in zip(envs, now):
            _, _, terminated, truncated, _ = env.step(action)
            if terminated or truncated:
                env.reset()
        steps += count
print(steps / (time.perf_counter() - begin), 1e6 * (time.process_time() - spent) / steps)
