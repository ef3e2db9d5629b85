/** Why Magento JSON cannot become a sale. Each names Magento's own field; none repeats what a buyer wrote. */
import type { z } from "zod";
import type { Held } from "../../core/hold.ts";
import { formatE4 } from "../../core/money.ts";

const CORRECT =
  "Correct the order in Magento, or send the JSON as the REST API gives it, then sync it again.";

export const notAnOrder = (found: string, action: string): Held => ({
  hold: "notAnOrder",
  field: "",
  detail: `An order was expected; this is ${found}.`,
  action,
});

export const fieldMissing = (field: string, expected: string): Held => ({
  hold: "fieldMissing",
  field,
  detail: `${field} is missing; ${expected} was expected.`,
  action: CORRECT,
});

export const fieldInvalid = (field: string, expected: string): Held => ({
  hold: "fieldInvalid",
  field,
  detail: `${field} is not valid; ${expected} was expected.`,
  action: CORRECT,
});

/** `field` is where the items are: of the order, or of one of its documents. */
export const itemsMissing = (field: string, soldE4: bigint, subtotal: string): Held => ({
  hold: "itemsMissing",
  field,
  detail: `The ${field} come to ${formatE4(soldE4)}, the subtotal is ${subtotal}: items are missing or were changed.`,
  action: "Send the whole document with all its items, as the REST API answers it.",
});

export const negativeTotal = (total: string): Held => ({
  hold: "negativeTotal",
  field: "grand_total",
  detail: `grand_total is ${total}; a sale has a total of zero or more.`,
  action: "Book it as a credit note by hand, or correct the order in Magento.",
});

export const paidDiffers = (paid: string, receivedE4: bigint): Held => ({
  hold: "totalsDiffer",
  field: "total_paid",
  detail: `The order says that ${paid} was paid; its paid invoices come to ${formatE4(receivedE4)}.`,
  action: "Sync the order again; if it stays so, check its invoices and payments in Magento.",
});

export const refundedDiffers = (refunded: string, givenBackE4: bigint): Held => ({
  hold: "totalsDiffer",
  field: "total_refunded",
  detail: `The order says that ${refunded} was refunded; its credit memos come to ${formatE4(givenBackE4)}.`,
  action: "Sync the order again; if it stays so, check its credit memos in Magento.",
});

export const refundPartsDiffer = (place: string, totalE4: bigint, creditedE4: bigint): Held => ({
  hold: "totalsDiffer",
  field: `${place}.customer_balance_amount`,
  detail: `${place} gives back ${formatE4(totalE4)}, but ${formatE4(creditedE4)} of it to store credit, gift cards and points.`,
  action: "Check the credit memo in Magento, or book it by hand.",
});

export const chargedElsewhere = (field: string, currencies: readonly string[]): Held => ({
  hold: "currencyNotAllowed",
  field,
  detail: `The payment names a currency that is neither the order's nor the store's base currency (${currencies.join(", ")}), so the amount that was charged is not known.`,
  action: "Look up the charge at the payment provider and book the order by hand.",
});

/** The first issue of the schema, told by Magento's field name. */
export function fieldHold(order: unknown, issues: readonly z.core.$ZodIssue[], prefix = ""): Held {
  const issue = issues[0];
  const path = issue?.path ?? [];
  const field = prefix + fieldName(path);
  const expected = expectationOf(issue);
  const value = path.reduce<unknown>((parent, key) => memberOf(parent, key), order);
  return value === undefined || value === null
    ? fieldMissing(field, expected)
    : fieldInvalid(field, expected);
}

/** `items[0].row_total` */
const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, key) =>
      typeof key === "number" ? `${name}[${key}]` : name === "" ? String(key) : `${name}.${String(key)}`,
    "",
  );

const memberOf = (parent: unknown, key: PropertyKey): unknown =>
  typeof parent === "object" && parent !== null ? (parent as Record<PropertyKey, unknown>)[key] : undefined;

/** Our own expectations are sentences already; zod's are types. Neither holds the value. */
function expectationOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === "invalid_type")
    return issue.expected === "string" ? "text" : `a JSON ${issue.expected}`;
  return issue?.message ?? "another value";
}
