import type { ActionContext } from "./actions.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, textAt } from "./json.ts";

type TransactionType = "authorization" | "capture" | "refund";

/** What a kind of transaction follows from: a refund from a capture, a capture from an authorization. */
const PARENT: Record<TransactionType, TransactionType | undefined> = {
  authorization: undefined,
  capture: "authorization",
  refund: "capture",
};

/** Stores what a gateway did for an order (GET transactions). */
export function putTransaction(
  { transaction, now }: ActionContext,
  order: JsonObject,
  id: string,
  type: TransactionType,
): void {
  const parent = transaction
    .ofOrder("transactions", textAt(order, "entity_id"))
    .find((row) => row.txn_type === PARENT[type]);
  transaction.put("transactions", {
    transaction_id: transaction.nextId("transactions"),
    ...(parent ? { parent_id: numberAt(parent, "transaction_id") } : {}),
    order_id: numberAt(order, "entity_id"),
    payment_id: numberAt(objectAt(order, "payment"), "entity_id"),
    txn_id: id,
    parent_txn_id: parent ? textAt(parent, "txn_id") : null,
    txn_type: type,
    is_closed: type === "refund" ? 1 : 0,
    additional_information: [],
    created_at: now,
    child_transactions: [],
  });
}
