// Learning from recorded episodes: chance acts, hindsight learns from it. Run: node recorded.js
import { writeFile } from 'node:fs/promises';
import { evaluateRun, recordData, train } from 'anygoal';

const env = 'point/reach';
const recorded = await recordData({ env, policy: 'random', episodes: 400 });
await writeFile('random.safetensors', recorded.bytes);
console.log(`recorded: ${recorded.transitions} transitions, success ${recorded.successRate}`);

const { runDir } = await train({ env, data: 'random.safetensors', steps: 4000 });
const { successRate } = await evaluateRun({ run: runDir });
console.log(`learned: success ${successRate}`);
