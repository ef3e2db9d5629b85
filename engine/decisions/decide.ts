/** A person decides. Every reason to refuse comes before anything is written; what is written is one transaction. */
import type { Actor, EngineError, Outcome, Proposal, Role } from "../api.ts";
import { type Context, connectionOf } from "../context.ts";
import { assert, never } from "../core/assert.ts";
import { err } from "../core/result.ts";
import { approveDocument } from "./approve-document.ts";
import { approveSpec } from "./approve-spec.ts";
import { readProposed } from "./audit.ts";
import { closeProposal, type Deciding, decided, PROPOSE_AGAIN } from "./closing.ts";
import { noProposal, type ProposalRow, proposalRow } from "./proposals.ts";

export type Decision = { readonly approve: boolean; readonly digest: string; readonly note: string | null };

const NOTE_MAX = 500;
const APPROVERS: readonly Role[] = ["approver", "admin"];

export async function decide(
  context: Context,
  connection: string,
  { id, decision, actor }: { readonly id: string; readonly decision: Decision; readonly actor: Actor },
): Outcome<Proposal> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const barred = barredFrom(actor);
  if (barred !== undefined) return err(barred);
  const row = await proposalRow(context, connection, id);
  if (row === undefined) return err(noProposal(id));
  const at = context.clock.now();
  const undecidable = undecidableReason(row, decision, at);
  if (undecidable !== undefined) return err({ kind: "stale", message: undecidable });
  const proposed = await readProposed(context.db, id);
  assert(proposed !== undefined, "every proposal has its audit entry");
  const own = proposed.actorId === actor.id;
  const others = (await context.deciders()) > 1;
  const note = decision.note?.slice(0, NOTE_MAX) ?? null;
  const deciding: Deciding = {
    ...{ connection: known.value, row, actor, note, at, own },
    replaySet: proposed.replaySet,
    alone: own && !others,
  };
  if (!decision.approve) return reject(context, deciding);
  if (own && others && known.value.info.environment === "production") return err(ANOTHER_PERSON);
  return approve(context, deciding);
}

function barredFrom({ model, role }: Actor): EngineError | undefined {
  if (model) {
    const message = "A language model never decides. A person approves on the page or in the terminal.";
    return { kind: "forbidden", message };
  }
  if (APPROVERS.includes(role)) return undefined;
  return { kind: "forbidden", message: `The role ${role} decides nothing; ask an approver.` };
}

const ANOTHER_PERSON: EngineError = {
  kind: "forbidden",
  message: "In production another person approves what you have proposed.",
};

/** Why it is too late, or why this is not what was looked at. */
function undecidableReason(row: ProposalRow, { digest }: Decision, at: Date): string | undefined {
  if (row.state === "stale") return `The proposal is stale. ${row.decisionNote ?? ""} ${PROPOSE_AGAIN}`;
  if (row.state !== "open") return `The proposal was ${row.state} by ${row.decidedBy} already.`;
  if (row.expiresAt <= at)
    return `The proposal expired on ${row.expiresAt.toISOString().slice(0, 10)}. ${PROPOSE_AGAIN}`;
  if (row.digest !== digest)
    return "This is not what was shown to you: the digest differs. Open the proposal again and decide on what it says now.";
  return undefined;
}

function approve(context: Context, deciding: Deciding): Outcome<Proposal> {
  const { kind } = deciding.row;
  switch (kind) {
    case "mapping":
    case "setup":
      return approveSpec(context, deciding);
    case "document":
      return approveDocument(context, deciding);
    default:
      return never(kind);
  }
}

async function reject(context: Context, deciding: Deciding): Outcome<Proposal> {
  const row = await context.db.transaction((tx) => closeProposal(tx, deciding, { state: "rejected" }));
  return decided(context, deciding, row);
}
