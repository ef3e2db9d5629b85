/** The invoices, credit memos and shipments of an order, each kind in one call, and in none where the order shows that it has none. */
import { ok, type Result } from "../../core/result.ts";
import type { Json } from "../../core/shapes.ts";
import type { Log, RawSale, Unreachable } from "../../ports.ts";
import type { MagentoClient } from "./client.ts";
import { Amount, Flag, isRecord } from "./fields.ts";
import { readAll } from "./lists.ts";

type Documents = Omit<RawSale, "order">;

/**
 * Without the right to read credit memos or shipments there are none: an order that was refunded is then held by itself, where
 * an error would stop the sweep of all others. Receipts come from invoices, so without those nothing is read.
 */
export async function fetchDocuments(
  { client, log }: { readonly client: MagentoClient; readonly log: Log },
  order: Json,
): Promise<Result<Documents, Unreachable>> {
  const id = isRecord(order) ? order.entity_id : undefined;
  if (!isRecord(order) || (typeof id !== "string" && typeof id !== "number"))
    return ok({ invoices: [], creditMemos: [], shipments: [] });
  const readOf = (path: string): Promise<Result<readonly Json[], Unreachable>> =>
    readAll(client, path, {
      all: [{ field: "order_id", value: String(id), condition: "eq" }],
      sort: [{ field: "entity_id", direction: "ASC" }],
    });
  const readIfAllowed = async (path: string): Promise<Result<readonly Json[], Unreachable>> => {
    const rows = await readOf(path);
    if (rows.ok || rows.error.kind !== "unauthorised") return rows;
    log("magento.documentsUnreadable", { path });
    return ok([]);
  };
  const invoices = isInvoiced(order) ? await readOf("invoices") : NONE;
  if (!invoices.ok) return invoices;
  const creditMemos = isRefunded(order) ? await readIfAllowed("creditmemos") : NONE;
  if (!creditMemos.ok) return creditMemos;
  const shipments = isShipped(order) ? await readIfAllowed("shipments") : NONE;
  if (!shipments.ok) return shipments;
  return ok({ invoices: invoices.value, creditMemos: creditMemos.value, shipments: shipments.value });
}

const NONE: Result<readonly Json[], Unreachable> = ok([]);

type Order = Record<string, unknown>;

const isInvoiced = (order: Order): boolean => isAny(order, ["total_invoiced", "total_paid"]);

/** What went back to store credit or gift cards leaves total_refunded at zero, but not the sums of its parts. */
const REFUNDED = [
  "total_refunded",
  "subtotal_refunded",
  "shipping_refunded",
  "tax_refunded",
  "adjustment_positive",
  "total_online_refunded",
  "total_offline_refunded",
];
const REFUNDED_EXTENSION = [
  "customer_balance_refunded",
  "customer_balance_total_refunded",
  "gift_cards_refunded",
];

const isRefunded = (order: Order): boolean =>
  order.state === "closed" || isAny(order, REFUNDED) || isAny(order.extension_attributes, REFUNDED_EXTENSION);

const isShipped = (order: Order): boolean =>
  (order.state === "complete" && Flag.safeParse(order.is_virtual).data !== true) ||
  (Array.isArray(order.items) && order.items.some((item) => isAny(item, ["qty_shipped"])));

/** An amount that cannot be read is not nothing: the sale will name it. */
const isAny = (json: unknown, names: readonly string[]): boolean =>
  isRecord(json) &&
  names.some((name) => {
    const amount = Amount.safeParse(json[name]);
    return !amount.success || amount.data !== "0.00";
  });
