/** A person decides. The count is asked back here, where it was shown; who may decide what is the engine's to say. */
import type { Actor, Engine, Proposal } from "../../engine/api.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import type { Clock } from "../../engine/ports.ts";
import type { AuthStore } from "../ports.ts";
import { type Refused, refusedBy } from "../problem.ts";
import type { ProposalView } from "../schemas/proposals.ts";
import { affectsOf, type Company, openViewer, ownDecision, viewOf } from "./view.ts";

export type Deciding = { readonly engine: Engine; readonly auth: AuthStore; readonly clock: Clock };

export type DecisionRequest = {
  readonly connection: string;
  readonly id: string;
  readonly actor: Actor;
  readonly approve: boolean;
  readonly digest: string;
  readonly note: string | null;
  readonly confirmOrders?: number | undefined;
};

export async function decideProposal(
  deciding: Deciding,
  request: DecisionRequest,
): Promise<Result<ProposalView, Refused>> {
  const { engine } = deciding;
  const { connection, id, actor, approve, digest } = request;
  const proposal = await engine.proposal(connection, id);
  if (!proposal.ok) return err(refusedBy(proposal.error));
  const company = await companyOf(deciding, connection, actor);
  const checked = approve ? approvalNote(proposal.value, company, request) : ok(request.note);
  if (!checked.ok) return checked;
  const decided = await engine.decide(connection, id, { approve, digest, note: checked.value }, actor);
  if (!decided.ok) return err(refusedBy(decided.error));
  const view = await viewOf(await openViewer(engine, connection, company), decided.value);
  return view.ok ? view : err(refusedBy(view.error));
}

export async function companyOf(
  { engine, auth, clock }: Deciding,
  connection: string,
  actor: Actor,
): Promise<Company> {
  const connections = await engine.connections();
  const environment = connections.find(({ id }) => id === connection)?.environment ?? "production";
  return { environment, actor, deciders: await auth.deciders(clock.now()) };
}

/** The note for the audit, or why this person may not approve just so. */
function approvalNote(
  proposal: Proposal,
  company: Company,
  { note, confirmOrders }: DecisionRequest,
): Result<string | null, Refused> {
  const own = ownDecision(proposal, company);
  const affects = affectsOf(proposal);
  const mustConfirm = own.kind === "confirm";
  if (mustConfirm ? confirmOrders !== affects : (confirmOrders ?? affects) !== affects) {
    return err({
      kind: "confirmOrders",
      status: 409,
      detail: `This proposal affects ${affects}; you confirmed ${confirmOrders ?? "no count"}.`,
      next: `Look at it once more and send confirmOrders: ${affects}.`,
      expected: affects,
    });
  }
  if (!mustConfirm) return ok(note);
  const confirmed = `Own proposal, confirmed with the count ${affects}.`;
  return ok(note === null ? confirmed : `${note} (${confirmed})`);
}
