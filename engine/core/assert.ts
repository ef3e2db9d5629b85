/** A broken invariant is a bug in our code: it throws and stops that record (style.md rule 10). */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** The default branch of every switch over a union: a new member fails to compile here. */
export function never(value: never): never {
  throw new AssertionError(`unexpected value ${JSON.stringify(value)}`);
}
