"""Losses and gradients of OGBench's agents, and of SAW's, at given weights on a given batch.

    git clone https://github.com/seohongpark/ogbench && git -C ogbench checkout 1d41409
    git clone https://github.com/johnlyzhou/saw && git -C saw checkout 1ce8ac7
    pip install "jax[cpu]" flax distrax optax ml_collections
    python test/offline/record.py ogbench/impls saw/impls > test/offline/losses.ndjson

The first line says with which versions; each other one is an agent: its batch under our names, its weights as our flat
vectors, the losses, and the gradient of their sum along every vector that learns. Weights and batches are rounded to
float32 and everything is computed from them in float64, so that what differs is our rounding alone.
"""
import importlib
import json
import sys
from importlib.metadata import version

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)
ROWS, STATE, ACTION, HIDDEN, LATENT = 8, 3, 2, (8, 8), 16
PACKAGES = ["jax", "flax", "distrax", "optax"]


def mlp(tree, member=None):
    """A network's tensors one after the other, as ours lie: weight, bias, and where there is one the norm after it."""
    pick = lambda x: x if member is None else x[member]
    out = []
    for i in range(len([name for name in tree if name.startswith("Dense_")])):
        out += [pick(tree[f"Dense_{i}"]["kernel"]), pick(tree[f"Dense_{i}"]["bias"])]
        if f"LayerNorm_{i}" in tree:
            out += [pick(tree[f"LayerNorm_{i}"]["scale"]), pick(tree[f"LayerNorm_{i}"]["bias"])]
    return out


policy = lambda tree: mlp(tree["actor_net"]) + [tree["mean_net"]["kernel"], tree["mean_net"]["bias"]]
pair = lambda tree: mlp(tree["value_net"], 0) + mlp(tree["value_net"], 1)
single = lambda tree: mlp(tree["value_net"])
contrast = lambda tree: [x for member in (0, 1) for part in ("phi", "psi") for x in mlp(tree[part], member)]
code = lambda tree: mlp(tree["layers_0"])
interval = lambda tree: mlp(tree["phi"]) + [tree["alpha"]["value"]]

# Of each agent: where, its settings, our vectors, whether they learn, and our names of losses.
IVL = {"representation": (code, "goal_rep"), "value": (pair, "value"), "targetValue": (pair, "target_value")}
QRL = {"dynamics": (mlp, "dynamics"), "logLambda": (lambda tree: [tree["log_value"]], "lam"), "actor": (policy, "actor")}
AGENTS = {
    "gcbc": (0, "gcbc", {}, {"actor": (policy, "actor")}, {"actor_loss": "actor/actor_loss"}),
    "gcivl": (
        0, "gcivl", {},
        {"value": (pair, "value"), "targetValue": (pair, "target_value"), "actor": (policy, "actor")},
        {"value_loss": "value/value_loss", "actor_loss": "actor/actor_loss"},
    ),
    "gciql": (
        0, "gciql", {},
        {"value": (single, "value"), "critics": (pair, "critic"), "targetCritics": (pair, "target_critic"),
         "actor": (policy, "actor")},
        {"value_loss": "value/value_loss", "critic_loss": "critic/critic_loss", "actor_loss": "actor/actor_loss"},
    ),
    "crl": (
        0, "crl", {"latent_dim": LATENT},
        {"critics": (contrast, "critic"), "actor": (policy, "actor")},
        {"critic_loss": "critic/contrastive_loss", "actor_loss": "actor/actor_loss"},
    ),
    "hiql": (
        0, "hiql", {},
        {**IVL, "lowActor": (policy, "low_actor"), "highActor": (policy, "high_actor")},
        {"value_loss": "value/value_loss", "low_actor_loss": "low_actor/actor_loss",
         "high_actor_loss": "high_actor/actor_loss"},
    ),
    "qrl": (
        0, "qrl", {"latent_dim": LATENT}, {"distance": (interval, "value"), **QRL},
        {"value_loss": "value/value_loss", "dynamics_loss": "dynamics/dynamics_loss", "actor_loss": "actor/actor_loss"},
    ),
    "qrl mrn": (
        0, "qrl", {"latent_dim": LATENT, "quasimetric_type": "mrn"},
        {"distance": (lambda tree: mlp(tree["phi"]), "value"), **QRL},
        {"value_loss": "value/value_loss", "dynamics_loss": "dynamics/dynamics_loss", "actor_loss": "actor/actor_loss"},
    ),
    "saw": (
        1, "saw", {},
        {**IVL, "actor": (lambda trees: code(trees[0]) + policy(trees[1]), ("actor_goal_rep_def", "actor")),
         "subActor": (policy, "low_actor")},
        {"value_loss": "value/value_loss", "sub_actor_loss": "low_actor/actor_loss", "awr_loss": "actor/awr_loss",
         "bootstrap_loss": "waypoint/waypoint_loss"},
    ),
}


