/** What a run of delivery shares: its ledger behind the budget, its counts, and the pause that ends it. */
import type { Ledger, Unreachable } from "../ports.ts";
import type { SyncContext } from "./context.ts";

export type Run = {
  readonly context: SyncContext;
  readonly connection: string;
  readonly ledger: Ledger;
  readonly counts: { delivered: number; refused: number; held: number };
  /** Set when the ledger or the budget is to be left alone until then; the run ends. */
  pausedUntil: Date | null;
  /** After a write that was refused as a whole, so many documents go one by one: one bad body must not block the others. */
  singly: number;
};

/** Ends the run; what is left is delivered from then on. Answers the instant. */
export function pauseFor(run: Run, waitMs: number): Date {
  run.pausedUntil = new Date(run.context.clock.now().getTime() + waitMs);
  return run.pausedUntil;
}

/** A look-up had no answer: the run ends and tries again when the ledger says, or after a while. */
export function pauseAfter(run: Run, cause: Unreachable): Date {
  const { settings, log } = run.context;
  log("delivery.lookUpFailed", { connection: run.connection, cause: cause.kind });
  return pauseFor(run, cause.kind === "rateLimited" ? cause.retryAfterSeconds * 1_000 : settings.retryMs);
}
