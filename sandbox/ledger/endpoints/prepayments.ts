import type { TradeDocument } from "../books/rows.ts";
import { openAmountOf } from "../books/settlement.ts";
import { msOfDay } from "../wire/dates.ts";
import { okReply, type Reply } from "../wire/envelope.ts";
import { listRows } from "../wire/listing.ts";
import {
  dateField,
  decimalField,
  guidField,
  inUnits,
  type QueryFields,
  stringField,
} from "../wire/where-eval.ts";
import { creditOf } from "./allocations.ts";
import type { Call } from "./call.ts";
import { renderPrePayment } from "./document-render.ts";

/** Overpayments and prepayments are made as bank transactions and only read here (facts/xero.md section 4). */
export function prepaymentEndpoints(part: "Overpayment" | "Prepayment") {
  const plural = `${part}s`;
  return {
    list: (call: Call): Reply => {
      const listed = listRows({
        rows: creditsOf(call, part),
        query: call.query,
        ifModifiedSince: call.header("if-modified-since"),
        fields: fieldsOf(call, part),
        typeName: part,
        updatedMs: (document) => document.updatedMs,
        canPage: true,
        defaultOrder: (left, right) => left.updatedMs - right.updatedMs,
      });
      const level = listed.pagination === undefined ? "list" : "page";
      const elements = listed.rows.map((document) => renderPrePayment(call, document, part, level));
      return okReply(call.nowMs, plural, elements, listed.pagination);
    },
    get: (call: Call): Reply =>
      okReply(call.nowMs, plural, [renderPrePayment(call, creditOf(call, part), part, "single")]),
  };
}

/** References and InvoiceNumbers are comma lists (OpenAPI, getOverpayments and getPrepayments). */
function creditsOf({ books, query }: Call, part: "Overpayment" | "Prepayment"): TradeDocument[] {
  const wanted = query.list(part === "Overpayment" ? "References" : "InvoiceNumbers");
  return books
    .all("documents")
    .filter(({ type }) => type.endsWith(`-${part.toUpperCase()}`))
    .filter(({ reference }) => wanted === undefined || wanted.includes(reference));
}

const fieldsOf = (call: Call, part: string): QueryFields<TradeDocument> => ({
  [`${part}ID`]: guidField((row) => row.id),
  Type: stringField((row) => row.type),
  Status: stringField((row) => row.status),
  Reference: stringField((row) => row.reference),
  "Contact.ContactID": guidField((row) => row.contactId),
  "Contact.Name": stringField((row) => call.books.get("contacts", row.contactId)?.name, true),
  Date: dateField((row) => msOfDay(row.date)),
  UpdatedDateUTC: dateField((row) => row.updatedMs),
  Total: decimalField((row) => inUnits(row.total)),
  RemainingCredit: decimalField((row) => inUnits(openAmountOf(call.books, row))),
});
