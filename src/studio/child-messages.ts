// What the studio and a run in a process of its own say to each other.
import type { TrainConfig } from '../config/config.js';
import type { Progress, TrainResult } from '../training/types.js';

export type ToChild =
  | { readonly kind: 'train'; readonly config: TrainConfig; readonly runsDir: string }
  | { readonly kind: 'resume'; readonly run: string; readonly steps?: number; readonly untilSuccess?: number }
  | { readonly kind: 'stop' };

export type FromChild =
  | { readonly kind: 'started'; readonly path: string; readonly warnings: readonly string[] }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'ended'; readonly ended: TrainResult['ended'] }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };
