/**
 * Closes days (facts/accounting.md TIME-10): once a day is over and the sweep has passed it, the orders that wait for its
 * summary become one set of documents. Orders that come later wait for a further summary of the same day (TIME-11).
 */
import { localDate, startOfDay } from "../core/dates.ts";
import type { MappingSpec } from "../core/mapping.ts";
import type { Org } from "../core/org.ts";
import type { DocumentPlan } from "../core/plan.ts";
import { planAlone } from "../core/plan-sale.ts";
import { planDaySummary } from "../core/plan-summary.ts";
import { ok, type Result } from "../core/result.ts";
import { belongsInSummary, shareOf, summaryDay } from "../core/summary-member.ts";
import type { SourceRecord, SummaryRequest, Unreachable } from "../ports.ts";
import type { SyncContext } from "./context.ts";
import { enqueue, isStarted, newDocument } from "./enqueue.ts";
import { bindingOf } from "./mirrors.ts";
import { planInputOf } from "./plan-input-of.ts";

export type CloseReport = { readonly summaries: number; readonly orders: number };

/** Of one turn; the oldest come first, the rest in the next turn. */
const RECORDS_MAX = 2_000;
/** Summaries of one day, store and currency. */
const SEQUENCES_MAX = 1_000;

export async function closeDays(
  context: SyncContext,
  connection: string,
): Promise<Result<CloseReport, Unreachable>> {
  const { records, clock, log } = context;
  const newest = await records.spec(connection);
  const { passedTo } = await records.sweep(connection);
  if (newest === undefined || passedTo === null) return ok(NOTHING);
  const org = await context.mirrors.org(connection);
  if (!org.ok) return org;
  const { timezone } = org.value.content;
  const openFrom = [clock.now(), passedTo].map((at) => localDate(at.toISOString(), timezone)).sort()[0] ?? "";
  const waiting = await records.waitingForSummary(connection, {
    placedBefore: startOfDay(openFrom, timezone),
    limit: RECORDS_MAX,
  });
  const days = await daysOf(context, waiting, { spec: newest.spec, openFrom });
  if (!days.ok) return days;
  const report = { summaries: 0, orders: 0 };
  for (const day of days.value) {
    const isAdded = await closeDay(context, day, { ...newest, org: org.value.content });
    if (!isAdded) continue;
    report.summaries += 1;
    report.orders += day.members.length;
  }
  if (waiting.length > 0) log("summary.closed", { connection, waiting: waiting.length, ...report });
  return ok(report);
}

const NOTHING: CloseReport = { summaries: 0, orders: 0 };

type Member = { readonly record: SourceRecord; readonly alone: DocumentPlan };
/** What one summary is of. */
type Day = {
  readonly day: string;
  readonly store: string;
  readonly currency: string;
  readonly members: readonly Member[];
};

/** The orders by day, store and currency; those that no longer belong in a summary go their own way. */
async function daysOf(
  context: SyncContext,
  waiting: readonly SourceRecord[],
  { spec, openFrom }: { readonly spec: MappingSpec; readonly openFrom: string },
): Promise<Result<Day[], Unreachable>> {
  const days = new Map<string, Day>();
  for (const record of waiting) {
    const alone = await memberOf(context, record, spec);
    if (!alone.ok) return alone;
    if (alone.value === null || record.sale === null) continue;
    const [day, store, currency] = [summaryDay(alone.value), record.sale.store.id, record.sale.currency];
    if (day >= openFrom) continue;
    const key = JSON.stringify([day, store, currency]);
    const members = [...(days.get(key)?.members ?? []), { record, alone: alone.value }];
    days.set(key, { day, store, currency, members });
  }
  return ok([...days.values()]);
}

/** Null for an order whose summary is posted or under way, and for one that goes singly. */
async function memberOf(
  context: SyncContext,
  record: SourceRecord,
  spec: MappingSpec,
): Promise<Result<DocumentPlan | null, Unreachable>> {
  if (record.sale === null) return ok(null);
  const stage = await context.outbox.summary(record.id);
  if (stage === "underWay" || stage === "refused") return ok(null);
  if (stage === undefined && !(await isStarted(context, record.id))) {
    const input = await planInputOf(context, record.connection, {
      sale: record.sale,
      spec,
      record: record.id,
    });
    if (!input.ok) return input;
    const alone = planAlone(input.value);
    if (alone.ok && belongsInSummary(input.value, alone.value)) return alone;
  }
  const outcome = await enqueue(context, record, { retry: false });
  return outcome.ok || outcome.error.kind === "held" ? ok(null) : { ok: false, error: outcome.error.cause };
}

type Mapping = { readonly spec: MappingSpec; readonly version: number; readonly org: Org };

/** Under the next free number. False when the orders changed meanwhile: the next turn reads them anew. */
async function closeDay(
  context: SyncContext,
  { day, store, currency, members }: Day,
  { spec, version, org }: Mapping,
): Promise<boolean> {
  const [first] = members;
  if (first === undefined) return false;
  const { connection } = first.record;
  const binding = await bindingOf(context, connection);
  const request: Omit<SummaryRequest, "documents"> = {
    connection,
    members: members.map(({ record, alone }) => ({
      record: record.id,
      revision: record.revision,
      share: shareOf(alone),
    })),
    specVersion: version,
    at: context.clock.now(),
  };
  for (let sequence = 1; sequence <= SEQUENCES_MAX; sequence += 1) {
    const plans = members.map(({ alone }) => alone);
    const plan = planDaySummary({ spec, org, store, day, currency, sequence, members: plans });
    const documents = plan.documents.map((document) => newDocument(document, plan, binding));
    const outcome = await context.outbox.enqueueSummary({ ...request, documents });
    if (outcome === "taken") continue;
    if (outcome === "added")
      context.log("summary.enqueued", { connection, day, store, currency, sequence, orders: members.length });
    return outcome === "added";
  }
  return false;
}
