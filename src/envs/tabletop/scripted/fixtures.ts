// Scripted control of the gripper alone, the button, the drawer and the dial.
import { groups } from '../columns.js';
import { button, drawer, tableTop } from '../layout.js';
import { pegAt } from '../markers.js';
import { type Control, comeDown, moveTo } from './view.js';

export const reach: Control = (view, action) => {
  const { goal } = view;
  moveTo(view, goal[0], goal[1], goal[2], action);
  action[3] = -1;
};

export const pressButton: Control = (view, action) => {
  action[3] = -1;
  // The fingers end 16 mm below their middle; a little deeper than wanted, for servos give way to the spring.
  const z = button.top - view.goal[groups.button.at] + 0.013;
  comeDown(view, button.x, button.y, z, button.top + 0.06, 0.012, action);
};

/** Height at which closed fingers reach behind the drawer's bar or in front of it. */
const low = tableTop + 0.04;
const over = drawer.height + 0.075;

/** Puts the closed fingers between bar and front and pulls. */
export const openDrawer: Control = (view, action) => {
  const { g, goal } = view;
  action[3] = -1;
  const bar = drawer.bar - view.drawer;
  const inGap = g[2] < low + 0.012 && g[0] > bar + 0.01 && g[0] < bar + 0.055 && Math.abs(g[1] - drawer.y) < 0.03;
  if (!inGap) {
    comeDown(view, bar + 0.032, drawer.y, low, over, 0.008, action);
    return;
  }
  const left = goal[groups.drawer.at] - view.drawer;
  moveTo(view, left > 0.004 ? g[0] - Math.min(left, 0.02) - 0.004 : g[0], drawer.y, low, action);
};

/** Pushes the bar from the robot's side. */
export const closeDrawer: Control = (view, action) => {
  const { g, goal } = view;
  action[3] = -1;
  const bar = drawer.bar - view.drawer;
  const before = g[2] < low + 0.012 && g[0] < bar - 0.012 && Math.abs(g[1] - drawer.y) < 0.03;
  if (!before) {
    comeDown(view, bar - 0.045, drawer.y, low, over, 0.01, action);
    return;
  }
  const left = view.drawer - goal[groups.drawer.at];
  moveTo(view, left > 0.004 ? bar - 0.019 + Math.min(left, 0.02) : g[0], drawer.y, low, action);
};

/** Pushes the peg along its circle with closed fingers: held between them, round as it is, it would slip out. */
export const turnDial: Control = (view, action) => {
  const { g, dial: angle } = view;
  action[3] = -1;
  const left = view.goal[groups.dial.at] - angle;
  const sign = Math.sign(left);
  const [px, py] = [pegAt(angle, 0), pegAt(angle, 1)];
  // The way that the peg shall go from here, and how far behind it the fingers' middle is when they touch.
  const [tx, ty] = [-sign * Math.cos(angle), -sign * Math.sin(angle)];
  const contact = 0.022 + 0.011 * Math.abs(ty);
  const along = (g[0] - px) * tx + (g[1] - py) * ty;
  const across = (g[0] - px) * ty - (g[1] - py) * tx;
  const down = g[2] < low + 0.012;
  const behind = down && along < -0.6 * contact && along > -contact - 0.03 && Math.abs(across) < 0.02;
  if (!behind) {
    if (Math.abs(left) < 0.06) {
      moveTo(view, g[0], g[1], over, action);
      return;
    }
    const away = contact + 0.014;
    comeDown(view, px - tx * away, py - ty * away, low, over, 0.01, action);
    return;
  }
  if (Math.abs(left) < 0.04) {
    moveTo(view, g[0], g[1], low, action);
    return;
  }
  const next = angle + Math.min(Math.max(0.7 * left, -0.22), 0.22);
  moveTo(
    view,
    pegAt(next, 0) + sign * Math.cos(next) * contact,
    pegAt(next, 1) + sign * Math.sin(next) * contact,
    low,
    action,
  );
};
