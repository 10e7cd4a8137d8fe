// A page that only acts: a run's folder lies beside it, as `run`; no WebAssembly is loaded.
import { loadPolicy } from 'anygoal';

const policy = await loadPolicy('run');
const action = await policy.act({ observation: [0, 0], goal: [0.5, -0.5] });
document.querySelector('output').textContent = `acts [${Array.from(action, (value) => value.toFixed(2))}]`;
