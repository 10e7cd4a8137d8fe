// A network with one head per task on a trunk that all tasks share: its task decides which outputs count.
import type { InputSpec } from './input.js';
import { type InputNetwork, type InputNetworkSettings, type InputNetworkSizes, inputNetwork } from './input-network.js';

/**
 * The trunk does not see the input `task`; its last layer has the outputs of all tasks, of which every row gets its own
 * task's. Tasks share everything but that layer, the layout's last two entries.
 */
export function multiHead(sizes: InputNetworkSizes, task: InputSpec, settings: InputNetworkSettings): InputNetwork {
  const { outputs } = sizes;
  const { choices = 1 } = task;
  const inputs = sizes.inputs.filter(({ name }) => name !== task.name);
  const all = inputNetwork({ ...sizes, inputs, outputs: outputs * choices }, settings);
  return {
    ...all,
    apply(parameters, seen, action) {
      const y = all.apply(parameters, seen, action);
      const [rows] = y.shape;
      const own = seen[task.name].reshape([rows]).oneHot(choices).reshape([rows, choices, 1]);
      return y.reshape([rows, choices, outputs]).mul(own).sum([1]);
    },
  };
}
