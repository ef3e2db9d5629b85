/** The contact or invoice of one order, planned by the approved mapping: exactly these bodies go out when a person says so. */
import type { Actor, EngineError, Outcome, Proposal } from "../api.ts";
import { type Context, connectionOf, upstreamError } from "../context.ts";
import { nearestOf } from "../core/nearest.ts";
import type { DocumentPlan } from "../core/plan.ts";
import { planSale } from "../core/plan-sale.ts";
import { err, ok, type Result } from "../core/result.ts";
import { heldError } from "../held.ts";
import { nearOrders } from "../views/near-orders.ts";
import { recordViews } from "../views/record-views.ts";
import { currentSpec } from "../views/specs.ts";
import { mayPropose, saveProposal } from "./proposals.ts";
import { NO_REPLAY_SET } from "./replay-set.ts";

type Request = { readonly order: string; readonly steps: readonly string[]; readonly actor: Actor };

export async function proposeDocument(
  context: Context,
  connection: string,
  request: Request,
): Outcome<Proposal> {
  const { order, actor } = request;
  const refused = mayPropose(actor);
  if (refused !== undefined) return err(refused);
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const spec = await currentSpec(context, connection);
  if (!spec.ok) return spec;
  const record = await context.sync.observe(connection, order);
  if (!record.ok && record.error.kind === "notFound")
    return err(await nearOrders(context, connection, order));
  if (!record.ok) return err(upstreamError(record.error, `Order ${order}`));
  const { sale, hold, id } = record.value;
  if (sale === null) return err(heldError(order, hold));
  const input = await context.sync.planInput(connection, { sale, spec: spec.value.spec, record: id });
  if (!input.ok) return err(upstreamError(input.error, "The ledger's lists"));
  const plan = planSale(input.value);
  if (!plan.ok) return err(heldError(order, plan.error));
  const chosen = chooseSteps(plan.value, request.steps);
  if (!chosen.ok) return chosen;
  const steps = chosen.value.documents.map(({ step }) => step);
  const [view] = await recordViews(context, [id]);
  const there =
    view?.documents.filter(({ step, ledgerId }) => ledgerId !== null && steps.includes(step)) ?? [];
  if (there.length === steps.length) return err(alreadyThere(order, steps));
  const proposed = {
    connection,
    kind: "document" as const,
    title: titleOf(order, steps),
    baseVersion: spec.value.version,
    edits: [],
    questions: [],
    candidate: null,
    document: { order, plan: chosen.value, steps },
    replay: null,
  };
  const evidence = { replaySet: NO_REPLAY_SET, org: input.value.org };
  return ok(await saveProposal(context, { ...proposed, ...evidence }, actor));
}

/** The plan with the asked steps and what they come after: an invoice takes its contact along. */
function chooseSteps(plan: DocumentPlan, asked: readonly string[]): Result<DocumentPlan, EngineError> {
  const known = plan.documents.map(({ step }) => step);
  const unknown = asked.filter((step) => !known.includes(step));
  if (unknown.length > 0 || asked.length === 0) {
    const problems = (asked.length === 0 ? [""] : unknown).map((step) => ({
      path: "/steps",
      message: step === "" ? "no document is named" : `the order makes no document "${step}"`,
      nearest: step === "" ? known : nearestOf(step, known),
    }));
    return err({
      kind: "invalid",
      message: `The order makes these documents: ${known.join(", ")}.`,
      problems,
    });
  }
  const wanted = new Set(asked);
  // Documents come after what they need, so one pass from the last to the first finds everything.
  for (const { step, after } of plan.documents.toReversed())
    if (wanted.has(step)) for (const earlier of after) wanted.add(earlier);
  return ok({ ...plan, documents: plan.documents.filter(({ step }) => wanted.has(step)) });
}

const titleOf = (order: string, steps: readonly string[]): string =>
  `${steps.at(-1) === "contact" ? "Contact" : "Documents"} of order ${order}: ${steps.join(", ")}`;

const alreadyThere = (order: string, steps: readonly string[]): EngineError => {
  const message = `The ledger has the ${steps.join(" and the ")} of order ${order} already.`;
  return { kind: "invalid", message, problems: [{ path: "/steps", message, nearest: [] }] };
};
