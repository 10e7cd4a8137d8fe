// Pictures of a policy at work, drawn by environments that draw themselves: those of Gymnasium.
import { loadEnv, parseEnvOptions, type TimeStep } from '../envs/index.js';
import { isGymName, withPictures } from '../envs/python/gym-name.js';
import { UsageError } from '../errors.js';
import { encodePng } from '../physics/png.js';
import type { Picture } from '../physics/render.js';
import { checkOptions } from './check-options.js';
import { calls } from './options.js';
import { loadPolicy, openPolicy, type PolicySource } from './policy.js';

export interface PictureOptions extends PolicySource {
  /** Of the episode's start. */
  readonly seed?: number;
  /** Steps at most; default: until the episode ends. */
  readonly steps?: number;
  /** Wider pictures are made smaller by whole numbers. Default: 320. */
  readonly width?: number;
}

export interface PicturedEpisode {
  readonly env: string;
  readonly width: number;
  readonly height: number;
  /** PNG files: the start, and what it looked like after each step. */
  readonly pictures: readonly Uint8Array[];
  /** Of each step. */
  readonly rewards: readonly number[];
  readonly success: boolean;
  readonly warnings: readonly string[];
}

/**
 * Plays an episode with a run's policy, without exploring, and has the environment draw every step.
 * @throws UsageError for environments that draw no pictures of their own
 */
export async function pictureEpisode(options: PictureOptions): Promise<PicturedEpisode> {
  checkOptions(calls.pictureEpisode, options);
  const { run, store, checkpoint, seed = 0, width: widest = 320 } = options;
  const source = { run, store, checkpoint };
  const { config } = (await openPolicy(source)).run;
  const { name } = config.env;
  if (!isGymName(name)) {
    throw new UsageError(`${name} draws no pictures of its own; the studio's page Watch draws its scene.`);
  }
  const definition = await loadEnv(withPictures(name));
  const env = await definition.create(parseEnvOptions(definition, config.env.options));
  try {
    const policy = await loadPolicy(source, { env });
    try {
      const pictures: Uint8Array[] = [];
      const rewards: number[] = [];
      let size = { width: 0, height: 0 };
      const draw = () => {
        const picture = smaller(env.picture?.(), widest);
        size = picture;
        pictures.push(encodePng(picture));
      };
      let now: TimeStep = env.reset({ seed });
      let success = false;
      draw();
      for (let ended = false; !ended && rewards.length < (options.steps ?? Number.POSITIVE_INFINITY); ) {
        const next = env.step(await policy.act({ ...now.columns, ...now }));
        now = next;
        rewards.push(next.reward);
        success = next.isSuccess;
        ended = next.terminated || next.truncated;
        draw();
      }
      return {
        env: name,
        width: size.width,
        height: size.height,
        pictures,
        rewards,
        success,
        warnings: policy.warnings,
      };
    } finally {
      await policy.dispose();
    }
  } finally {
    env.dispose?.();
  }
}

/** Means over squares of pixels. */
function smaller(picture: Picture | undefined, widest: number): Picture {
  if (!picture) throw new UsageError('the environment draws no pictures.');
  const by = Math.ceil(picture.width / widest);
  if (by <= 1) return picture;
  const [width, height] = [Math.floor(picture.width / by), Math.floor(picture.height / by)];
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 4; c++) {
        let sum = 0;
        for (let j = 0; j < by; j++) {
          for (let i = 0; i < by; i++) sum += picture.pixels[4 * ((y * by + j) * picture.width + x * by + i) + c];
        }
        pixels[4 * (y * width + x) + c] = sum / (by * by);
      }
    }
  }
  return { width, height, pixels };
}
