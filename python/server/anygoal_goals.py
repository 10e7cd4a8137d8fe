"""Rewards and success of goals, as an environment's compute_reward and _is_success answer."""
import numpy as np
from anygoal_spaces import Refused


class GoalRules:
    """
    Learns from some random steps how they are to be asked: at once or row by row, and which numbers of info they need.

    info: those numbers' names.
    success: "function" (_is_success), "reward" (where it is best), or None: that is not known here.
    range: smallest and largest reward where rewards are sparse, else None.
    ends_episode: whether reaching the goal ends it.
    """

    def __init__(self, env, rows):
        self.info, self.batched, self.success, self.best = [], True, None, None
        achieved, desired, infos, live = rows["achieved"], rows["desired"], rows["infos"], rows["rewards"]
        scalar = lambda value: np.ndim(value) == 0 and np.issubdtype(np.asarray(value).dtype, np.number)
        # Sparse rewards may flip where rounding to float32 crosses their threshold.
        agrees = lambda given: np.mean(np.isclose(given, live, rtol=1e-4, atol=1e-5)) > 0.9
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
        self.range = known
        self.ends_episode = self.ends_at_goal(env, rows)

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


def begin(env, seed, goal):
    """Begins an episode with this goal, or with one that it draws; what is observed."""
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
