// BabyAI's bot: an expert with a plan, a stack of aims of which the top one is followed (`BabyAIBot` of minigrid 3.2.0).
import { type Description, describe, findThings, type Instruction } from './instructions.js';
import { placeToDrop, shortestWay, shutDoor } from './search.js';
import { surroundingsOf } from './surroundings.js';
import { eachCellSeen } from './view.js';
import {
  colours,
  DONE,
  DROP,
  EMPTY,
  FORWARD,
  kindName,
  LEFT,
  LOCKED,
  NOTHING,
  OPEN,
  PICKUP,
  RIGHT,
  TOGGLE,
  WALL,
  type World,
} from './world.js';

/** Where to go: a thing that fits a description, a certain thing, or a cell. */
type Target = { readonly any: Description } | { readonly thing: number } | { readonly cell: number };

type Aim =
  | { readonly to: 'close' | 'drop' | 'pick-up' | 'explore' }
  | { readonly to: 'open'; readonly why?: 'unlock' | 'keep-key' }
  | { readonly to: 'go'; readonly target: Target; readonly why?: 'put' | 'explore' | 'open' };

/** The bot does not know what to do: a thing that it needs is gone. */
class Stuck extends Error {}

export interface Bot {
  /**
   * The action for the present state. `taken`: the action since the last call, which need not be the one that was given;
   * absent at the beginning. `done` where nothing is left to do, or nothing can be done.
   */
  replan(taken?: number): number;
}

/** Changes of the plan for one action until the bot gives up: plans can turn in a circle. */
const MOST_CHANGES = 200;
/** Further than any way is long. */
const FAR = 999;

