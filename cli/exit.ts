/** How a command ends (contract.md): the exit code, and for everything but success what a person does next. */

export const EXIT = { done: 0, failed: 1, badInput: 2, held: 3 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** `kind` is for programs; `message` says what was found and what was expected; `next` is the next useful action. */
export type Failure = {
  readonly exit: Exclude<Exit, 0>;
  readonly kind: string;
  readonly message: string;
  readonly next: string;
};

export const badInput = (message: string, next: string): Failure => ({
  exit: EXIT.badInput,
  kind: "badInput",
  message,
  next,
});

export const failed = (kind: string, message: string, next: string): Failure => ({
  exit: EXIT.failed,
  kind,
  message,
  next,
});
