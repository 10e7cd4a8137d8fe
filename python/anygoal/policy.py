"""Policies that `anygoal export` wrote, with ONNX Runtime."""
import numpy as np


def load_policy(path):
    """The policy of an ONNX file."""
    return Policy(path)


class Policy:
    """
    Acts on observations as an environment of this package or of Gymnasium shows them: an array, or a dictionary with
    `observation` and `desired_goal`; further inputs by their names.
    """

    def __init__(self, path):
        try:
            import onnxruntime
        except ImportError as error:
            raise ImportError("policies need ONNX Runtime: pip install onnxruntime") from error
        self.session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        self.inputs = {one.name: one.shape for one in self.session.get_inputs()}

    def act(self, observation):
        """The action for one observation, or an action for each of a batch."""
        seen = dict(observation) if isinstance(observation, dict) else {"observation": observation}
        if isinstance(seen.get("observation"), dict):
            seen.update(seen.pop("observation"))
        if "desired_goal" in seen:
            seen["goal"] = seen.pop("desired_goal")
        missing = [name for name in self.inputs if name not in seen]
        if missing:
            raise KeyError(f"the policy also needs {', '.join(missing)}; it was given {', '.join(seen)}.")
        given, batched = {}, True
        for name, shape in self.inputs.items():
            value = np.asarray(seen[name])
            value = value if value.dtype == np.uint8 else value.astype(np.float32)
            if value.ndim < len(shape):
                value, batched = value[None], False
            given[name] = value.reshape(len(value), -1) if len(shape) == 2 else value
        (action,) = self.session.run(["action"], given)
        return action if batched else action[0]

    __call__ = act
