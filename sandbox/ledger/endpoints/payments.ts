import type { Payment, TradeDocument } from "../books/rows.ts";
import { msOfDay } from "../wire/dates.ts";
import { okReply, type Reply } from "../wire/envelope.ts";
import { listRows } from "../wire/listing.ts";
import { say } from "../wire/messages.ts";
import { readShape } from "../wire/shape.ts";
import {
  dateField,
  decimalField,
  guidField,
  inUnits,
  type QueryFields,
  stringField,
} from "../wire/where-eval.ts";
import { settleBatch } from "./batch.ts";
import { type Call, elementsOf, foundOr404, onlyElementOf, param, reading } from "./call.ts";
import { refusedPayment, renderPayment } from "./payment-render.ts";
import { deletePayment, settlePayment } from "./payment-save.ts";
import { paymentShape } from "./payment-shape.ts";

export function listPayments(call: Call): Reply {
  const listed = listRows({
    rows: call.books.all("payments"),
    query: call.query,
    ifModifiedSince: call.header("if-modified-since"),
    fields: paymentFields(call),
    typeName: "Payment",
    updatedMs: (payment) => payment.updatedMs,
    canPage: true,
    defaultOrder: (left, right) => left.updatedMs - right.updatedMs,
  });
  const elements = listed.rows.map((payment) => renderPayment(call, payment, "list"));
  return okReply(call.nowMs, "Payments", elements, listed.pagination);
}

export function getPayment(call: Call): Reply {
  const payment = foundOr404(call.books.get("payments", param(call, "id").toLowerCase()));
  return okReply(call.nowMs, "Payments", [renderPayment(call, payment, "single")]);
}

/** PUT takes a list or one, POST takes one: both only create (facts/xero.md section 4, Payments). */
export function createPayments(call: Call): Reply {
  const drafts = elementsOf(call, "Payments", "Payment").map(({ value, path }) =>
    reading(() => readShape(paymentShape, value, path)),
  );
  return settleBatch(call, {
    plural: "Payments",
    errorFlag: "HasValidationErrors",
    elements: drafts.map((draft) => () => settlePayment(call, draft)),
  });
}

/** POST /Payments/{id} with Status DELETED is the only change a payment knows. */
export function updatePayment(call: Call): Reply {
  const payment = foundOr404(call.books.get("payments", param(call, "id").toLowerCase()));
  const { value, path } = onlyElementOf(call, "Payments", "Payment");
  const draft = reading(() => readShape(paymentShape, value, path));
  return settleBatch(call, {
    plural: "Payments",
    errorFlag: "HasValidationErrors",
    elements: [
      () => {
        const error = draft.Status === "DELETED" ? deletePayment(call, payment) : notModifiable();
        if (error !== undefined)
          return { ok: false, element: refusedPayment(draft, payment), errors: [error] };
        return {
          ok: true,
          element: renderPayment(call, foundOr404(call.books.get("payments", payment.id)), "single"),
        };
      },
    ],
  });
}

const notModifiable = (): string => say.notValidForModification("Payment");

function paymentFields(call: Call): QueryFields<Payment> {
  const documentOf = (row: Payment): TradeDocument | undefined => call.books.get("documents", row.documentId);
  return {
    PaymentID: guidField((row) => row.id),
    PaymentType: stringField((row) => row.type),
    Status: stringField((row) => row.status),
    Date: dateField((row) => msOfDay(row.date)),
    Reference: stringField((row) => row.reference),
    Amount: decimalField((row) => inUnits(row.amount)),
    "Invoice.InvoiceID": guidField((row) => row.documentId),
    "Invoice.InvoiceNumber": stringField((row) => documentOf(row)?.number, true),
    "Account.AccountID": guidField((row) => row.accountId),
    "Account.Code": stringField((row) => call.books.get("accounts", row.accountId)?.code, true),
    BatchPaymentID: guidField((row) => row.batchPaymentId, true),
    UpdatedDateUTC: dateField((row) => row.updatedMs),
  };
}
