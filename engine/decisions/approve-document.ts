/** An approved document goes out exactly as it was shown: the bodies of the proposal are what is queued. */
import { and, desc, eq } from "drizzle-orm";
import { proposals as proposalsTable } from "../adapters/postgres/schema.ts";
import type { Outcome, Proposal } from "../api.ts";
import { type Context, upstreamError } from "../context.ts";
import { accept } from "../core/acceptance.ts";
import { assert } from "../core/assert.ts";
import { err } from "../core/result.ts";
import { heldError } from "../held.ts";
import { documentsOf } from "../views/record-views.ts";
import { closeProposal, type Deciding, decided, refuseAsStale } from "./closing.ts";
import { digestOf } from "./digest.ts";
import type { ProposalRow } from "./proposals.ts";

/** Approved documents that are looked at after a crash. */
const RESUMED_MAX = 200;

export async function approveDocument(context: Context, deciding: Deciding): Outcome<Proposal> {
  const { row } = deciding;
  const { document } = row;
  assert(document !== null, "a document proposal has its document");
  const live = await context.records.spec(row.connectionId);
  if (live?.version !== row.baseVersion) {
    const moved = `It was planned by mapping version ${row.baseVersion}; version ${live?.version ?? 0} is live now.`;
    return refuseAsStale(context, deciding, moved);
  }
  const org = await context.sync.mirrors.org(row.connectionId, { refresh: true });
  if (!org.ok) return err(upstreamError(org.error, "The ledger's lists"));
  if (
    digestOf({ ...row, connection: row.connectionId }, deciding.replaySet, org.value.content) !== row.digest
  )
    return refuseAsStale(context, deciding, "What is stored is not what was proposed.");
  const refused = accept(document.plan, org.value.content);
  if (refused !== undefined) return err(heldError(document.order, refused));
  const record = await context.sync.observe(row.connectionId, document.order);
  if (!record.ok) return err(upstreamError(record.error, `Order ${document.order}`));
  if (record.value.revision !== document.plan.source.revision)
    return refuseAsStale(context, deciding, `Order ${document.order} has changed in the store since.`);
  const closed = await context.db.transaction((tx) =>
    closeProposal(tx, deciding, { state: "approved", publishedVersion: null }),
  );
  if (closed !== undefined) await enqueueApproved(context, closed);
  return decided(context, deciding, closed);
}

/** Safe to repeat: a delivery key that is known is reused, and what has been sent stays as it is. */
async function enqueueApproved(context: Context, row: ProposalRow): Promise<void> {
  const { document, connectionId, baseVersion } = row;
  assert(document !== null, "a document proposal has its document");
  const record = await context.records.find(connectionId, { number: document.order });
  assert(record !== undefined, "a proposed document's order is a record");
  const { plan, steps } = document;
  await context.sync.enqueuePlan(record, plan, { specVersion: baseVersion, steps, retry: false });
}

/** After a crash between an approval and its outbox rows: queues what was approved and is nowhere yet. */
export async function resumeApproved(context: Context): Promise<void> {
  const { db, log } = context;
  for (const connection of context.connections.keys()) {
    const rows = await db
      .select()
      .from(proposalsTable)
      .where(
        and(
          eq(proposalsTable.connectionId, connection),
          eq(proposalsTable.state, "approved"),
          eq(proposalsTable.kind, "document"),
        ),
      )
      .orderBy(desc(proposalsTable.proposedAt))
      .limit(RESUMED_MAX);
    for (const row of rows) {
      if (await isQueued(context, row)) continue;
      log("proposal.resumed", { connection, proposal: row.id });
      await enqueueApproved(context, row);
    }
  }
}

async function isQueued(context: Context, { connectionId, document }: ProposalRow): Promise<boolean> {
  assert(document !== null, "a document proposal has its document");
  const record = await context.records.find(connectionId, { number: document.order });
  if (record === undefined) return true;
  const there = (await documentsOf(context, [record.id])).map((row) => row.document.step);
  return document.steps.every((step) => there.includes(step));
}
