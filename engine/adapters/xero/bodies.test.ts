import { describe, expect, test } from "vitest";
import type { Json } from "../../core/shapes.ts";
import { toContacts, toInvoices, toPayments } from "./bodies.ts";

const CONTACT: Json = {
  Name: "Ada Example",
  ContactNumber: "M2-C5",
  FirstName: "Ada",
  LastName: "Example",
  EmailAddress: "ada@example.com",
  TaxNumber: "GB1",
  Addresses: [
    {
      AddressType: "STREET",
      AddressLine1: "1 Example Street",
      AddressLine2: "Flat 2",
      City: "Exampleton",
      Region: "Kent",
      PostalCode: "EX1 1EX",
      Country: "United Kingdom",
    },
  ],
  Phones: [{ PhoneType: "DEFAULT", PhoneNumber: "0123" }],
};

const INVOICE: Json = {
  Type: "ACCREC",
  Contact: { ContactID: "c-1" },
  Date: "2026-11-01",
  DueDate: "2026-12-01",
  LineAmountTypes: "Inclusive",
  LineItems: [
    {
      Description: "Jar",
      Quantity: "1.3750",
      UnitAmount: "12.3456",
      LineAmount: "16.98",
      TaxAmount: "2.83",
      TaxType: "OUTPUT2",
      AccountCode: "200",
      ItemCode: "JAR-1",
      Tracking: [{ Name: "Channel", Option: "Web" }],
    },
  ],
  InvoiceNumber: "1001",
  Reference: "order 1001",
  CurrencyCode: "EUR",
  CurrencyRate: "1.164321",
  Status: "AUTHORISED",
  Url: "https://shop.example/1001",
};

const PAYMENT: Json = {
  Invoice: { InvoiceID: "i-1" },
  Account: { Code: "091" },
  Date: "2026-11-02",
  Amount: "9999999999.99",
  Reference: "1001 ch_1",
};

describe("every field of a plan arrives", () => {
  test("of a contact, an invoice and a payment, in xero-node's spelling", () => {
    expect(toContacts([CONTACT])[0]).toMatchObject({
      contactNumber: "M2-C5",
      phones: [{ phoneNumber: "0123" }],
    });
    expect(toInvoices([INVOICE])[0]).toMatchObject({
      contact: { contactID: "c-1" },
      lineAmountTypes: "Inclusive",
      currencyRate: 1.164321,
      lineItems: [{ quantity: 1.375, unitAmount: 12.3456, taxAmount: 2.83, tracking: [{ option: "Web" }] }],
    });
    expect(toPayments([PAYMENT])[0]).toMatchObject({ amount: 9999999999.99, account: { code: "091" } });
  });

  test("a field that xero-node does not know is a bug and not silently lost; its value is not shown", () => {
    const body: Json = { ...(INVOICE as object), LineItems: [{ Description: "Jar", Colour: "secret" }] };
    expect(() => toInvoices([body])).toThrow(/\/LineItems\/0\/Colour would be lost/);
    expect(() => toInvoices([body])).not.toThrow(/secret/);
    expect(() => toContacts([{ contactNumber: "M2-C5" }])).toThrow(/\/contactNumber would be lost/);
  });
});
