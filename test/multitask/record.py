"""Puts gradients of tasks together as the papers say, on the gradients themselves, and prints what comes out.

    python test/multitask/record.py > test/multitask/gradients.ndjson      (numpy, scipy)

PCGrad by projecting vectors one after the other, GradNorm by differentiating its loss numerically, CAGrad by a general
solver (SLSQP) from several starts. The first line says with which versions; each other one is a case. Gradients are
rounded to float32, so that both sides begin with the same numbers.
"""
import json

import numpy as np
import scipy
from scipy.optimize import minimize


def pcgrad(gradients, noise):
    projected = []
    for i, gradient in enumerate(gradients):
        own = gradient.copy()
        for j in np.argsort(-noise[i]):  # the largest normal first
            if j == i or not np.any(gradients[j]):
                continue
            product = own @ gradients[j]
            if product < 0:
                own = own - product / (gradients[j] @ gradients[j]) * gradients[j]
        projected.append(own)
    return np.mean(projected, axis=0)


def gradnorm(gradients, losses, alpha, rate):
    """Three steps of Adam on the weights; gradients stay, losses are a row per step. The combined gradients."""
    tasks = len(gradients)
    w, m, v = np.ones(tasks), np.zeros(tasks), np.zeros(tasks)
    norms = np.linalg.norm(gradients, axis=1)
    combined = []
    for t, now in enumerate(losses, 1):
        combined.append(w @ gradients / tasks)
        ratio = now / losses[0]
        if np.min(now) <= 0 or np.min(losses[0]) <= 0:
            ratio = np.ones(tasks)
        target = np.mean(w * norms) * (ratio / ratio.mean()) ** alpha  # held still

        def loss(x):
            return np.sum(np.abs(x * norms - target))

        step = 1e-6
        g = np.array([(loss(w + step * e) - loss(w - step * e)) / (2 * step) for e in np.eye(tasks)]) / norms.mean()
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        w = w - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        w = w * tasks / w.sum()
    return combined


def inverse_norm(gradients):
    inverse = 1 / np.linalg.norm(gradients, axis=1)
    return inverse @ gradients / inverse.sum()


def cagrad(gradients, c):
    tasks = len(gradients)
    scale = np.sqrt(np.mean(np.sum(gradients**2, axis=1)))
    g = gradients / scale
    mean = g.mean(axis=0)
    length = np.linalg.norm(mean)

    def value(w):
        return (w @ g) @ mean + c * length * np.sqrt((w @ g) @ (w @ g) + 1e-18)

    starts = [np.full(tasks, 1 / tasks), *(0.9 * np.eye(tasks) + 0.1 / tasks)]
    solve = lambda w: minimize(value, w, bounds=[(0, 1)] * tasks, method="SLSQP", options={"ftol": 1e-15, "maxiter": 1000},
                               constraints=[{"type": "eq", "fun": lambda w: w.sum() - 1}])
    best = min((solve(w) for w in starts), key=lambda result: result.fun)
    towards = best.x @ g
    return scale * (mean + c * length * towards / np.linalg.norm(towards))


print(json.dumps({"numpy": np.__version__, "scipy": scipy.__version__}))
random = np.random.default_rng(16)
CASES = [
    ("two", 2, 6, lambda g: g),
    ("three, all in conflict", 3, 12, lambda g: g - 1.2 * g.mean(axis=0)),
    ("ten", 10, 24, lambda g: g),
    ("ten, of very different lengths", 10, 24, lambda g: g * np.exp(1.5 * random.normal(size=(len(g), 1)))),
    ("ten, alike", 10, 24, lambda g: g + 2 * g[0]),
]
for name, tasks, size, change in CASES:
    gradients = change(random.normal(size=(tasks, size))).astype(np.float32).astype(np.float64)
    noise = random.normal(size=(tasks, tasks)).astype(np.float32).astype(np.float64)
    losses = (random.uniform(0.5, 3, size=(3, tasks)) / np.arange(1, 4)[:, None]).astype(np.float32).astype(np.float64)
    negative = losses - 1.0
    print(json.dumps({
        "name": name,
        "gradients": gradients.tolist(),
        "noise": noise.tolist(),
        "losses": losses.tolist(),
        "negative": negative.tolist(),
        "pcgrad": pcgrad(gradients, noise).tolist(),
        "inverseNorm": inverse_norm(gradients).tolist(),
        "cagrad": cagrad(gradients, 0.5).tolist(),
        "gradNorm": [g.tolist() for g in gradnorm(gradients, losses, 1.5, 0.025)],
        "gradNormOfNegative": [g.tolist() for g in gradnorm(gradients, negative, 1.5, 0.025)],
    }))
