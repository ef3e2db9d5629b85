/** Proposals as they are kept, listed and shown. */
import { and, desc, eq, gt, lte, ne, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../adapters/postgres/open.ts";
import { proposals as proposalsTable } from "../adapters/postgres/schema.ts";
import type { Actor, EngineError, Outcome, Page, Proposal, ProposalState } from "../api.ts";
import { type Context, connectionOf, limitOf } from "../context.ts";
import type { Org } from "../core/org.ts";
import { err, ok } from "../core/result.ts";
import { cleanText } from "../core/sale-facts.ts";
import { pageOf, readCursor, readInstant } from "../views/cursor.ts";
import { appendAudit, proposedEntry } from "./audit.ts";
import { digestOf, type Proposed } from "./digest.ts";
import type { ReplaySet } from "./replay-set.ts";

export type ProposalRow = typeof proposalsTable.$inferSelect;

const TITLE_MAX = 200;
const DAY_MS = 86_400_000;

export async function proposal(context: Context, connection: string, id: string): Outcome<Proposal> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const row = await proposalRow(context, connection, id);
  return row === undefined ? err(noProposal(id)) : ok(proposalOf(row, context.clock.now()));
}

export async function proposalRow(
  { db }: Context,
  connection: string,
  id: string,
): Promise<ProposalRow | undefined> {
  const [row] = await db
    .select()
    .from(proposalsTable)
    .where(and(eq(proposalsTable.connectionId, connection), eq(proposalsTable.id, id)));
  return row;
}

/** Newest first. */
export async function proposals(
  context: Context,
  connection: string,
  query: { readonly state?: ProposalState; readonly limit: number; readonly cursor?: string },
): Outcome<Page<Proposal>> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const position = readCursor(query.cursor);
  if (!position.ok) return position;
  const now = context.clock.now();
  const limit = limitOf(context, query.limit);
  const filters = and(eq(proposalsTable.connectionId, connection), inState(query.state, now));
  const [key, lastId] = position.value ?? [null, ""];
  const after = readInstant(key);
  const rows = await context.db
    .select()
    .from(proposalsTable)
    .where(
      and(
        filters,
        after === null
          ? undefined
          : sql`(${proposalsTable.proposedAt}, ${proposalsTable.id}) < (${after.toISOString()}::timestamptz, ${lastId})`,
      ),
    )
    .orderBy(desc(proposalsTable.proposedAt), desc(proposalsTable.id))
    .limit(limit + 1);
  const page = pageOf(rows, limit, (row) => [row.proposedAt.toISOString(), row.id]);
  const total = await context.db.$count(proposalsTable, filters);
  return ok({ items: page.rows.map((row) => proposalOf(row, now)), nextCursor: page.nextCursor, total });
}

/** An open proposal is stale once its time is over, whether or not anybody has tried to decide it. */
function inState(state: ProposalState | undefined, now: Date): SQL | undefined {
  const { state: column, expiresAt } = proposalsTable;
  if (state === undefined) return undefined;
  if (state === "open") return and(eq(column, "open"), gt(expiresAt, now));
  if (state === "stale") return or(eq(column, "stale"), and(eq(column, "open"), lte(expiresAt, now)));
  return eq(column, state);
}

export type NewProposal = Proposed & { readonly replaySet: ReplaySet; readonly org: Org };

/** Stores a proposal and who made it in one transaction; an older open setup is replaced by the new one. */
export async function saveProposal(context: Context, fresh: NewProposal, actor: Actor): Promise<Proposal> {
  const { db, ids, clock, settings, log } = context;
  const { replaySet, org, connection, ...content } = fresh;
  const title = cleanText(content.title).slice(0, TITLE_MAX);
  const proposed = { ...content, title };
  const [id, at] = [ids.next(), clock.now()];
  const row: ProposalRow = {
    ...NEW,
    ...proposed,
    id,
    connectionId: connection,
    digest: digestOf({ connection, ...proposed }, replaySet.hash, org),
    proposedBy: actor.name,
    proposedAt: at,
    expiresAt: new Date(at.getTime() + settings.proposalDays * DAY_MS),
  };
  await db.transaction(async (tx) => {
    await tx.insert(proposalsTable).values(row);
    await appendAudit(tx, {
      id: proposedEntry(id),
      at,
      connection,
      actor,
      action: "proposal.proposed",
      subject: id,
      detail: { kind: row.kind, baseVersion: row.baseVersion, replaySet: replaySet.hash },
    });
    if (row.kind === "setup") await replaceSetups(tx, context, { row, actor });
  });
  log("proposal.proposed", { connection, proposal: id, kind: row.kind, model: actor.model });
  return proposalOf(row, at);
}

const NEW = {
  state: "open",
  tainted: false,
  decidedBy: null,
  decidedAt: null,
  decisionNote: null,
  publishedVersion: null,
} as const;

/** Answering a question of a setup makes a new one; the old one would only be in the way. */
async function replaceSetups(
  tx: Db,
  { ids }: Context,
  { row, actor }: { readonly row: ProposalRow; readonly actor: Actor },
): Promise<void> {
  const { id, connectionId: connection, proposedAt: at } = row;
  const { connectionId, kind, state } = proposalsTable;
  const replaced = await tx
    .update(proposalsTable)
    .set({ state: "stale", decisionNote: "A newer setup replaces it." })
    .where(and(eq(connectionId, connection), eq(kind, "setup"), eq(state, "open"), ne(proposalsTable.id, id)))
    .returning({ id: proposalsTable.id });
  for (const { id: subject } of replaced) {
    const entry = { id: ids.next(), at, connection, actor, subject };
    await appendAudit(tx, { ...entry, action: "proposal.replaced", detail: { replacedBy: id } });
  }
}

export function proposalOf(row: ProposalRow, now: Date): Proposal {
  const { connectionId, tainted: _, proposedAt, expiresAt, decidedAt, state, ...same } = row;
  return {
    ...same,
    connection: connectionId,
    state: state === "open" && expiresAt <= now ? "stale" : state,
    proposedAt: proposedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}

export const noProposal = (id: string): EngineError => ({
  kind: "notFound",
  message: `There is no proposal ${id.slice(0, 80)} on this connection. List the open ones first.`,
});

/** Whoever may only look can propose nothing either. */
export function mayPropose(actor: Actor): EngineError | undefined {
  if (actor.role !== "viewer") return undefined;
  return {
    kind: "forbidden",
    message: "A viewer can look at everything, but proposes nothing. Ask an operator.",
  };
}
