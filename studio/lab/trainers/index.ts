// The trainers of the lab's pages by name; each is loaded where it is asked for.

export const loadTrainer = {
  coinFlip: () => import('./coin-flip.js'),
  conditioning: () => import('./conditioning.js'),
  forgetting: () => import('./forgetting.js'),
  instructions: () => import('./instructions.js'),
  modelRollouts: () => import('./model-rollouts.js'),
  plannerPolicy: () => import('./planner-policy.js'),
  universal: () => import('./universal.js'),
};

export type TrainerName = keyof typeof loadTrainer;

/** What a page can ask of its trainer; each function is given how to tell of its progress behind its own arguments. */
export type TrainerOf<N extends TrainerName> = Awaited<ReturnType<(typeof loadTrainer)[N]>>['trainer'];
