import type { Books } from "../books/books.ts";
import type { Allocation, Line, LineTracking, Payment, TradeDocument } from "../books/rows.ts";
import {
  allocationsFrom,
  amountCredited,
  amountPaid,
  creditsOn,
  isCredit,
  livePayments,
  openAmountOf,
} from "../books/settlement.ts";
import { wireDay, wireDayString, wireMs, wireUpdatedString } from "../wire/dates.ts";
import { divideRounded, RATES, UNITS } from "../wire/decimal.ts";
import { type Json, type JsonRecord, money, number } from "../wire/json.ts";
import { renderAttachments } from "./attachment-render.ts";
import type { Call } from "./call.ts";
import { renderContact, renderContactSummary } from "./contact-render.ts";

/**
 * `single` is a GET by id or a write, `page` a page, `list` the unpaged list without lines, `summary` summaryOnly
 * (facts/xero.md section 2, Reading).
 */
export type DocumentLevel = "single" | "page" | "list" | "summary";

export function renderDocument(call: Call, document: TradeDocument, level: DocumentLevel): JsonRecord {
  switch (document.kind) {
    case "invoice":
      return renderInvoice(call, document, level);
    case "creditNote":
      return renderCredit(call, document, level);
    case "bankTransaction":
      return renderBankTransaction(call, document, level);
    default:
      return document.kind satisfies never;
  }
}

function renderInvoice(call: Call, document: TradeDocument, level: DocumentLevel): JsonRecord {
  const { books } = call;
  const credits = creditsOn(books, document.id);
  return {
    Type: document.type,
    InvoiceID: document.id,
    InvoiceNumber: document.number,
    Reference: document.reference,
    ...(level === "summary" ? {} : { Payments: livePayments(books, document.id).map(renderNestedPayment) }),
    CreditNotes: creditsOfKind(books, credits, "creditNote"),
    Prepayments: creditsOfKind(books, credits, "PREPAYMENT"),
    Overpayments: creditsOfKind(books, credits, "OVERPAYMENT"),
    AmountDue: money(openAmountOf(books, document)),
    AmountPaid: money(amountPaid(books, document)),
    AmountCredited: money(amountCredited(books, document)),
    ...(document.url === undefined ? {} : { Url: document.url }),
    SentToContact: document.sentToContact,
    CurrencyRate: number(document.rate, RATES),
    HasErrors: false,
    IsDiscounted: document.lines.some((line) => (line.discountAmount ?? 0n) !== 0n),
    ...(level === "summary" ? {} : attachmentFields(call, document, level)),
    ...commonFields(call, document, level),
    ...(document.fullyPaidOn === undefined ? {} : { FullyPaidOnDate: wireDay(document.fullyPaidOn) }),
  };
}

function renderCredit(call: Call, document: TradeDocument, level: DocumentLevel): JsonRecord {
  const { books } = call;
  return {
    CreditNoteID: document.id,
    CreditNoteNumber: document.number,
    ID: document.id,
    Payments: livePayments(books, document.id).map(renderNestedPayment),
    ...(level === "summary" ? {} : attachmentFields(call, document, level)),
    CurrencyRate: number(document.rate, RATES),
    Type: document.type,
    Reference: document.reference,
    SentToContact: document.sentToContact,
    RemainingCredit: money(openAmountOf(books, document)),
    Allocations: renderAllocations(books, document),
    HasErrors: false,
    ...commonFields(call, document, level),
    ...(document.fullyPaidOn === undefined ? {} : { FullyPaidOnDate: wireDay(document.fullyPaidOn) }),
  };
}

function renderBankTransaction(call: Call, document: TradeDocument, level: DocumentLevel): JsonRecord {
  const account = document.bankAccountId && call.books.get("accounts", document.bankAccountId);
  const part = /-(OVERPAYMENT|PREPAYMENT)$/.exec(document.type)?.[1];
  const status = document.status === "PAID" ? "AUTHORISED" : document.status;
  return {
    BankTransactionID: document.id,
    BankAccount: account ? { AccountID: account.id, Code: account.code, Name: account.name } : {},
    Type: document.type,
    Reference: document.reference,
    IsReconciled: document.isReconciled,
    ...(part === "OVERPAYMENT" ? { OverpaymentID: document.id } : {}),
    ...(part === "PREPAYMENT" ? { PrepaymentID: document.id } : {}),
    CurrencyRate: number(document.rate, RATES),
    ...attachmentFields(call, document, level),
    ...(document.url === undefined ? {} : { Url: document.url }),
    ...commonFields(call, document, level),
    Status: status,
    UpdatedDateUTCString: undefined,
  };
}

/** GET /Overpayments and /Prepayments show the bank transaction as a credit (facts/xero.md section 4). */
export function renderPrePayment(
  call: Call,
  document: TradeDocument,
  part: "Overpayment" | "Prepayment",
  level: DocumentLevel,
): JsonRecord {
  return {
    [`${part}ID`]: document.id,
    ID: document.id,
    CurrencyRate: number(document.rate, RATES),
    Type: document.type,
    Reference: document.reference,
    RemainingCredit: money(openAmountOf(call.books, document)),
    Allocations: renderAllocations(call.books, document),
    Payments: livePayments(call.books, document.id).map(renderNestedPayment),
    ...attachmentFields(call, document, level),
    ...commonFields(call, document, level),
    // A bank transaction may be deleted; the credit that it made can only be void.
    Status: document.status === "DELETED" ? "VOIDED" : document.status,
  };
}

