/** Hand-made bodies for tests, as plans have them: a contact, an invoice of one line over 37.04 with 6.17 of tax, a payment. */
import type { Json } from "../../core/shapes.ts";
import type { LedgerDocument, WriteAnswer } from "../../ports.ts";

export const contactBody = (number: string): Json => ({
  Name: `Ada Example (${number})`,
  ContactNumber: number,
  FirstName: "Ada",
  LastName: "Example",
  EmailAddress: "ada@example.com",
  TaxNumber: "GB123456789",
  Addresses: [
    {
      AddressType: "STREET",
      AddressLine1: "1 Example Street",
      City: "Exampleton",
      PostalCode: "EX1 1EX",
      Country: "UK",
    },
  ],
  Phones: [{ PhoneType: "DEFAULT", PhoneNumber: "0123" }],
});

export const invoiceBody = (number: string, contactId: string, more: { [key: string]: Json } = {}): Json => ({
  Type: "ACCREC",
  Contact: { ContactID: contactId },
  Date: "2026-11-01",
  DueDate: "2026-11-01",
  LineAmountTypes: "Inclusive",
  InvoiceNumber: number,
  Reference: `order ${number}`,
  CurrencyCode: "GBP",
  Status: "AUTHORISED",
  Url: "https://shop.example/orders/1",
  LineItems: [
    {
      Description: "Glass jar",
      Quantity: "3.0000",
      UnitAmount: "12.3456",
      TaxAmount: "6.17",
      TaxType: "OUTPUT2",
      AccountCode: "200",
    },
  ],
  ...more,
});

export const paymentBody = (invoiceId: string, amount: string): Json => ({
  Invoice: { InvoiceID: invoiceId },
  Account: { Code: "091" },
  Date: "2026-11-02",
  Amount: amount,
  Reference: "order 1 ch_1",
});

/** The documents of a write that went well; anything else fails the test with the ledger's words. */
export function documentsOf(answer: WriteAnswer): LedgerDocument[] {
  if (answer.kind !== "answered") throw new Error(`not answered: ${JSON.stringify(answer)}`);
  return answer.elements.map((element) => {
    if (!element.ok) throw new Error(element.messages.join("; "));
    return element.document;
  });
}
