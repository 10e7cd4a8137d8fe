// What the checks found.

export interface Finding {
  /** Errors make training wrong or irreproducible; warnings are worth a look. */
  readonly level: 'error' | 'warning';
  readonly check: string;
  /** What is wrong and what to change. */
  readonly message: string;
}

export interface CheckReport {
  /** No errors; there may be warnings. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** Adds a finding; of each check only the first error, else the first warning, is kept: the others mostly repeat it. */
export type Report = (level: Finding['level'], check: string, message: string) => void;
