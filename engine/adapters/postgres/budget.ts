/**
 * The call budget of an organisation, shared by all workers through one locked row: calls of the rolling minute and of the
 * rolling day, calls in flight, and what the ledger said itself (facts/stack.md section 4). Xero's windows are fixed but of
 * unknown phase; a rolling count is safe for any phase. The clock is the database's, since workers' clocks differ.
 */
import { eq, isNotNull, sql } from "drizzle-orm";
import { assert } from "../../core/assert.ts";
import type { Budget, BudgetReason, Ids, Priority } from "../../ports.ts";
import { type Db, instantText, rows } from "./open.ts";
import { budgetCalls, budgets } from "./schema.ts";

/** The lengths of the windows are data, so that tests need no fake clock. */
export type BudgetLimits = {
  readonly minuteMs: number;
  readonly dayMs: number;
  readonly minuteLimit: number;
  readonly dayLimit: number;
  readonly inFlightLimit: number;
  /** Calls of each minute that background work leaves to live orders. */
  readonly reserve: number;
};

/** facts/xero.md section 2. The day limit is that of the Starter tier; a larger one is data. */
export const XERO_LIMITS: BudgetLimits = {
  // Half a second longer than Xero's minute: its clock starts when it receives the call, not when we send it.
  minuteMs: 60_500,
  dayMs: 86_400_000,
  minuteLimit: 60,
  dayLimit: 1_000,
  inFlightLimit: 5,
  reserve: 5,
};

/** A lease outlives every call; its end frees the place of a worker that was killed. */
const LEASE_MS = 90_000;
const CONCURRENT_WAIT_MS = 100;
/** What the ledger said of its day is news for so long; then a call may ask again, since its day starts when it likes. */
const TOLD_FRESH_MS = 600_000;

type BudgetRow = typeof budgets.$inferSelect;

/** What the windows hold, by the database's clock. */
type Usage = {
  readonly now: Date;
  readonly minute: number;
  readonly day: number;
  readonly inFlight: number;
  readonly sinceTold: number;
};

export function createBudget(
  db: Db,
  parts: {
    readonly ids: Ids;
    readonly limits: (organisation: string) => BudgetLimits;
    readonly leaseMs?: number;
  },
): Budget {
  return {
    acquire: (organisation, priority, calls = 1) =>
      db.transaction(async (tx) => {
        const row = await lockRow(tx, organisation, parts.limits(organisation));
        const usage = await usageOf(tx, row);
        const wait = await waitFor(tx, row, usage, { priority, calls });
        if (wait !== undefined) return { kind: "wait", ...wait };
        const lease = parts.ids.next();
        const call = { organisationId: organisation, at: usage.now };
        const leaseUntil = new Date(usage.now.getTime() + (parts.leaseMs ?? LEASE_MS));
        const further = Array.from({ length: calls - 1 }, () => ({ id: parts.ids.next(), ...call }));
        await tx.insert(budgetCalls).values([{ id: lease, ...call, leaseUntil }, ...further]);
        await forget(tx, row, usage.now);
        return { kind: "granted", lease };
      }),
    release: async (lease) => {
      await db.update(budgetCalls).set({ leaseUntil: null }).where(eq(budgetCalls.id, lease));
    },
    told: (organisation, news) =>
      db.transaction(async (tx) => {
        await lockRow(tx, organisation, parts.limits(organisation));
        await tx.execute(sql`
          update budgets set
            blocked_until = case when ${news.blockedSeconds ?? null}::float8 is null then blocked_until
              else greatest(coalesce(blocked_until, '-infinity'),
                clock_timestamp() + ${news.blockedSeconds ?? null}::float8 * interval '1 s') end,
            blocked_by = coalesce(${news.by ?? null}::text, blocked_by),
            told_day_left = coalesce(${news.dayLeft ?? null}::int, told_day_left),
            told_at = case when ${news.dayLeft ?? null}::int is null then told_at else clock_timestamp() end
          where organisation_id = ${organisation}`);
      }),
    left: async (organisation) => {
      const [row] = await db.select().from(budgets).where(eq(budgets.organisationId, organisation));
      if (row === undefined) {
        const { minuteLimit, dayLimit } = parts.limits(organisation);
        return { minuteLeft: minuteLimit, dayLeft: dayLimit, blockedUntil: null };
      }
      const usage = await usageOf(db, row);
      const isBlocked = row.blockedUntil !== null && row.blockedUntil > usage.now;
      return {
        minuteLeft: Math.max(0, row.minuteLimit - usage.minute),
        dayLeft: Math.max(0, dayLeft(row, usage)),
        blockedUntil: isBlocked ? row.blockedUntil : null,
      };
    },
  };
}

