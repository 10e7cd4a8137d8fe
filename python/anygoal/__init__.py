"""The environments of anygoal as Gymnasium environments, and its exported policies.

    import anygoal
    env = anygoal.make("arm/reach", reward="dense")
    policy = anygoal.load_policy("policy.onnx")

An environment steps in a process of Node.js that this package starts: `anygoal`, as npm installs it (or whatever the
environment variable ANYGOAL_COMMAND says). `gymnasium.make("anygoal:anygoal/Env-v0", name="arm/reach")` makes the same.
"""
import gymnasium

from .env import AnygoalEnv, make
from .policy import Policy, load_policy

__all__ = ["AnygoalEnv", "Policy", "load_policy", "make"]

if "anygoal/Env-v0" not in gymnasium.registry:
    gymnasium.register("anygoal/Env-v0", "anygoal.env:AnygoalEnv")
