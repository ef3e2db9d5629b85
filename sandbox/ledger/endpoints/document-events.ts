import type { TradeDocument } from "../books/rows.ts";
import type { Call } from "./call.ts";
import { fireEvent } from "./webhook-events.ts";

/** INVOICE events carry neither type nor status, CREDITNOTE events do (facts/xero.md section 6). */
export function fireDocumentEvent(call: Call, document: TradeDocument, type: "CREATE" | "UPDATE"): void {
  const { id } = document;
  if (document.kind === "invoice") fireEvent(call, "INVOICE", type, id, `Invoices/${id}`);
  if (document.kind === "creditNote") {
    fireEvent(call, "CREDITNOTE", type, id, `CreditNotes/${id}`, {
      Type: document.type,
      Status: document.status,
    });
  }
  if (document.type.endsWith("-PREPAYMENT")) fireEvent(call, "PREPAYMENT", type, id, `Prepayments/${id}`);
  if (document.type.endsWith("-OVERPAYMENT")) fireEvent(call, "OVERPAYMENT", type, id, `Overpayments/${id}`);
}
