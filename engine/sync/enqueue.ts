/** A record becomes documents of the outbox: the same `planSale` as preview and replay, then one transaction. */

import { anomalies } from "../core/anomalies.ts";
import { assert, never } from "../core/assert.ts";
import type { Held } from "../core/hold.ts";
import type { DocumentPlan, PlannedDocument } from "../core/plan.ts";
import type { PlanInput } from "../core/plan-input.ts";
import { planAlone, planSale } from "../core/plan-sale.ts";
import { err, ok, type Result } from "../core/result.ts";
import type { Binding, NewDocument, SourceRecord, Unreachable } from "../ports.ts";
import type { SyncContext } from "./context.ts";
import { deliveryKey } from "./delivery-key.ts";
import { bindingOf } from "./mirrors.ts";
import { planInputOf } from "./plan-input-of.ts";
import { WAVES } from "./waves.ts";

export type Enqueued = { readonly added: number; readonly renewed: number; readonly kept: number };
export type EnqueueRefusal =
  | { readonly kind: "held"; readonly held: Held }
  | { readonly kind: "upstream"; readonly cause: Unreachable };

export async function enqueue(
  context: SyncContext,
  record: SourceRecord,
  options: { readonly retry: boolean },
): Promise<Result<Enqueued, EnqueueRefusal>> {
  if (record.sale === null) return err({ kind: "held", held: record.hold ?? UNREAD });
  const stage = await context.outbox.summary(record.id);
  if (stage === "refused" && options.retry)
    await context.outbox.reviseSummary(record.id, context.clock.now());
  if (stage === "refused" || stage === "underWay") return hold(context, record, SUMMARY_UNDER_WAY);
  const newest = await context.records.spec(record.connection);
  if (newest === undefined) return hold(context, record, NO_MAPPING);
  const input = await planInputOf(context, record.connection, {
    sale: record.sale,
    spec: newest.spec,
    record: record.id,
  });
  if (!input.ok) return err({ kind: "upstream", cause: input.error });
  const unusual = await anomalyOf(context, record, input.value);
  if (unusual !== undefined) return hold(context, record, unusual);
  const plan = (await isStarted(context, record.id)) ? planAlone(input.value) : planSale(input.value);
  if (!plan.ok) return hold(context, record, plan.error);
  return ok(await enqueuePlan(context, record, plan.value, { specVersion: newest.version, ...options }));
}

/** Documents of the order are on their way or there: it goes on as it began, although such orders are summed by now. */
export async function isStarted({ outbox }: SyncContext, record: string): Promise<boolean> {
  const states = await outbox.states(record);
  return states.some((state) => state !== "cancelled" && state !== "reversed");
}

/** What is in the ledger is not asked about again; what a person has accepted neither. */
async function anomalyOf(
  { records, clock }: SyncContext,
  record: SourceRecord,
  { sale, spec, org, posted = [] }: PlanInput,
): Promise<Held | undefined> {
  if (posted.length > 0) return undefined;
  const history = await records.history(record);
  const found = anomalies({ sale, spec, org, history, now: clock.now().toISOString() });
  return found === undefined || record.accepted.includes(found.hold) ? undefined : found;
}

export async function enqueuePlan(
  context: SyncContext,
  record: SourceRecord,
  plan: DocumentPlan,
  options: { readonly specVersion: number; readonly steps?: readonly string[]; readonly retry: boolean },
): Promise<Enqueued> {
  const stage = options.steps === undefined ? undefined : await context.outbox.summary(record.id);
  assert(stage === undefined, "an order that is in a summary gets no invoice of its own");
  const binding = await bindingOf(context, record.connection);
  const chosen = plan.documents.filter(({ step }) => options.steps?.includes(step) ?? true);
  const enqueued = await context.outbox.enqueue({
    connection: record.connection,
    record: record.id,
    documents: chosen.map((document) => newDocument(document, plan, binding)),
    specVersion: options.specVersion,
    whole: options.steps === undefined,
    retry: options.retry,
    at: context.clock.now(),
  });
  context.log("record.enqueued", { connection: record.connection, record: record.id, ...enqueued });
  return enqueued;
}

async function hold(
  context: SyncContext,
  record: SourceRecord,
  held: Held,
): Promise<Result<never, EnqueueRefusal>> {
  await context.records.saveHold(record.id, held, context.clock.now());
  context.log("record.held", { connection: record.connection, record: record.id, hold: held.hold });
  return err({ kind: "held", held });
}

export function newDocument(document: PlannedDocument, plan: DocumentPlan, binding: Binding): NewDocument {
  const { step, identity, resource, lookup, body, lineage, after } = document;
  // Checked here, where only this record stops; once it is in the outbox it would stop the deliveries of all.
  assert(WAVES.includes(resource), `${resource} are delivered`);
  for (const from of Object.values(lineage))
    assert(from.from !== "receipt" || after.includes(from.step), `${step} comes after what its ids are from`);
  const predecessors = plan.documents.filter((other) => after.includes(other.step));
  return {
    deliveryKey: deliveryKey(binding, identity),
    identity,
    step,
    resource,
    lookup,
    body,
    lineage,
    ...amountOf(document, plan),
    after: predecessors.map((other) => ({
      step: other.step,
      deliveryKey: deliveryKey(binding, other.identity),
    })),
  };
}

/** What the ledger must answer for the document, by the plan's own checks. */
function amountOf(
  { step, resource, body }: PlannedDocument,
  { checks }: DocumentPlan,
): { readonly currency: string | null; readonly total: string | null } {
  const total = checks.find((check) => check.step === step && check.name === "total");
  const currency = (total ?? checks[0])?.currency ?? null;
  switch (resource) {
    case "Invoices":
    case "CreditNotes":
    case "BankTransactions":
      return { currency, total: total?.actual ?? null };
    case "Payments":
    case "Allocations":
      return { currency, total: typeof body.Amount === "string" ? body.Amount : null };
    case "Contacts":
    case "Items":
      return { currency: null, total: null };
    default:
      return never(resource);
  }
}

/** What has changed since is planned against a summary that is in the ledger whole; `closeDays` comes back to it. */
const SUMMARY_UNDER_WAY: Held = {
  hold: "inDaySummary",
  field: "/",
  detail: "The summary that the order is in is not in the ledger yet.",
  action:
    "Nothing to do unless the summary was refused: then correct what its documents say, and retry the order.",
};

const UNREAD: Held = {
  hold: "notAnOrder",
  field: "/",
  detail: "The order has not been read.",
  action: "Sync the order again.",
};

const NO_MAPPING: Held = {
  hold: "noMapping",
  field: "/",
  detail: "No mapping has been approved for this connection.",
  action: "Run setup, approve its proposal, then sync the order again.",
};