export function createBot(world: World, instruction: Instruction): Bot {
  const { cells, things, width } = world;
  const seen = new Uint8Array(cells.length);
  const plan: Aim[] = [];
  let before = { x: -1, y: -1, carrying: NOTHING, front: EMPTY, doorWasOpen: false };

  const go = (target: Target, why?: 'put' | 'explore' | 'open'): Aim => ({ to: 'go', target, why });
  const push = (...aims: Aim[]) => plan.push(...aims);
  const drop: Aim = { to: 'drop' };
  const pickUp: Aim = { to: 'pick-up' };
  const { here, front, cellToward, isDoor, isOpen, distance, hasKeyOf, room } = surroundingsOf(world);
  const dropPlace = (except?: number) => {
    const place = placeToDrop(world, seen, except);
    if (place === null) throw new Stuck('there is no place to put something down');
    return place;
  };
  const keyOf = (door: number): Target => ({
    any: findThings(world, describe('key', colours[things[door].colour])),
  });

  /** Aims of an instruction; the last one pushed comes first. */
  function prepare(asked: Instruction): void {
    if ('join' in asked) {
      const [sooner, later] = asked.join === 'after' ? [asked.second, asked.first] : [asked.first, asked.second];
      prepare(later);
      prepare(sooner);
    } else if (asked.ask === 'go to') push(go({ any: asked.what }));
    else if (asked.ask === 'open') push({ to: 'open' }, go({ any: asked.what }, 'open'));
    else if (asked.ask === 'pick up') push(drop, pickUp, go({ any: asked.what }));
    else if (asked.next) push(drop, go({ any: asked.next }, 'put'), pickUp, go({ any: asked.what }));
  }

  function remember(): void {
    const content = cells[front()];
    const doorWasOpen = isDoor(content) ? isOpen(content) : before.doorWasOpen;
    before = { x: world.x, y: world.y, carrying: world.carrying, front: content, doorWasOpen };
  }

  /** Plans to take back an action that did not belong to the plan. */
  function undo(taken: number): void {
    const content = cells[front()];
    if (taken === FORWARD) {
      if (before.x !== world.x || before.y !== world.y) push(go({ cell: here() }));
    } else if (taken === LEFT) push(go({ cell: cellToward(world.direction + 1) }));
    else if (taken === RIGHT) push(go({ cell: cellToward(world.direction + 3) }));
    else if (taken === DROP && before.carrying !== world.carrying) push(pickUp);
    else if (taken === PICKUP && before.carrying !== world.carrying) push(drop);
    else if (taken === TOGGLE && isDoor(content) && before.doorWasOpen !== isOpen(content))
      push({ to: isOpen(content) ? 'close' : 'open' });
  }

  const turnedOrWalked = (taken: number) => taken === FORWARD || taken === LEFT || taken === RIGHT;

  /** What the action means for the top aim. */
  function account(aim: Aim, taken: number | undefined): void {
    if (aim.to === 'go') {
      if (taken === PICKUP || taken === DROP || taken === TOGGLE) undo(taken);
    } else if (aim.to === 'open') {
      if (taken !== undefined && taken !== TOGGLE) undo(taken);
      else {
        plan.pop();
        // Where it can be put is seen only now: before, the place might have been taken meanwhile.
        if (aim.why === 'unlock') push(drop, go({ cell: dropPlace() }));
      }
    } else if (aim.to !== 'explore') {
      const does = { close: TOGGLE, drop: DROP, 'pick-up': PICKUP }[aim.to];
      if (taken === undefined || taken === does) plan.pop();
      else if (aim.to === 'pick-up' ? taken === LEFT || taken === RIGHT : turnedOrWalked(taken)) undo(taken);
    }
  }

  /** The next action, or undefined after a change of the plan. */
  function pursue(aim: Aim): number | undefined {
    const content = cells[front()];
    switch (aim.to) {
      case 'close':
        if (!isOpen(content)) throw new Stuck('there is no open door to close');
        return TOGGLE;
      case 'drop':
        if (world.carrying === NOTHING || content !== EMPTY) throw new Stuck('nothing can be put down here');
        return DROP;
      case 'pick-up':
        if (world.carrying !== NOTHING) throw new Stuck('the hand is not free');
        return PICKUP;
      case 'open':
        return openDoor(aim.why, content);
      case 'explore':
        return explore();
      default:
        return goThere(aim.target, aim.why);
    }
  }

  function openDoor(why: 'unlock' | 'keep-key' | undefined, door: number): number | undefined {
    if (!isDoor(door)) throw new Stuck('there is no door to open');
    const locked = things[door].state === LOCKED;
    if (locked && !hasKeyOf(door)) {
      const key = keyOf(door);
      const at = front();
      plan.pop();
      if (world.carrying !== NOTHING) {
        const place = dropPlace();
        push(pickUp, go({ cell: place }), { to: 'open' }, go({ cell: at }), pickUp, go(key), drop, go({ cell: place }));
      } else push({ to: 'open' }, go({ cell: at }), pickUp, go(key));
      return undefined;
    }
    if (isOpen(door)) {
      push({ to: 'close' });
      return undefined;
    }
    if (locked && why === undefined) {
      plan.pop();
      push({ to: 'open', why: 'unlock' });
      return undefined;
    }
    return TOGGLE;
  }

  /** Goes to the nearest cell that was not seen, or opens a door. */
  function explore(): undefined {
    const unseen = shortestWay(world, seen, (cell) => seen[cell] === 0, true);
    if (unseen) {
      push(go({ cell: unseen.end }, 'explore'));
      return;
    }
    const way =
      shortestWay(world, seen, shutDoor(world, true), true) ?? shortestWay(world, seen, shutDoor(world, false), true);
    if (!way) throw new Stuck('everything has been seen');
    const door = cells[way.end];
    const keeps = things[door].state === LOCKED && hasKeyOf(door);
    plan.pop();
    push({ to: 'open', why: keeps ? 'keep-key' : undefined }, go({ thing: door }, 'open'));
  }

  /** The nearest thing of a description that has been seen; null: none has. */
  function nearest(
    { things: meant, cells: places }: Description,
    beside: boolean,
  ): { thing: number; cell: number } | null {
    if (meant.length === 0) throw new Stuck('there is no such thing');
    let best: { thing: number; cell: number } | null = null;
    let least = FAR;
    // Places are fewer than things once one is carried, and then they are those of other things: so it is in the original.
    for (let i = 0; i < Math.min(meant.length, places.length); i++) {
      const [thing, cell] = [meant[i], places[i]];
      if (thing === WALL || thing === world.carrying || seen[cell] === 0) continue;
      const way = shortestWay(world, seen, (other) => other === cell, true);
      if (!way) throw new Stuck('there is no way to something that was seen');
      let steps = way.cells.length + (way.blocked ? (world.carrying === NOTHING ? 4 : 7) : 0);
      if (steps === 0) steps = beside ? 3 : 2;
      if (beside && steps === 1) steps = 3;
      if (steps >= least) continue;
      least = steps;
      best = { thing, cell };
    }
    return best;
  }

  function goThere(target: Target, why?: 'put' | 'explore' | 'open'): number | undefined {
    let thing = NOTHING;
    let cell = -1;
    if ('any' in target) {
      const found = nearest(target.any, why === 'put');
      if (!found) {
        push({ to: 'explore' });
        return undefined;
      }
      ({ thing, cell } = found);
    } else if ('thing' in target) {
      thing = target.thing;
      cell = things[thing].y * width + things[thing].x;
    } else cell = target.cell;

    if (why === 'open' && isDoor(thing) && things[thing].state === LOCKED && world.carrying === NOTHING) {
      plan.pop();
      push(go({ thing }, 'open'), pickUp, go(keyOf(thing)));
      return undefined;
    }
    const content = cells[front()];
    if (distance(cell, here()) === (why === 'put' ? 1 : 0)) return stepAside(content);
    if (why === 'put' && distance(cell, front()) === 1) {
      if (content === EMPTY) {
        plan.pop();
        return undefined;
      }
      if (isOpen(content)) {
        // Nothing can be put into a door: what it shall lie next to has to move.
        push(go({ cell: cellToward(world.direction, cellToward(world.direction, front())) }));
        return undefined;
      }
    }
    if (why !== 'put' && cell === front()) {
      plan.pop();
      return undefined;
    }
    const accept = (other: number) => other === cell;
    let way = shortestWay(world, seen, accept);
    if (!way?.cells.length) way = shortestWay(world, seen, accept, true);
    if (!way?.cells.length) {
      push({ to: 'explore' });
      return undefined;
    }
    return follow(way.cells[0], content);
  }

  /** Away from a cell that one shall face but stands on. */
  function stepAside(content: number): number {
    const free = (content: number) => content === EMPTY || isOpen(content);
    if (free(content)) return FORWARD;
    return free(cells[cellToward(world.direction + 1)]) ? RIGHT : LEFT;
  }

  /** Goes to a neighbouring cell, and clears it before. */
  function follow(next: number, content: number): number | undefined {
    if (next === front()) {
      if (content === EMPTY) return FORWARD;
      if (isDoor(content)) {
        if (things[content].state === LOCKED) throw new Stuck('a locked door is in the way');
        if (things[content].state === OPEN) return FORWARD;
        push({ to: 'open' });
        return undefined;
      }
      const place = dropPlace();
      if (world.carrying === NOTHING) {
        push(drop, go({ cell: place }), pickUp);
        return undefined;
      }
      const away = dropPlace(place);
      push(
        pickUp,
        go({ cell: place }),
        drop,
        go({ cell: away }),
        pickUp,
        go({ cell: front() }),
        drop,
        go({ cell: place }),
      );
      return undefined;
    }
    if (next === cellToward(world.direction + 1)) return RIGHT;
    if (next === cellToward(world.direction + 3)) return LEFT;
    // It is behind: the turn is taken on the side where there is more to see.
    return room(world.direction + 3) > room(world.direction + 1) ? LEFT : RIGHT;
  }

  function next(taken: number | undefined): number {
    eachCellSeen(world, (cell) => {
      seen[cell] = 1;
    });
    if (taken === TOGGLE && before.front >= 0 && kindName(things[before.front].kind) === 'box')
      throw new Stuck('a box was opened');
    if (plan.length > 0) account(plan[plan.length - 1], taken);
    const isExploring = (aim: Aim | undefined) => aim?.to === 'explore' || (aim?.to === 'go' && aim.why === 'explore');
    while (isExploring(plan[plan.length - 1])) plan.pop();
    let action: number | undefined;
    for (let changes = 0; plan.length > 0 && action === undefined; changes++) {
      if (changes > MOST_CHANGES) throw new Stuck('the plan turns in a circle');
      action = pursue(plan[plan.length - 1]);
    }
    return action ?? DONE;
  }

  let stuck = false;
  prepare(instruction);
  return {
    replan(taken) {
      if (stuck) return DONE;
      try {
        return next(taken);
      } catch (error) {
        if (!(error instanceof Stuck)) throw error;
        stuck = true;
        return DONE;
      } finally {
        remember();
      }
    },
  };
}
