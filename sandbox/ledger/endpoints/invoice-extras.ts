import { guidFrom } from "../books/ids.ts";
import { errorsOf, okReply, type Reply, validationReply } from "../wire/envelope.ts";
import { type Call, todayOf } from "./call.ts";
import { INVOICE } from "./document-shape.ts";
import { findDocument } from "./documents.ts";

/** 204; only sales invoices that are submitted or approved, and only to a contact with an address. */
export function emailInvoice(call: Call): Reply {
  const invoice = findDocument(call, INVOICE);
  const contact = call.books.get("contacts", invoice.contactId);
  const errors: string[] = [];
  if (invoice.type !== "ACCREC" || !["SUBMITTED", "AUTHORISED", "PAID"].includes(invoice.status)) {
    errors.push("Invoice not of valid status or type for emailing");
  }
  if (!contact?.emailAddress) errors.push("The contact does not have an email address");
  const counter = `emails/${todayOf(call)}`;
  if ((call.books.get("counters", counter)?.value ?? 0) >= call.org.emailLimit)
    errors.push("The daily limit of invoices that can be emailed has been reached");
  if (call.forcedError !== undefined) errors.push(call.forcedError);
  if (errors.length > 0)
    return validationReply([{ InvoiceID: invoice.id, ValidationErrors: errorsOf(errors) }]);
  call.books.next(counter);
  call.books.put("documents", { ...invoice, sentToContact: true, updatedMs: call.nowMs });
  return { status: 204, contentType: "text/plain", body: "" };
}

export function onlineInvoice(call: Call): Reply {
  const invoice = findDocument(call, INVOICE);
  const slug = guidFrom("online", invoice.id).replaceAll("-", "");
  return okReply(call.nowMs, "OnlineInvoices", [{ OnlineInvoiceUrl: `https://in.xero.com/${slug}` }]);
}
