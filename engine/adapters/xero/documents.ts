/** Contacts, invoices and payments as the ledger tells them -> the engine's LedgerDocument. */
import { z } from "zod";
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

const Invoice = z.object({
  InvoiceID: z.string(),
  Type: z.string(),
  InvoiceNumber: WireText,
  Reference: WireText,
  Status: WireText,
  Contact: ContactRef,
  Date: WireDate,
  CurrencyCode: WireText,
  Total: WireAmount,
  TotalTax: WireAmount,
  AmountDue: WireAmount,
  LineItems: listOf(Line),
  Payments: listOf(PaymentOfInvoice),
});

const Contact = z.object({
  ContactID: z.string(),
  ContactNumber: WireText,
  Name: WireText,
  ContactStatus: WireText,
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

/** What the engine delivers and finds through this adapter. */
export type Delivered = "Contacts" | "Invoices" | "Payments";

/** `undefined` where the element does not have the shape of its kind. */
export function toLedgerDocument(resource: Delivered, element: Json): LedgerDocument | undefined {
  switch (resource) {
    case "Contacts":
      return contactDocument(Contact.safeParse(element).data);
    case "Invoices":
      return invoiceDocument(Invoice.safeParse(element).data);
    case "Payments":
      return paymentDocument(Payment.safeParse(element).data);
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
  };

const invoiceDocument = (invoice: z.infer<typeof Invoice> | undefined): LedgerDocument | undefined =>
  invoice && {
    ...NOTHING,
    id: invoice.InvoiceID,
    number: invoice.InvoiceNumber,
    reference: invoice.Reference,
    type: invoice.Type,
    status: invoice.Status ?? "",
    contactId: invoice.Contact,
    date: invoice.Date,
    currency: invoice.CurrencyCode,
    total: invoice.Total,
    totalTax: invoice.TotalTax,
    amountDue: invoice.AmountDue,
    lines: invoice.LineItems.map((line) => ({
      lineAmount: line.LineAmount ?? "0.00",
      taxAmount: line.TaxAmount ?? "0.00",
      accountCode: line.AccountCode,
      taxType: line.TaxType,
    })),
    payments: invoice.Payments.map((payment) => ({
      id: payment.PaymentID,
      date: payment.Date ?? "",
      amount: payment.Amount ?? "0.00",
      reference: payment.Reference,
      status: payment.Status,
    })),
  };

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
