const BUGS = [TypeError, RangeError, ReferenceError];

/** A sentence; a mistake of ours also says where it is. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return BUGS.some((bug) => error instanceof bug) ? (error.stack ?? error.message) : error.message;
}
