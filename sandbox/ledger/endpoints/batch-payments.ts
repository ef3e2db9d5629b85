import type { BatchPayment } from "../books/rows.ts";
import { msOfDay, wireDay, wireDayString, wireMs } from "../wire/dates.ts";
import { okReply, type Reply } from "../wire/envelope.ts";
import { type JsonRecord, money } from "../wire/json.ts";
import { listRows } from "../wire/listing.ts";
import { say } from "../wire/messages.ts";
import {
  day,
  echoShape,
  guid,
  list,
  oneOf,
  type Read,
  readShape,
  record,
  text,
  ZERO_GUID,
} from "../wire/shape.ts";
import { dateField, guidField, type QueryFields, stringField } from "../wire/where-eval.ts";
import { type Settled, settleBatch } from "./batch.ts";
import { type Call, elementsOf, foundOr404, organisationOf, param, reading } from "./call.ts";
import { accountOf, deletePayment, savePayment } from "./payment-save.ts";
import { paymentShape } from "./payment-shape.ts";
import { Problems } from "./problems.ts";

const batchShape = {
  BatchPaymentID: guid,
  Account: record({ AccountID: guid, Code: text }),
  Date: day,
  Reference: text,
  Particulars: text,
  Code: text,
  Details: text,
  Narrative: text,
  Status: oneOf("BatchPaymentStatus", ["AUTHORISED", "DELETED"]),
  Payments: list(paymentShape),
};
type BatchDraft = Read<typeof batchShape>;

/** OpenAPI, BatchPayment. */
const LENGTHS = { Reference: 255, Particulars: 12, Code: 12, Details: 18, Narrative: 18 } as const;

export function listBatchPayments(call: Call): Reply {
  const listed = listRows({
    rows: call.books.all("batchPayments"),
    query: call.query,
    ifModifiedSince: call.header("if-modified-since"),
    fields: BATCH_FIELDS,
    typeName: "BatchPayment",
    updatedMs: (batch) => batch.updatedMs,
    canPage: false,
  });
  return okReply(
    call.nowMs,
    "BatchPayments",
    listed.rows.map((batch) => renderBatchPayment(call, batch)),
  );
}

const byId = (call: Call): BatchPayment =>
  foundOr404(call.books.get("batchPayments", param(call, "id").toLowerCase()));

export const getBatchPayment = (call: Call): Reply =>
  okReply(call.nowMs, "BatchPayments", [renderBatchPayment(call, byId(call))]);

export function createBatchPayments(call: Call): Reply {
  const drafts = readDrafts(call);
  return settleBatch(call, {
    plural: "BatchPayments",
    errorFlag: undefined,
    elements: drafts.map((draft) => () => settle(call, draft)),
  });
}

const readDrafts = (call: Call): BatchDraft[] =>
  elementsOf(call, "BatchPayments", "BatchPayment").map(({ value, path }) =>
    reading(() => readShape(batchShape, value, path)),
  );

function settle(call: Call, draft: BatchDraft): Settled {
  const problems = new Problems();
  const account = accountOf(
    call,
    { ...(draft.Account === undefined ? {} : { Account: draft.Account }) },
    problems,
  );
  if (draft.Date === undefined) problems.add(say.dateEmpty);
  for (const [field, max] of Object.entries(LENGTHS)) {
    const value = draft[field as keyof typeof LENGTHS];
    if (value !== undefined && value.length > max) problems.add(say.tooLong(field, max));
  }
  const parts = draft.Payments ?? [];
  if (parts.length === 0) problems.add("A batch payment must have at least one payment.");
  const id = call.newId();
  let total = 0n;
  const types = new Set<string>();
  if (account !== undefined && draft.Date !== undefined) {
    for (const part of parts) {
      const { payment, errors } = savePayment(call, part, { batchPaymentId: id, account, date: draft.Date });
      for (const error of errors) problems.add(error);
      total += payment?.amount ?? 0n;
      if (payment !== undefined) types.add(payment.type);
    }
  }
  if ([...types].some((type) => type !== "ACCRECPAYMENT" && type !== "ACCPAYPAYMENT"))
    problems.add(say.batchOfInvoices);
  else if (types.size > 1) problems.add("All payments of a batch must be for the same type of document.");
  if (!problems.isEmpty || account === undefined || draft.Date === undefined) {
    return {
      ok: false,
      element: { ...echoShape(batchShape, draft), BatchPaymentID: ZERO_GUID },
      errors: problems.document,
    };
  }
  const batch: BatchPayment = {
    id,
    accountId: account.id,
    type: types.has("ACCRECPAYMENT") ? "RECBATCH" : "PAYBATCH",
    date: draft.Date,
    status: "AUTHORISED",
    total,
    updatedMs: call.nowMs,
    ...textsOf(draft),
  };
  call.books.put("batchPayments", batch);
  return { ok: true, element: renderBatchPayment(call, batch) };
}

