/** Both sides of a reconciliation: what was posted, with its receipts, and all that the demo ledger has now. */
import { parseAnswer } from "../../engine/adapters/xero/answer-json.ts";
import { toLedgerDocument } from "../../engine/adapters/xero/documents.ts";
import type { LedgerSnapshot } from "../../engine/core/ledger-snapshot.ts";
import type { DocumentPlan } from "../../engine/core/plan.ts";
import { type Booked, reconcile } from "../../engine/core/reconcile.ts";
import type { LedgerDocument } from "../../engine/ports.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import type { Books } from "./harness.ts";
import { ORG } from "./organisation.ts";

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
export function bookedSide(ledger: Books, plan: DocumentPlan): Booked[] {
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