/** An embedded database belongs to one process: at its start nothing is in flight, whatever a killed one has left. */
export async function endAllLeases(db: Db): Promise<void> {
  await db.update(budgetCalls).set({ leaseUntil: null }).where(isNotNull(budgetCalls.leaseUntil));
}

/** Makes or refreshes the row and locks it: callers of one organisation go one after the other, for a moment. */
async function lockRow(tx: Db, organisation: string, limits: BudgetLimits): Promise<BudgetRow> {
  const [row] = await tx
    .insert(budgets)
    .values({ organisationId: organisation, ...limits })
    .onConflictDoUpdate({ target: budgets.organisationId, set: limits })
    .returning();
  assert(row !== undefined, "an upsert answers its row");
  return row;
}

async function usageOf(tx: Db, row: BudgetRow): Promise<Usage> {
  const [usage] = await rows<{
    now_ms: number;
    minute: number;
    day: number;
    in_flight: number;
    since_told: number;
  }>(
    tx,
    // The upsert took the lock in an earlier statement, so this one sees what the previous holder committed.
    sql`
    with clock as materialized (select clock_timestamp() as now)
    select
      floor(extract(epoch from clock.now) * 1000)::float8 as now_ms,
      count(c.id) filter (where c.at > clock.now - ${row.minuteMs} * interval '1 ms')::int as minute,
      count(c.id)::int as day,
      count(c.id) filter (where c.lease_until > clock.now)::int as in_flight,
      count(c.id) filter (where c.at > ${row.toldAt === null ? null : instantText(row.toldAt)}::timestamptz)::int as since_told
    from clock
    left join budget_calls c
      on c.organisation_id = ${row.organisationId} and c.at > clock.now - ${row.dayMs} * interval '1 ms'
    group by clock.now`,
  );
  assert(usage !== undefined, "an aggregate answers one row");
  return {
    now: new Date(Number(usage.now_ms)),
    minute: usage.minute,
    day: usage.day,
    inFlight: usage.in_flight,
    sinceTold: usage.since_told,
  };
}

/** Ours, or what the ledger said was left less what we have called since, whichever is lower. */
const dayLeft = (row: BudgetRow, usage: Usage): number =>
  Math.min(row.dayLimit - usage.day, toldDayLeft(row, usage));

function toldDayLeft({ toldDayLeft: told, toldAt }: BudgetRow, { now, sinceTold }: Usage): number {
  if (told === null || toldAt === null || toldAt.getTime() + TOLD_FRESH_MS <= now.getTime()) return Infinity;
  return told - sinceTold;
}

type Wait = { readonly waitMs: number; readonly by: BudgetReason };

async function waitFor(
  tx: Db,
  row: BudgetRow,
  usage: Usage,
  { priority, calls }: { readonly priority: Priority; readonly calls: number },
): Promise<Wait | undefined> {
  const { now } = usage;
  if (row.blockedUntil !== null && row.blockedUntil > now)
    return { by: "blocked", waitMs: row.blockedUntil.getTime() - now.getTime() };
  if (row.toldAt !== null && toldDayLeft(row, usage) < calls)
    return { by: "day", waitMs: row.toldAt.getTime() + TOLD_FRESH_MS - now.getTime() };
  const dayRoom = Math.max(1, row.dayLimit - calls + 1);
  if (usage.day >= dayRoom) return { by: "day", waitMs: await untilFits(tx, row, row.dayMs, dayRoom, now) };
  const minuteLimit = priority === "live" ? row.minuteLimit : row.minuteLimit - row.reserve;
  const minuteRoom = Math.max(1, minuteLimit - calls + 1);
  if (usage.minute >= minuteRoom)
    return { by: "minute", waitMs: await untilFits(tx, row, row.minuteMs, minuteRoom, now) };
  return usage.inFlight >= row.inFlightLimit ? { by: "concurrent", waitMs: CONCURRENT_WAIT_MS } : undefined;
}

/** Until the window holds fewer than `room` calls: the `room`-th newest must have left it. */
async function untilFits(tx: Db, row: BudgetRow, windowMs: number, room: number, now: Date): Promise<number> {
  const [nth] = await tx
    .select({ at: budgetCalls.at })
    .from(budgetCalls)
    .where(eq(budgetCalls.organisationId, row.organisationId))
    .orderBy(sql`${budgetCalls.at} desc`)
    .limit(1)
    .offset(room - 1);
  assert(nth !== undefined, "a full window holds that many calls");
  return Math.max(1, nth.at.getTime() + windowMs - now.getTime());
}

/** Calls that have left the longest window count no more. */
async function forget(tx: Db, { organisationId, dayMs }: BudgetRow, now: Date): Promise<void> {
  const before = instantText(new Date(now.getTime() - dayMs));
  await tx.execute(sql`
    delete from budget_calls where organisation_id = ${organisationId} and at < ${before}::timestamptz`);
}
