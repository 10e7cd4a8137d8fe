// Hand-written controllers that solve the tabletop's tasks from observation and goal alone, without memory.
import type { Demonstrator } from '../../env.js';
import type { TabletopTask } from '../tasks.js';
import { closeDrawer, openDrawer, pressButton, reach, turnDial } from './fixtures.js';
import { pickAndPlace, pullWithHook, push, stack, sweep } from './objects.js';
import { type Control, createView, look } from './view.js';

const controls: Readonly<Record<TabletopTask, Control>> = {
  reach,
  push,
  'push-left': push,
  'push-right': push,
  'pick-and-place': pickAndPlace,
  stack,
  'press-button': pressButton,
  'open-drawer': openDrawer,
  'close-drawer': closeDrawer,
  'turn-dial': turnDial,
  'pull-with-hook': pullWithHook,
  'sweep-into-tray': sweep,
};

/** The controller of a task. It keeps no memory, so one may serve many environments; the array belongs to it. */
export function scriptedController(task: TabletopTask): Demonstrator {
  const action = new Float32Array(4);
  const view = createView();
  const control = controls[task];
  return (observation, goal) => {
    action.fill(0);
    look(view, observation, goal);
    control(view, action);
    for (let i = 0; i < 4; i++) action[i] = Math.min(Math.max(action[i], -1), 1);
    return action;
  };
}
