/** What the ledger holds of a batch: asked after an unknown outcome, after a refusal as duplicate, and before every payment. */
import { assert, never } from "../core/assert.ts";
import type { Held } from "../core/hold.ts";
import { ok, type Result } from "../core/result.ts";
import type { Json } from "../core/shapes.ts";
import type { Batch, FindBy, Ledger, LedgerDocument, OutboxDocument, Unreachable } from "../ports.ts";
import { contactDiffers, findPayment, invoiceDiffers, paymentDocument } from "./adopt.ts";

export type Found =
  | { readonly kind: "found"; readonly document: LedgerDocument }
  | { readonly kind: "different"; readonly hold: Held }
  | { readonly kind: "absent" };

export type Sent = { readonly document: OutboxDocument; readonly body: Json };

export const sentOf = ({ members, bodies }: Batch): Sent[] =>
  members.map((document, index) => {
    const body = bodies[index];
    assert(body !== undefined, "a frozen batch has a body for each member");
    return { document, body };
  });

/** One call for all of them, in their order. */
export async function lookUp(
  ledger: Ledger,
  resource: Batch["resource"],
  sent: readonly Sent[],
): Promise<Result<readonly Found[], Unreachable>> {
  switch (resource) {
    case "Contacts":
      return lookUpByNumber(ledger, sent, { resource, by: "ContactNumber" });
    case "Invoices":
      return lookUpByNumber(ledger, sent, { resource, by: "InvoiceNumber" });
    case "Payments":
      return lookUpPayments(ledger, sent);
    case "CreditNotes":
    case "Allocations":
    case "Items":
    case "BankTransactions":
      throw new Error(`${resource} are not delivered yet`);
    default:
      return never(resource);
  }
}

async function lookUpByNumber(
  ledger: Ledger,
  sent: readonly Sent[],
  query: { readonly resource: "Contacts" | "Invoices"; readonly by: FindBy },
): Promise<Result<readonly Found[], Unreachable>> {
  const values = sent.map(({ document }) => document.lookup?.value ?? "");
  assert(!values.includes(""), "a contact and an invoice have a number");
  const answer = await ledger.find({ ...query, values: [...new Set(values)] });
  if (!answer.ok) return answer;
  const byNumber = new Map(answer.value.map((found) => [(found.number ?? "").toLowerCase(), found]));
  return ok(
    sent.map(({ document, body }, index): Found => {
      const found = byNumber.get((values[index] ?? "").toLowerCase());
      if (found === undefined) return { kind: "absent" };
      const hold =
        query.resource === "Contacts"
          ? contactDiffers(body, found)
          : invoiceDiffers(body, document.total, found);
      return hold === undefined ? { kind: "found", document: found } : { kind: "different", hold };
    }),
  );
}

/** Payments have no number of their own: they are found on the invoices that they pay. */
async function lookUpPayments(
  ledger: Ledger,
  sent: readonly Sent[],
): Promise<Result<readonly Found[], Unreachable>> {
  const parents = sent.map(({ body }) => parentOf(body));
  const answer = await ledger.find({ resource: "Invoices", by: "InvoiceID", values: [...new Set(parents)] });
  if (!answer.ok) return answer;
  const byId = new Map(answer.value.map((found) => [found.id.toLowerCase(), found]));
  const taken = new Set<string>();
  return ok(
    sent.map(({ body }, index): Found => {
      const parent = byId.get((parents[index] ?? "").toLowerCase());
      const payment = parent && findPayment(body, parent, taken);
      if (parent === undefined || payment === undefined) return { kind: "absent" };
      taken.add(payment.id);
      return { kind: "found", document: paymentDocument(payment, parent) };
    }),
  );
}

function parentOf(body: Json): string {
  const invoice =
    body !== null && typeof body === "object" && !Array.isArray(body) ? body.Invoice : undefined;
  const id =
    invoice !== null && typeof invoice === "object" && !Array.isArray(invoice)
      ? invoice.InvoiceID
      : undefined;
  assert(typeof id === "string", "a payment names its invoice");
  return id;
}