function commonFields(call: Call, document: TradeDocument, level: DocumentLevel): JsonRecord {
  const contact = call.books.get("contacts", document.contactId);
  const isShort = level === "list" || level === "summary";
  return {
    Contact:
      contact === undefined
        ? {}
        : isShort
          ? renderContactSummary(contact)
          : renderContact(call.books, contact, "full"),
    DateString: wireDayString(document.date),
    Date: wireDay(document.date),
    ...dayFields("DueDate", document.dueDate),
    ...dayFields("ExpectedPaymentDate", document.expectedPaymentDate),
    ...dayFields("PlannedPaymentDate", document.plannedPaymentDate),
    ...(document.brandingThemeId === undefined ? {} : { BrandingThemeID: document.brandingThemeId }),
    Status: document.status,
    LineAmountTypes: document.lineAmountTypes,
    ...(level === "summary"
      ? {}
      : { LineItems: isShort ? [] : document.lines.map((line) => renderLine(call, line)) }),
    SubTotal: money(document.subTotal),
    TotalTax: money(document.totalTax),
    Total: money(document.total),
    UpdatedDateUTC: wireMs(document.updatedMs),
    UpdatedDateUTCString: wireUpdatedString(document.updatedMs),
    CurrencyCode: document.currency,
  };
}

const dayFields = (name: string, day: string | undefined): JsonRecord =>
  day === undefined ? {} : { [`${name}String`]: wireDayString(day), [name]: wireDay(day) };

function attachmentFields(call: Call, document: TradeDocument, level: DocumentLevel): JsonRecord {
  const attachments = call.books.find("attachments", "parent", document.id);
  if (level !== "single" || attachments.length === 0) return { HasAttachments: attachments.length > 0 };
  return { HasAttachments: true, Attachments: renderAttachments(call, document.id) };
}

/** A read without unitdp=4 shows rounded unit prices (facts/accounting.md section 1.1, 4). */
export function renderLine(call: Call, line: Line): JsonRecord {
  const account = line.accountId === undefined ? undefined : call.books.get("accounts", line.accountId);
  return {
    ...(line.itemCode === undefined ? {} : { ItemCode: line.itemCode }),
    ...(line.description === undefined ? {} : { Description: line.description }),
    ...(line.unitAmount === undefined ? {} : { UnitAmount: unitAmount(call, line.unitAmount) }),
    ...(line.taxType === undefined ? {} : { TaxType: line.taxType }),
    TaxAmount: money(line.taxAmount),
    LineAmount: money(line.lineAmount),
    ...(line.discountRate === undefined ? {} : { DiscountRate: number(line.discountRate, 2) }),
    ...(line.discountAmount === undefined ? {} : { DiscountAmount: money(line.discountAmount) }),
    ...(account === undefined ? {} : { AccountCode: account.code }),
    Tracking: renderTracking(call.books, line.tracking),
    ...(line.quantity === undefined ? {} : { Quantity: number(line.quantity, UNITS) }),
    LineItemID: line.id,
    ...(account === undefined ? {} : { AccountID: account.id }),
    ValidationErrors: [],
  };
}

export const unitAmount = (call: Call, units: bigint): Json =>
  call.query.text("unitdp") === "4" ? number(units, UNITS) : money(divideRounded(units, 100n, "up"));

export function renderTracking(books: Books, tracking: readonly LineTracking[]): Json {
  return tracking.flatMap(({ categoryId, optionId }) => {
    const category = books.get("trackingCategories", categoryId);
    const option = category?.options.find(({ id }) => id === optionId);
    if (category === undefined || option === undefined) return [];
    return [
      {
        Name: category.name,
        Option: option.name,
        TrackingCategoryID: categoryId,
        TrackingOptionID: optionId,
      },
    ];
  });
}

/** As Xero nests payments in documents (examples/openapi/getInvoice.json). */
const renderNestedPayment = (payment: Payment): JsonRecord => ({
  PaymentID: payment.id,
  ...(payment.batchPaymentId === undefined ? {} : { BatchPaymentID: payment.batchPaymentId }),
  Date: wireDay(payment.date),
  Amount: money(payment.amount),
  Reference: payment.reference,
  CurrencyRate: number(payment.rate, RATES),
  HasAccount: false,
  HasValidationErrors: false,
});

function creditsOfKind(books: Books, credits: readonly Allocation[], kind: string): Json {
  return credits.flatMap((allocation) => {
    const source = books.get("documents", allocation.sourceId);
    if (source === undefined || !isCredit(source)) return [];
    const isNote = source.kind === "creditNote";
    if (isNote !== (kind === "creditNote") || (!isNote && !source.type.endsWith(kind))) return [];
    const name = isNote ? "CreditNote" : kind === "OVERPAYMENT" ? "Overpayment" : "Prepayment";
    return [
      {
        [`${name}ID`]: source.id,
        ...(isNote ? { CreditNoteNumber: source.number } : {}),
        ID: source.id,
        AppliedAmount: money(allocation.amount),
        DateString: wireDayString(allocation.date),
        Date: wireDay(allocation.date),
        LineItems: [],
        Total: money(source.total),
      },
    ];
  });
}

function renderAllocations(books: Books, document: TradeDocument): Json {
  return allocationsFrom(books, document.id).map((allocation) => ({
    AllocationID: allocation.id,
    Amount: money(allocation.amount),
    Date: wireDay(allocation.date),
    Invoice: {
      InvoiceID: allocation.invoiceId,
      InvoiceNumber: books.get("documents", allocation.invoiceId)?.number ?? "",
      Payments: [],
      CreditNotes: [],
      Prepayments: [],
      Overpayments: [],
      HasErrors: false,
      IsDiscounted: false,
      LineItems: [],
    },
  }));
}