def flat(params, make, module):
    trees = params[f"modules_{module}"] if isinstance(module, str) else [params[f"modules_{m}"] for m in module]
    return np.concatenate([np.ravel(x) for x in make(trees)])


def numbers(x, digits):
    return [float(f"{value:.{digits}g}") for value in np.ravel(x)]


def record(name, random):
    place, module, settings, vectors, losses = AGENTS[name]
    for known in [m for m in sys.modules if m.split(".")[0] in ("agents", "utils")]:
        del sys.modules[known]
    sys.path.insert(0, sys.argv[1 + place])
    agents = importlib.import_module(f"agents.{module}")
    sys.path.pop(0)
    config = agents.get_config()
    for setting, value in {"actor_hidden_dims": HIDDEN, "value_hidden_dims": HIDDEN, "low_actor_hidden_dims": HIDDEN,
                           **settings}.items():
        if setting in config:
            config[setting] = value
    kind = [value for key, value in vars(agents).items() if key.endswith("Agent")][0]
    normals = lambda *shape: random.standard_normal(shape).astype(np.float32)
    agent = kind.create(0, normals(ROWS, STATE), normals(ROWS, ACTION), config)
    moved = jax.tree_util.tree_map(
        lambda x: np.asarray(x + 0.3 * normals(*np.shape(x)), np.float32).astype(np.float64), agent.network.params
    )
    agent = agent.replace(network=agent.network.replace(params=moved))

    reached = (np.arange(ROWS) % 4 == 0).astype(np.float64)
    columns = {key: normals(ROWS, STATE) for key in ("observation", "next", "valueGoal", "actorGoal", "subgoal", "waypoint")}
    action = np.tanh(normals(ROWS, ACTION))
    wide = {key: value.astype(np.float64) for key, value in columns.items()}
    batch = {
        "observations": wide["observation"], "next_observations": wide["next"], "actions": action.astype(np.float64),
        "value_goals": wide["valueGoal"], "actor_goals": wide["actorGoal"],
        "low_actor_goals": wide["subgoal"], "high_actor_goals": wide["actorGoal"], "high_actor_targets": wide["waypoint"],
        "rewards": reached - 1, "masks": 1 - reached,
    }
    gradient, info = jax.grad(lambda params: agent.total_loss(batch, params), has_aux=True)(moved)
    learned = {key: flat(gradient, *where) for key, where in vectors.items() if not key.startswith("target")}
    return {
        "agent": name,
        "batch": {
            **{key: numbers(value, 9) for key, value in columns.items() if key != "next"},
            "next.observation": numbers(columns["next"], 9), "waypoint.observation": numbers(columns["waypoint"], 9),
            "action": numbers(action, 9), "valueGoal.offset": numbers(1 - reached, 9),
        },
        "vectors": {key: numbers(flat(moved, *where), 9) for key, where in vectors.items()},
        "losses": {key: float(info[where]) for key, where in losses.items()},
        "gradients": {key: numbers(value, 9) for key, value in learned.items()},
    }


print(json.dumps({"versions": {name: version(name) for name in PACKAGES}, "every": 1}))
for i, name in enumerate(AGENTS):
    print(json.dumps(record(name, np.random.default_rng(i)), separators=(",", ":")))
