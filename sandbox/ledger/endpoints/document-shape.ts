import type { DocumentKind, DocumentType } from "../books/rows.ts";
import { day, decimal, flag, guid, list, oneOf, type Read, record, text } from "../wire/shape.ts";
import { contactReference } from "./contact-shape.ts";

export const trackingShape = { TrackingCategoryID: guid, TrackingOptionID: guid, Name: text, Option: text };
export type TrackingDraft = Read<typeof trackingShape>;

export const lineShape = {
  LineItemID: guid,
  Description: text,
  Quantity: decimal,
  UnitAmount: decimal,
  ItemCode: text,
  AccountCode: text,
  AccountID: guid,
  TaxType: text,
  TaxAmount: decimal,
  LineAmount: decimal,
  DiscountRate: decimal,
  DiscountAmount: decimal,
  Tracking: list(trackingShape),
};
export type LineDraft = Read<typeof lineShape>;

export const LineAmountTypesField = oneOf("LineAmountType", ["Exclusive", "Inclusive", "NoTax"]);

const commonShape = {
  Contact: contactReference,
  Date: day,
  DueDate: day,
  LineAmountTypes: LineAmountTypesField,
  LineItems: list(lineShape),
  Reference: text,
  BrandingThemeID: guid,
  Url: text,
  CurrencyCode: text,
  CurrencyRate: decimal,
  SentToContact: flag,
  ExpectedPaymentDate: day,
  PlannedPaymentDate: day,
  SubTotal: decimal,
  TotalTax: decimal,
  Total: decimal,
};

const STATUSES = ["DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"] as const;
const statusField = (typeName: string) => oneOf(typeName, STATUSES);

const invoiceShape = {
  Type: oneOf("InvoiceType", [
    "ACCREC",
    "ACCPAY",
    "ACCRECCREDIT",
    "ACCPAYCREDIT",
    "AROVERPAYMENT",
    "ARPREPAYMENT",
    "APOVERPAYMENT",
    "APPREPAYMENT",
  ]),
  Status: statusField("InvoiceStatus"),
  InvoiceID: guid,
  InvoiceNumber: text,
  ...commonShape,
};
const creditNoteShape = {
  Type: oneOf("CreditNoteType", ["ACCRECCREDIT", "ACCPAYCREDIT"]),
  Status: statusField("CreditNoteStatus"),
  CreditNoteID: guid,
  CreditNoteNumber: text,
  ...commonShape,
};
const bankTransactionShape = {
  Type: oneOf("BankTransactionType", [
    "RECEIVE",
    "SPEND",
    "RECEIVE-OVERPAYMENT",
    "SPEND-OVERPAYMENT",
    "RECEIVE-PREPAYMENT",
    "SPEND-PREPAYMENT",
    "RECEIVE-TRANSFER",
    "SPEND-TRANSFER",
  ]),
  Status: statusField("BankTransactionStatus"),
  BankTransactionID: guid,
  BankAccount: record({ AccountID: guid, Code: text }),
  IsReconciled: flag,
  ...commonShape,
};

export type CommonDraft = Read<typeof commonShape> & {
  Type?: string | undefined;
  Status?: (typeof STATUSES)[number] | undefined;
  BankAccount?: { AccountID?: string | undefined; Code?: string | undefined };
  IsReconciled?: boolean;
};

/** What differs between the three documents that have lines. */
export type Kind = {
  kind: DocumentKind;
  noun: string;
  plural: string;
  idName: "InvoiceID" | "CreditNoteID" | "BankTransactionID";
  numberName: "InvoiceNumber" | "CreditNoteNumber" | undefined;
  types: readonly DocumentType[];
  shape: typeof invoiceShape | typeof creditNoteShape | typeof bankTransactionShape;
  numberPrefix: string;
};

export const INVOICE: Kind = {
  kind: "invoice",
  noun: "Invoice",
  plural: "Invoices",
  idName: "InvoiceID",
  numberName: "InvoiceNumber",
  types: ["ACCREC", "ACCPAY"],
  shape: invoiceShape,
  numberPrefix: "INV-",
};
export const CREDIT_NOTE: Kind = {
  kind: "creditNote",
  noun: "Credit Note",
  plural: "CreditNotes",
  idName: "CreditNoteID",
  numberName: "CreditNoteNumber",
  types: ["ACCRECCREDIT", "ACCPAYCREDIT"],
  shape: creditNoteShape,
  numberPrefix: "CN-",
};
export const BANK_TRANSACTION: Kind = {
  kind: "bankTransaction",
  noun: "Bank Transaction",
  plural: "BankTransactions",
  idName: "BankTransactionID",
  numberName: undefined,
  types: [
    "RECEIVE",
    "SPEND",
    "RECEIVE-OVERPAYMENT",
    "SPEND-OVERPAYMENT",
    "RECEIVE-PREPAYMENT",
    "SPEND-PREPAYMENT",
  ],
  shape: bankTransactionShape,
  numberPrefix: "",
};

const SALES_TYPES: ReadonlySet<string> = new Set([
  "ACCREC",
  "ACCRECCREDIT",
  "RECEIVE",
  "RECEIVE-OVERPAYMENT",
  "RECEIVE-PREPAYMENT",
]);
/** Sales side or purchase side: which defaults an item gives, and which control account is used. */
export const isSalesSide = (type: string): boolean => SALES_TYPES.has(type);
/** Types with a unique number and a Reference (facts/xero.md section 4, Invoices and CreditNotes). */
export const hasUniqueNumber = (type: string): boolean => type === "ACCREC" || type === "ACCRECCREDIT";

export const DOCUMENT_LENGTHS = { number: 255, reference: 255, description: 4000 } as const;
