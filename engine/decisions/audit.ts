/** Who did what, appended and never changed. */
import { eq } from "drizzle-orm";
import type { Db } from "../adapters/postgres/open.ts";
import { audit } from "../adapters/postgres/schema.ts";
import type { Actor } from "../api.ts";
import type { Json } from "../core/shapes.ts";

export type AuditEntry = {
  readonly id: string;
  readonly at: Date;
  readonly connection: string;
  readonly actor: Actor;
  readonly action:
    | "proposal.proposed"
    | "proposal.approved"
    | "proposal.rejected"
    | "proposal.stale"
    | "proposal.replaced"
    | "record.accepted";
  readonly subject: string;
  readonly detail: { [key: string]: Json };
};

/** Takes the transaction of what it records: neither is there without the other. */
export async function appendAudit(
  tx: Db,
  { connection, actor, detail, ...entry }: AuditEntry,
): Promise<void> {
  await tx.insert(audit).values({
    ...entry,
    connectionId: connection,
    actorId: actor.id,
    actorName: actor.name,
    detail: { ...detail, role: actor.role, model: actor.model },
  });
}

/** A proposal is proposed once and decided once, and the keys of these two entries say so. */
export const proposedEntry = (proposal: string): string => `${proposal}/proposed`;
export const decidedEntry = (proposal: string): string => `${proposal}/decided`;

/** Who proposed and over which orders it was replayed. */
export async function readProposed(
  db: Db,
  proposal: string,
): Promise<{ readonly actorId: string; readonly replaySet: string } | undefined> {
  const [row] = await db
    .select()
    .from(audit)
    .where(eq(audit.id, proposedEntry(proposal)));
  if (row === undefined) return undefined;
  const { detail } = row;
  const replaySet =
    detail !== null && typeof detail === "object" && !Array.isArray(detail) ? detail.replaySet : null;
  return { actorId: row.actorId, replaySet: typeof replaySet === "string" ? replaySet : "" };
}
