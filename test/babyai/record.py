"""Plays BabyAI's levels in minigrid and prints what happened: the layout, actions, and digests of observations.

    python test/babyai/record.py > test/babyai/traces.ndjson   (with minigrid==3.2.0)

Levels and numbers of episodes may be named: record.py GoToLocal:8 Synth:8. Half of the episodes are the bot's, and what
it advises is recorded with them; in a quarter random actions take the place of some, so that it has to plan anew; a
quarter is random throughout. Of what the environments show, the picture's bytes and the direction, a digest of 16 bits
is kept for each step. Layouts are the things in them, and the gaps in the walls of their rooms.
"""

import json
import random
import sys
import zlib
from importlib.metadata import version

import gymnasium as gym
import minigrid  # noqa: F401  registers the environments
from minigrid.utils.baby_ai_bot import BabyAIBot

LONGEST = 250
LEVELS = (
    "GoToRedBallGrey GoToRedBall GoToRedBlueBall GoToObj GoToLocal GoToDoor GoToObjDoor GoTo GoToImpUnlock GoToSeq Open "
    "OpenRedDoor OpenDoor OpenTwoDoors OpenDoorsOrderN4 Pickup UnblockPickup PickupLoc PickupDist PickupAbove PutNextLocal "
    "PutNextS7N4 Unlock UnlockLocal UnlockPickup BlockedUnlockPickup UnlockToUnlock ActionObjDoor FindObjS7 KeyCorridor "
    "OneRoomS8 MoveTwoAcrossS8N9 Synth SynthLoc SynthSeq MiniBossLevel BossLevel BossLevelNoUnlock"
).split()


def digest(observation):
    shown = observation["image"].tobytes() + bytes([int(observation["direction"])])
    return f"{zlib.crc32(shown) & 0xFFFF:04x}"


def layout(env):
    """Things as [kind, colour, state, x, y] in the order of the grid, and cells without the wall that rooms have there."""
    side = env.room_size - 1
    things, gaps = [], []
    for x in range(env.grid.width):
        for y in range(env.grid.height):
            cell = env.grid.get(x, y)
            if cell is not None and cell.type != "wall":
                things.append([*map(int, cell.encode()), x, y])
            elif cell is None and (x % side == 0 or y % side == 0):
                gaps.append([x, y])
    return {"things": things, "gaps": gaps}


def play(level, seed, clumsiness):
    env = gym.make(f"BabyAI-{level}-v0").unwrapped
    observation, _ = env.reset(seed=seed)
    draws = random.Random(seed)
    trace = {
        "level": level,
        "seed": seed,
        "rooms": [env.num_cols, env.num_rows, env.room_size],
        **layout(env),
        "agent": [int(env.agent_pos[0]), int(env.agent_pos[1]), int(env.agent_dir)],
        "mission": env.mission,
        "limit": int(env.max_steps),
    }
    bot = BabyAIBot(env) if clumsiness < 1 else None
    digests, actions, advice = [digest(observation)], [], []
    action = None
    reward, terminated, truncated = 0, False, False
    while not (terminated or truncated) and len(actions) < LONGEST:
        if bot is not None:
            try:
                advised = int(bot.replan(action))
            except Exception:
                bot = None
                advised = 6
            advice.append(advised)
        if bot is None or draws.random() < clumsiness:
            action = draws.randrange(7)
            # An opened box ends what the bot can do; it has a short life in random hands.
            if bot is not None and action == 5:
                action = 2
        else:
            action = advised
        observation, reward, terminated, truncated, _ = env.step(action)
        actions.append(action)
        digests.append(digest(observation))
    trace.update(
        actions="".join(map(str, actions)),
        advice="".join(map(str, advice)),
        digests="".join(digests),
        reward=float(reward),
        terminated=bool(terminated),
        truncated=bool(truncated),
    )
    env.close()
    return trace


def main():
    sys.stdout, out = sys.stderr, sys.stdout
    print(json.dumps({"versions": {"minigrid": version("minigrid")}, "every": 1}), file=out)
    for argument in sys.argv[1:] or LEVELS:
        level, _, episodes = argument.partition(":")
        for seed in range(int(episodes or 4)):
            trace = play(level, seed, (0, 0.2, 0, 1)[seed % 4])
            print(json.dumps(trace, separators=(",", ":")), file=out)


main()
