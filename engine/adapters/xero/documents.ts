/** Documents as the ledger tells them -> the engine's LedgerDocument. */
import { z } from "zod";
import { never } from "../../core/assert.ts";
import type { Resource } from "../../core/plan.ts";
import type { Json } from "../../core/shapes.ts";
import type { LedgerDocument } from "../../ports.ts";
import { listOf, WireAmount, WireDate, WireText } from "./answer-json.ts";

const ContactRef = z
  .object({ ContactID: WireText })
  .nullish()
  .transform((contact) => contact?.ContactID ?? null);

const Line = z.object({
  LineAmount: WireAmount,
  TaxAmount: WireAmount,
  AccountCode: WireText,
  TaxType: WireText,
});

const PaymentOfInvoice = z.object({
  PaymentID: z.string(),
  Date: WireDate,
  Amount: WireAmount,
  Reference: WireText,
  Status: WireText,
});

/** What invoices, credit notes and bank transactions have in common. */
const Headed = {
  Type: z.string(),
  Reference: WireText,
  Status: WireText,
  Contact: ContactRef,
  Date: WireDate,
  CurrencyCode: WireText,
  CurrencyRate: WireText,
  Total: WireAmount,
  TotalTax: WireAmount,
  LineAmountTypes: WireText,
  LineItems: listOf(Line),
};

const Invoice = z.object({
  ...Headed,
  InvoiceID: z.string(),
  InvoiceNumber: WireText,
  AmountDue: WireAmount,
  Payments: listOf(PaymentOfInvoice),
});

const AllocationOfNote = z.object({
  AllocationID: WireText,
  Amount: WireAmount,
  Invoice: z.object({ InvoiceID: z.string() }),
});

const CreditNote = z.object({
  ...Headed,
  CreditNoteID: z.string(),
  CreditNoteNumber: WireText,
  RemainingCredit: WireAmount,
  Payments: listOf(PaymentOfInvoice),
  Allocations: listOf(AllocationOfNote),
});

const BankTransaction = z.object({ ...Headed, BankTransactionID: z.string() });

const Item = z.object({ ItemID: z.string(), Code: z.string(), Name: WireText });

const Contact = z.object({
  ContactID: z.string(),
  ContactNumber: WireText,
  Name: WireText,
  ContactStatus: WireText,
  MergedToContactID: WireText,
});

const Payment = z.object({
  PaymentID: z.string(),
  PaymentType: WireText,
  Reference: WireText,
  Status: WireText,
  Date: WireDate,
  Amount: WireAmount,
  Invoice: z.object({ Contact: ContactRef, CurrencyCode: WireText, AmountDue: WireAmount }).nullish(),
});

/** `undefined` where the element does not have the shape of its kind. */
export function toLedgerDocument(resource: Resource, element: Json): LedgerDocument | undefined {
  switch (resource) {
    case "Contacts":
      return contactDocument(Contact.safeParse(element).data);
    case "Invoices":
      return invoiceDocument(Invoice.safeParse(element).data);
    case "Payments":
      return paymentDocument(Payment.safeParse(element).data);
    case "CreditNotes":
      return creditNoteDocument(CreditNote.safeParse(element).data);
    case "Allocations":
      return allocationDocument(AllocationOfNote.safeParse(element).data);
    case "BankTransactions":
      return bankTransactionDocument(BankTransaction.safeParse(element).data);
    case "Items":
      return itemDocument(Item.safeParse(element).data);
    default:
      return never(resource);
  }
}

const NOTHING = {
  number: null,
  reference: null,
  contactId: null,
  name: null,
  date: null,
  currency: null,
  total: null,
  totalTax: null,
  amountDue: null,
  lines: [],
  payments: [],
  allocations: [],
} as const;

const contactDocument = (contact: z.infer<typeof Contact> | undefined): LedgerDocument | undefined =>
  contact && {
    ...NOTHING,
    id: contact.ContactID,
    number: contact.ContactNumber,
    type: "CONTACT",
    status: contact.ContactStatus ?? "ACTIVE",
    contactId: contact.ContactID,
    name: contact.Name,
    ...(contact.MergedToContactID !== null && { mergedTo: contact.MergedToContactID }),
  };

const invoiceDocument = (invoice: z.infer<typeof Invoice> | undefined): LedgerDocument | undefined =>
  invoice && {
    ...headOf(invoice),
    id: invoice.InvoiceID,
    number: invoice.InvoiceNumber,
    amountDue: invoice.AmountDue,
    payments: invoice.Payments.map(paymentOf),
  };

const creditNoteDocument = (note: z.infer<typeof CreditNote> | undefined): LedgerDocument | undefined =>
  note && {
    ...headOf(note),
    id: note.CreditNoteID,
    number: note.CreditNoteNumber,
    amountDue: note.RemainingCredit,
    payments: note.Payments.map(paymentOf),
    allocations: note.Allocations.map((allocation) => ({
      id: allocation.AllocationID ?? "",
      invoiceId: allocation.Invoice.InvoiceID,
      amount: allocation.Amount ?? "0.00",
    })),
  };

const bankTransactionDocument = (
  transaction: z.infer<typeof BankTransaction> | undefined,
): LedgerDocument | undefined => transaction && { ...headOf(transaction), id: transaction.BankTransactionID };

/** Some answers name no id of the allocation: its invoice tells it from the others of its note. */
const allocationDocument = (
  allocation: z.infer<typeof AllocationOfNote> | undefined,
): LedgerDocument | undefined =>
  allocation && {
    ...NOTHING,
    id: allocation.AllocationID ?? allocation.Invoice.InvoiceID,
    type: "ALLOCATION",
    status: "AUTHORISED",
    total: allocation.Amount,
  };

const itemDocument = (item: z.infer<typeof Item> | undefined): LedgerDocument | undefined =>
  item && {
    ...NOTHING,
    id: item.ItemID,
    number: item.Code,
    type: "ITEM",
    status: "ACTIVE",
    name: item.Name,
  };

type Head = z.infer<z.ZodObject<typeof Headed>>;

const headOf = (document: Head) => ({
  ...NOTHING,
  reference: document.Reference,
  type: document.Type,
  status: document.Status ?? "",
  contactId: document.Contact,
  date: document.Date,
  currency: document.CurrencyCode,
  currencyRate: document.CurrencyRate,
  total: document.Total,
  totalTax: document.TotalTax,
  lineAmountTypes: document.LineAmountTypes,
  lines: document.LineItems.map((line) => ({
    lineAmount: line.LineAmount ?? "0.00",
    taxAmount: line.TaxAmount ?? "0.00",
    accountCode: line.AccountCode,
    taxType: line.TaxType,
  })),
});

const paymentOf = (payment: z.infer<typeof PaymentOfInvoice>) => ({
  id: payment.PaymentID,
  date: payment.Date ?? "",
  amount: payment.Amount ?? "0.00",
  reference: payment.Reference,
  status: payment.Status,
});

const paymentDocument = (payment: z.infer<typeof Payment> | undefined): LedgerDocument | undefined =>
  payment && {
    ...NOTHING,
    id: payment.PaymentID,
    reference: payment.Reference,
    type: payment.PaymentType ?? "",
    status: payment.Status ?? "",
    contactId: payment.Invoice?.Contact ?? null,
    date: payment.Date,
    currency: payment.Invoice?.CurrencyCode ?? null,
    total: payment.Amount,
    amountDue: payment.Invoice?.AmountDue ?? null,
  };