function textsOf(draft: BatchDraft): Partial<BatchPayment> {
  return {
    ...(draft.Reference === undefined ? {} : { reference: draft.Reference }),
    ...(draft.Particulars === undefined ? {} : { particulars: draft.Particulars }),
    ...(draft.Code === undefined ? {} : { code: draft.Code }),
    ...(draft.Details === undefined ? {} : { details: draft.Details }),
    ...(draft.Narrative === undefined ? {} : { narrative: draft.Narrative }),
  };
}

/** POST /BatchPayments with an id and Status DELETED, or POST /BatchPayments/{id} with the status alone. */
export function deleteBatchPayments(call: Call): Reply {
  const pathId = call.params.id;
  const drafts = readDrafts(call);
  const batches = drafts.map((draft) => ({
    draft,
    batch: foundOr404(call.books.get("batchPayments", pathId?.toLowerCase() ?? draft.BatchPaymentID ?? "")),
  }));
  return settleBatch(call, {
    plural: "BatchPayments",
    errorFlag: undefined,
    elements: batches.map(
      ({ draft, batch }) =>
        () =>
          settleDelete(call, draft, batch),
    ),
  });
}

function settleDelete(call: Call, draft: BatchDraft, batch: BatchPayment): Settled {
  const errors: string[] = [];
  if (draft.Status !== "DELETED" || batch.status === "DELETED")
    errors.push(say.notValidForModification("Batch Payment"));
  else {
    for (const payment of call.books.find("payments", "batch", batch.id)) {
      const error = deletePayment(call, payment, true);
      if (error !== undefined && !errors.includes(error)) errors.push(error);
    }
  }
  if (errors.length > 0) return { ok: false, element: renderBatchPayment(call, batch), errors };
  const deleted: BatchPayment = { ...batch, status: "DELETED", updatedMs: call.nowMs };
  call.books.put("batchPayments", deleted);
  return { ok: true, element: renderBatchPayment(call, deleted) };
}

export function renderBatchPayment(call: Call, batch: BatchPayment): JsonRecord {
  const payments = call.books
    .find("payments", "batch", batch.id)
    .filter(({ status }) => status === "AUTHORISED");
  return {
    Account: { AccountID: batch.accountId, CurrencyCode: organisationOf(call.books).baseCurrency },
    ...(batch.reference === undefined ? {} : { Reference: batch.reference }),
    ...(batch.particulars === undefined ? {} : { Particulars: batch.particulars }),
    ...(batch.code === undefined ? {} : { Code: batch.code }),
    ...(batch.details === undefined ? {} : { Details: batch.details }),
    ...(batch.narrative === undefined ? {} : { Narrative: batch.narrative }),
    BatchPaymentID: batch.id,
    DateString: wireDayString(batch.date),
    Date: wireDay(batch.date),
    Payments: payments.map((payment) => ({
      Invoice: {
        InvoiceID: payment.documentId,
        CurrencyCode: call.books.get("documents", payment.documentId)?.currency ?? "",
        Payments: [],
        CreditNotes: [],
        Prepayments: [],
        Overpayments: [],
        HasErrors: false,
        IsDiscounted: false,
        LineItems: [],
      },
      PaymentID: payment.id,
      ...(payment.reference === "" ? {} : { Reference: payment.reference }),
      Amount: money(payment.amount),
      BankAmount: money(payment.bankAmount),
    })),
    Type: batch.type,
    Status: batch.status,
    TotalAmount: money(batch.total),
    UpdatedDateUTC: wireMs(batch.updatedMs),
    IsReconciled: false,
  };
}

const BATCH_FIELDS: QueryFields<BatchPayment> = {
  BatchPaymentID: guidField((row) => row.id),
  Type: stringField((row) => row.type),
  Status: stringField((row) => row.status),
  Date: dateField((row) => msOfDay(row.date)),
  UpdatedDateUTC: dateField((row) => row.updatedMs),
};
