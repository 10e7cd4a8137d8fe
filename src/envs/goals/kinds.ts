// The kinds of goals, with what each says, how it generalises and what hindsight needs to relabel it.

export const goalKindNames = ['state', 'state-set', 'predicate', 'image', 'language'] as const;
export type GoalKindName = (typeof goalKindNames)[number];

export interface GoalKind {
  readonly name: GoalKindName;
  /** What such goals can say. */
  readonly expresses: string;
  /** To which goals not trained on a policy can be expected to carry over. */
  readonly generalises: 'none' | 'nearby' | 'visual' | 'compositional';
  /** What makes a goal of something achieved, so that hindsight can relabel. */
  readonly hindsight: 'achieved state' | 'detectors' | 'achieved image' | 'captioner';
  /** Present where the kind is only declared: what it will need. */
  readonly needs?: string;
}

const kinds: Readonly<Record<GoalKindName, Omit<GoalKind, 'name'>>> = {
  state: {
    expresses: 'one state, or the part of it that counts, within a tolerance',
    generalises: 'nearby',
    hindsight: 'achieved state',
  },
  'state-set': {
    expresses: 'any state of a set: 1[s in G]',
    generalises: 'nearby',
    hindsight: 'achieved state',
  },
  predicate: {
    expresses: 'anything that a named test of the state can tell: 1[g(s) = 1]',
    // One number per predicate says nothing about how predicates resemble each other.
    generalises: 'none',
    hindsight: 'detectors',
  },
  image: {
    expresses: 'what a camera shall see',
    generalises: 'visual',
    hindsight: 'achieved image',
  },
  language: {
    expresses: 'what a sentence says',
    generalises: 'compositional',
    hindsight: 'captioner',
    needs: 'a text encoder, a learned reward or success detector, and a captioner that says what was achieved',
  },
};

export const goalKind = (name: GoalKindName): GoalKind => ({ name, ...kinds[name] });

/** All kinds, from the most to the least precise. */
export const goalKinds = (): GoalKind[] => goalKindNames.map(goalKind);
