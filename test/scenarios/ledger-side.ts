/** Both sides of a reconciliation: what was posted, with its receipts, and all that the demo ledger has now. */
import { parseAnswer } from "../../engine/adapters/xero/answer-json.ts";
import { toLedgerDocument } from "../../engine/adapters/xero/documents.ts";
import type { LedgerSnapshot } from "../../engine/core/ledger-snapshot.ts";
import type { DocumentPlan } from "../../engine/core/plan.ts";
import { type Booked, reconcile } from "../../engine/core/reconcile.ts";
import type { LedgerDocument } from "../../engine/ports.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import type { Books, StoreOrder } from "./harness.ts";
import { ORG } from "./organisation.ts";
import { CARD_ORDER } from "./rules.ts";

const KINDS = { Invoices: "InvoiceID", CreditNotes: "CreditNoteID" } as const;

/** Every invoice and credit note of the ledger, read one by one as the adapter reads them. */
export const ledgerSide = (ledger: Books): LedgerDocument[] =>
  (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) =>
    ledger.call("GET", kind)[kind].map((listed: Body) => readOne(ledger, kind, listed[KINDS[kind]])),
  );

function readOne(ledger: Books, kind: keyof typeof KINDS, id: string): LedgerDocument {
  const [element] = ledger.call("GET", `${kind}/${id}?unitdp=4`)[kind];
  const document = toLedgerDocument(kind, parseAnswer(JSON.stringify(element)) ?? null);
  if (document === undefined) throw new Error(`${kind}/${id} cannot be read`);
  return document;
}

/** The documents of a plan with the ids that the ledger gave them, read just after they were posted. */
function bookedSide(ledger: Books, plan: DocumentPlan): Booked[] {
  const all = ledgerSide(ledger);
  return plan.documents.flatMap(({ step, resource, body, after }): Booked[] => {
    if (resource === "Invoices" || resource === "CreditNotes") {
      const number = body[resource === "Invoices" ? "InvoiceNumber" : "CreditNoteNumber"];
      const own = all.find((document) => document.number === number);
      return own === undefined ? [] : [{ step, resource, body, ledgerId: own.id, contactId: own.contactId }];
    }
    const parent = all.find(({ number }) =>
      plan.documents.some(
        (document) =>
          after.includes(document.step) &&
          (document.body.InvoiceNumber === number || document.body.CreditNoteNumber === number),
      ),
    );
    const payment = parent?.payments.find(({ reference }) => reference === body.Reference);
    if (resource !== "Payments" || parent === undefined || payment === undefined) return [];
    return [{ step, resource, body, ledgerId: payment.id, parentId: parent.id }];
  });
}

export const reconciled = (booked: readonly Booked[], ledger: readonly LedgerSnapshot[], numberPrefix = "") =>
  reconcile({ booked, ledger, org: ORG, numberPrefix });

export const paid = (n: number, day: string, more: Partial<StoreOrder> = {}): StoreOrder => ({
  ...CARD_ORDER,
  id: n,
  number: String(100_000_000 + n),
  placedAt: `${day} 10:00:00`,
  paid: 65.88,
  transaction: `ch_${n}`,
  ...more,
});

/** Posts orders one by one; answers what was booked. */
export const posted = (ledger: Books, ...orders: StoreOrder[]): Booked[] =>
  orders.flatMap((order) => bookedSide(ledger, ledger.post(order)));

/** An invoice of the ledger by its number. */
export const idOf = (ledger: Books, number: string): string =>
  ledgerSide(ledger).find((document) => document.number === number)?.id ?? "";

export const invoiceOf = (ledger: Books, number: string) =>
  ledger.call("GET", `Invoices/${idOf(ledger, number)}?unitdp=4`).Invoices[0];

/** One of the two mugs is given back on 6 May. */
export const refunded = (order: StoreOrder): StoreOrder => ({
  ...order,
  more: { total_refunded: 29.94, total_online_refunded: 29.94 },
  creditMemos: [
    {
      entity_id: 7,
      increment_id: "800000007",
      order_id: order.id ?? 501,
      state: 2,
      created_at: "2026-05-06 11:00:00",
      transaction_id: "re_1",
      subtotal: 24.95,
      shipping_amount: 0,
      tax_amount: 4.99,
      grand_total: 29.94,
      items: [{ order_item_id: (order.id ?? 501) * 100 + 1, qty: 1, row_total: 24.95, tax_amount: 4.99 }],
    },
  ],
});
