/** How a proposal stops being open: decided by a person, or stale because the world has moved on. */
import { and, eq } from "drizzle-orm";
import type { Db } from "../adapters/postgres/open.ts";
import { proposals as proposalsTable } from "../adapters/postgres/schema.ts";
import type { Actor, EngineError, Proposal } from "../api.ts";
import type { Connection, Context } from "../context.ts";
import { err, ok, type Result } from "../core/result.ts";
import { appendAudit, decidedEntry } from "./audit.ts";
import { type ProposalRow, proposalOf } from "./proposals.ts";

/** A proposal that this person may decide now. */
export type Deciding = {
  readonly connection: Connection;
  readonly row: ProposalRow;
  readonly actor: Actor;
  readonly note: string | null;
  readonly at: Date;
  /** The hash of the orders that it was replayed over. */
  readonly replaySet: string;
  readonly own: boolean;
  /** The proposer decides, because nobody else could. */
  readonly alone: boolean;
};

export const PROPOSE_AGAIN = "Propose it again to see what it would do now.";

/** What the caller sees in the end; undefined when another decision came first. */
export function decided(
  { log }: Context,
  { row, actor, at }: Deciding,
  closed: ProposalRow | undefined,
): Result<Proposal, EngineError> {
  if (closed === undefined)
    return err({ kind: "stale", message: "Somebody else decided this proposal just now. Look at it again." });
  log(`proposal.${closed.state}`, { connection: row.connectionId, proposal: row.id, by: actor.id });
  return ok(proposalOf(closed, at));
}

type Closing =
  | { readonly state: "approved"; readonly publishedVersion: number | null }
  | { readonly state: "rejected" };

/** Open -> decided, as a compare-and-set with its audit entry; undefined when it was not open any more. */
export async function closeProposal(
  tx: Db,
  { row, actor, note, at, own, alone }: Deciding,
  closing: Closing,
): Promise<ProposalRow | undefined> {
  const [closed] = await tx
    .update(proposalsTable)
    .set({ ...closing, decidedBy: actor.name, decidedAt: at, decisionNote: note })
    .where(and(eq(proposalsTable.id, row.id), eq(proposalsTable.state, "open")))
    .returning();
  if (closed === undefined) return undefined;
  await appendAudit(tx, {
    id: decidedEntry(row.id),
    at,
    connection: row.connectionId,
    actor,
    action: `proposal.${closing.state}`,
    subject: row.id,
    detail: {
      kind: row.kind,
      digest: row.digest,
      publishedVersion: closed.publishedVersion,
      own,
      alone,
      note,
    },
  });
  return closed;
}

/** The world has moved on: the proposal stays visible and says why it cannot be approved any more. */
export async function refuseAsStale(
  { db, ids, log }: Context,
  { row, actor, at }: Deciding,
  reason: string,
): Promise<Result<never, EngineError>> {
  await db.transaction(async (tx) => {
    const moved = await tx
      .update(proposalsTable)
      .set({ state: "stale", decisionNote: reason })
      .where(and(eq(proposalsTable.id, row.id), eq(proposalsTable.state, "open")))
      .returning({ id: proposalsTable.id });
    if (moved.length === 0) return;
    const entry = { id: ids.next(), at, connection: row.connectionId, actor, subject: row.id };
    await appendAudit(tx, { ...entry, action: "proposal.stale", detail: { reason } });
  });
  log("proposal.stale", { connection: row.connectionId, proposal: row.id });
  return err({ kind: "stale", message: `${reason} ${PROPOSE_AGAIN}` });
}
