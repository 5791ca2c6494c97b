/** How a reader is tried. */
export interface Run {
  inputs: number;
  seed: number;
  /** Milliseconds that one input may take. */
  limitMs: number;
}

/** What came of one reader. */
export interface Outcome {
  inputs: number;
  /** Inputs that were not refused: by one way of reading them, or with a status below 400. */
  taken: number;
  slowestMs: number;
  /** Most memory of the process, above what it had when it had read the samples. */
  memoryMb: number;
  findings: Finding[];
}

export interface Finding {
  /** What is wrong, in short. */
  what: string;
  /** Which input of the run, where it is one. */
  index?: number;
  /** Base64: bytes of the file or the body, or the whole request. */
  input: string;
}

/** After so many a run says nothing new. */
export const MOST_FINDINGS = 10;

/** Memory above that of a process which is warm. */
export const LIMIT_BYTES = 200 * 1024 * 1024;
