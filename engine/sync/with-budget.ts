/** A ledger whose every call is counted by the shared budget: acquire before, release after, obey what the ledger says. */
import { err, ok, type Result } from "../core/result.ts";
import type { Binding, Budget, Clock, Ledger, Log, Priority, Unreachable } from "../ports.ts";
import type { SyncConfig } from "./context.ts";

export type BudgetedBy = {
  readonly budget: Budget;
  readonly organisation: string;
  readonly priority: Priority;
  /** A longer wait is not slept in a worker: the call is given back and its document waits in the outbox. */
  readonly waitMs: number;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: Log;
};

/** `fetchOrg` reads the organisation, its accounts, tax rates, tracking categories and currencies: one call each. */
const ORG_CALLS = 5;
/** How late the budget may answer before we take it that this process was stopped. */
const STALL_MS = 1_000;

type TooLong = Extract<Unreachable, { kind: "rateLimited" }>;

export function withBudget(ledger: Ledger, by: BudgetedBy): Ledger {
  const counted = async <T>(
    call: () => Promise<T>,
    limited: (answer: T) => TooLong | undefined,
    calls = 1,
  ): Promise<Result<T, TooLong>> => {
    const granted = await acquire(by, calls);
    if (!granted.ok) return granted;
    try {
      const answer = await call();
      const told = limited(answer);
      if (told !== undefined) {
        by.log("budget.told", {
          organisation: by.organisation,
          problem: told.problem,
          seconds: told.retryAfterSeconds,
        });
        await by.budget.told(by.organisation, { blockedSeconds: told.retryAfterSeconds, by: told.problem });
      }
      return ok(answer);
    } finally {
      await by.budget.release(granted.value);
    }
  };
  const limitedRead = (answer: Result<unknown, Unreachable>): TooLong | undefined =>
    !answer.ok && answer.error.kind === "rateLimited" ? answer.error : undefined;

  return {
    fetchOrg: async () => {
      const answer = await counted(() => ledger.fetchOrg(), limitedRead, ORG_CALLS);
      return answer.ok ? answer.value : err(answer.error);
    },
    find: async (query) => {
      const answer = await counted(() => ledger.find(query), limitedRead);
      return answer.ok ? answer.value : err(answer.error);
    },
    fetchItems: async () => {
      const answer = await counted(() => ledger.fetchItems(), limitedRead);
      return answer.ok ? answer.value : err(answer.error);
    },
    create: async (write) => {
      const answer = await counted(
        () => ledger.create(write),
        (result) => (result.kind === "rateLimited" ? result : undefined),
      );
      return answer.ok ? answer.value : answer.error;
    },
  };
}

/** The ledger of a connection behind the budget of its organisation, for live orders. */
export const budgeted = (
  {
    budget,
    clock,
    sleep,
    log,
    settings,
  }: Pick<SyncConfig, "budget" | "clock" | "sleep" | "log" | "settings">,
  ledger: Ledger,
  { organisationId }: Binding,
): Ledger =>
  withBudget(ledger, {
    budget,
    clock,
    sleep,
    log,
    organisation: organisationId,
    priority: "live",
    waitMs: settings.budgetWaitMs,
  });

/**
 * A lease, after at most `waitMs` of waiting. A process that was stopped meanwhile gives its lease back and sends nothing:
 * by now another worker may have looked the batch up and sent it.
 */
async function acquire(by: BudgetedBy, calls: number): Promise<Result<string, TooLong>> {
  const { budget, organisation, priority, waitMs, clock, sleep } = by;
  const startMs = clock.now().getTime();
  for (;;) {
    const answer = await budget.acquire(organisation, priority, calls);
    const waitedMs = clock.now().getTime() - startMs;
    if (answer.kind === "granted") {
      if (waitedMs <= waitMs + STALL_MS) return ok(answer.lease);
      await budget.release(answer.lease);
      return err({ kind: "rateLimited", retryAfterSeconds: 1, problem: "budget:stalled" });
    }
    if (waitedMs + answer.waitMs > waitMs) {
      return err({
        kind: "rateLimited",
        retryAfterSeconds: Math.ceil(answer.waitMs / 1_000),
        problem: `budget:${answer.by}`,
      });
    }
    await sleep(answer.waitMs);
  }
}
