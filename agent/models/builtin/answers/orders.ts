/** One order or many: where they stand, what they become, why a value is what it is. */
import type { z } from "zod";
import { RecordExplanation } from "../../../../tools/explain-record.ts";
import { OrderLookup } from "../../../../tools/get-order.ts";
import { FailedRecords } from "../../../../tools/list-failed-records.ts";
import { OrderPreview } from "../../../../tools/preview-order.ts";
import { OrderSearch } from "../../../../tools/search-orders.ts";
import { Synced } from "../../../../tools/sync-order.ts";
import type { PlanView, RecordSummary } from "../../../../tools/views.ts";
import type { Called } from "../conversation.ts";
import { listed, resultOf } from "./answer.ts";

export function ordersAnswer(called: readonly Called[]): string | undefined {
  const explained = resultOf(called, "explain_record", RecordExplanation);
  if (explained !== undefined && explained.fields.length > 0) return explainText(explained);
  const previewed = resultOf(called, "preview_order", OrderPreview);
  if (previewed !== undefined) return previewText(previewed);
  const synced = resultOf(called, "sync_order", Synced) ?? resultOf(called, "retry_record", Synced);
  if (synced !== undefined)
    return synced.settled
      ? recordText(synced.record)
      : `${recordText(synced.record)} It is still under way; ask me again in a moment.`;
  const looked = resultOf(called, "get_order", OrderLookup);
  if (looked !== undefined) return orderText(looked, explained !== undefined);
  const failed = resultOf(called, "list_failed_records", FailedRecords);
  if (failed !== undefined) return failedText(failed);
  const found = resultOf(called, "search_orders", OrderSearch);
  return found && searchText(found);
}

function explainText({ order, fields, total }: z.output<typeof RecordExplanation>): string {
  const lines = fields.map(({ step, field, because }) => `${step} ${field}: ${because}`);
  return `Order ${order}, ${total} values:\n${listed(lines, 12)}`;
}

function previewText({ order, plan, hold }: z.output<typeof OrderPreview>): string {
  if (plan === null)
    return `Order ${order} would be held: ${hold?.detail ?? ""} ${hold?.action ?? ""}`.trim();
  return `By the approved mapping, order ${order} becomes:\n${planText(plan)}`;
}

export function planText({ documents, checks, warnings }: z.output<typeof PlanView>): string {
  const lines = documents.flatMap((document) => {
    const { step, number, status, currency, account, amount, dueDate } = document;
    const facts = [
      number,
      status,
      account && `into account ${account}`,
      amount,
      currency,
      dueDate && `due ${dueDate}`,
    ];
    const head = `${step}: ${facts.filter(Boolean).join(", ") || document.resource}`;
    const rows = document.lines.map(
      (line) =>
        `  ${line.amount ?? ""} to account ${line.account ?? "none"}, ${line.taxType ?? "no tax type"}${line.tracking.length > 0 ? `, ${line.tracking.join(", ")}` : ""}`,
    );
    return [head, ...rows];
  });
  const totals = checks.map(
    ({ name, expected, actual, currency }) => `${name}: store ${expected}, ledger ${actual} ${currency}`,
  );
  return [...lines, ...totals, ...warnings].join("\n");
}

function recordText({ order, state, hold, documents }: z.output<typeof RecordSummary>): string {
  const why = hold === null ? "" : ` ${hold.detail} ${hold.action}`;
  const parts = documents.map(({ step, state: at, number, total, currency, error }) =>
    [step, number, at, total, currency, error].filter(Boolean).join(" "),
  );
  return `Order ${order} is ${state}.${why}${parts.length > 0 ? `\n${listed(parts)}` : ""}`;
}

function orderText(
  { order, sale, hold, record }: z.output<typeof OrderLookup>,
  unexplained: boolean,
): string {
  const head =
    sale === null
      ? `Order ${order} cannot be read: ${hold?.detail ?? ""} ${hold?.action ?? ""}`.trim()
      : `Order ${order}: ${sale.grandTotal} ${sale.currency}, ${sale.storeState} in the store, ${sale.paid} paid${sale.paymentMethod === null ? "" : ` by ${sale.paymentMethod}`}.`;
  const books = record === null ? `It is not in the books yet.` : recordText(record);
  const nothing =
    unexplained || record?.documents.length === 0 ? " There is no posted value to explain yet." : "";
  return `${head}\n${books}${nothing}`;
}

function failedText({ records, reasons, total }: z.output<typeof FailedRecords>): string {
  if (total === 0) return "No order waits for a person: none is held, failed or uncertain.";
  const why = reasons.map(({ reason, orders, example, action }) =>
    `${reason} (${orders}): ${example ?? ""} ${action ?? ""}`.trim(),
  );
  const which = records.map(
    ({ order, state, reason }) => `${order} ${state}${reason === null ? "" : `, ${reason}`}`,
  );
  return `${total} orders wait for a person.\nReasons:\n${listed(why)}\nOrders:\n${listed(which)}`;
}

function searchText({ orders, total }: z.output<typeof OrderSearch>): string {
  if (orders.length === 0) return "I found no such order.";
  const lines = orders.map(({ order, state, total: amount, currency }) =>
    [order, state, amount, currency].filter(Boolean).join(" "),
  );
  return `Orders (${total} in all):\n${listed(lines)}`;
}
