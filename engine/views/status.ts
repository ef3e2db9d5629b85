/** Where a connection stands: counts, queue, budget, and both sides' sums of what has been posted. */
import { sql } from "drizzle-orm";
import { rows } from "../adapters/postgres/open.ts";
import type { Outcome, Status } from "../api.ts";
import { type Context, connectionOf } from "../context.ts";
import { e4Of, formatE4 } from "../core/money.ts";
import { ok } from "../core/result.ts";
import { type DocumentState, RecordState } from "../core/state.ts";
import { completeAsOf } from "./complete-as-of.ts";
import { currentSpec } from "./specs.ts";

export async function status(context: Context, connection: string): Outcome<Status> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const { info, organisationId } = known.value;
  const [spec, byState, documents, queue, left, postedTotals, openProposals, complete] = await Promise.all([
    currentSpec(context, connection),
    countRecords(context, connection),
    countDocuments(context, connection),
    queueOf(context, connection),
    context.budget.left(organisationId),
    totalsOf(context, connection),
    countOpenProposals(context, connection),
    completeAsOf(context, connection),
  ]);
  return ok({
    connection,
    environment: info.environment,
    specVersion: spec.ok ? spec.value.version : null,
    records: byState,
    documents,
    queue,
    budget: { ...left, blockedUntil: left.blockedUntil?.toISOString() ?? null },
    postedTotals,
    completeAsOf: complete,
    openProposals,
  });
}

type Counted<State> = { readonly state: State; readonly count: number };

async function countRecords({ db }: Context, connection: string): Promise<Status["records"]> {
  const counted = await rows<Counted<RecordState>>(
    db,
    sql`select state, count(*)::int as count from record_states where connection_id = ${connection} group by state`,
  );
  const none = Object.fromEntries(RecordState.options.map((state) => [state, 0])) as Record<
    RecordState,
    number
  >;
  return { ...none, ...Object.fromEntries(counted.map(({ state, count }) => [state, count])) };
}

async function countDocuments({ db }: Context, connection: string): Promise<Status["documents"]> {
  const counted = await rows<Counted<DocumentState>>(
    db,
    sql`select state, count(*)::int as count from documents where connection_id = ${connection} group by state`,
  );
  return Object.fromEntries(counted.map(({ state, count }) => [state, count]));
}

async function queueOf({ db, clock }: Context, connection: string): Promise<Status["queue"]> {
  const [row] = await rows<{ waiting: number; oldest_seconds: number | null }>(
    db,
    sql`select count(*)::int as waiting,
          floor(extract(epoch from ${clock.now().toISOString()}::timestamptz - min(created_at)))::int as oldest_seconds
        from documents where connection_id = ${connection} and state in ('queued', 'delivering', 'uncertain')`,
  );
  // Workers' clocks may differ by a little; an age is never negative.
  const age = row?.oldest_seconds ?? null;
  return { waiting: row?.waiting ?? 0, oldestSeconds: age === null ? null : Math.max(age, 0) };
}

/** The store's targets of the invoices that the ledger has, and the totals that the ledger answered for the same ones. */
async function totalsOf({ db }: Context, connection: string): Promise<Status["postedTotals"]> {
  const sums = await rows<{ currency: string; store: string; ledger: string }>(
    db,
    sql`select currency, sum(total)::text as store, sum((answer->>'total')::numeric)::text as ledger
        from documents
        where connection_id = ${connection} and resource = 'Invoices' and answer->>'total' is not null
          and state in ('delivered', 'reconciled', 'drifted')
        group by currency order by currency`,
  );
  return sums.map(({ currency, store, ledger }) => {
    const [target, answered] = [e4Of(store), e4Of(ledger)];
    return {
      currency,
      store: formatE4(target),
      ledger: formatE4(answered),
      difference: formatE4(answered - target),
    };
  });
}

async function countOpenProposals({ db, clock }: Context, connection: string): Promise<number> {
  const [row] = await rows<{ count: number }>(
    db,
    sql`select count(*)::int as count from proposals where connection_id = ${connection} and state = 'open'
          and expires_at > ${clock.now().toISOString()}::timestamptz`,
  );
  return row?.count ?? 0;
}
