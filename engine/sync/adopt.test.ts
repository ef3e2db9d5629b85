import { expect, test } from "vitest";
import type { Json } from "../core/shapes.ts";
import type { LedgerDocument } from "../ports.ts";
import { contactDiffers, documentDiffers, findPayment } from "./adopt.ts";

const body: Json = {
  Type: "ACCREC",
  Contact: { ContactID: "C-1" },
  InvoiceNumber: "M-1",
  Date: "2026-11-01",
  CurrencyCode: "GBP",
  LineItems: [
    { LineAmount: "36.00", TaxAmount: "6.00", AccountCode: "200", TaxType: "OUTPUT2" },
    { Quantity: "2", UnitAmount: "3.0000", AccountCode: "202", TaxType: "OUTPUT2" },
  ],
};

const found: LedgerDocument = {
  id: "I-1",
  number: "M-1",
  reference: null,
  type: "ACCREC",
  status: "AUTHORISED",
  contactId: "C-1",
  name: null,
  date: "2026-11-01T00:00:00",
  currency: "GBP",
  total: "42.0",
  totalTax: "7.00",
  amountDue: "0.00",
  lines: [
    { lineAmount: "36", taxAmount: "6.0", accountCode: "200", taxType: "OUTPUT2" },
    { lineAmount: "6.00", taxAmount: "1.00", accountCode: "202", taxType: "OUTPUT2" },
  ],
  payments: [],
  allocations: [],
};

test("the frozen invoice is recognised, however its amounts and dates are spelt", () => {
  expect(documentDiffers(body, "42.0000", found)).toBeUndefined();
  expect(documentDiffers(body, "42.0000", { ...found, status: "PAID" })).toBeUndefined();
});

const [first, second] = found.lines;
test.each<[string, Partial<LedgerDocument>]>([
  ["status VOIDED", { status: "VOIDED" }],
  ["status DELETED", { status: "DELETED" }],
  ["type ACCPAY", { type: "ACCPAY" }],
  ["another contact", { contactId: "C-2" }],
  ["date 2026-11-02", { date: "2026-11-02" }],
  ["currency EUR", { currency: "EUR" }],
  ["total 42.01", { total: "42.01" }],
  ["total null", { total: null }],
  ["1 lines instead of 2", { lines: found.lines.slice(0, 1) }],
  ["line 1", { lines: [{ ...first, accountCode: "260" }, second] as LedgerDocument["lines"] }],
  ["line 1", { lines: [{ ...first, taxAmount: "5.99" }, second] as LedgerDocument["lines"] }],
  ["line 2", { lines: [first, { ...second, taxType: "NONE" }] as LedgerDocument["lines"] }],
  ["line 2", { lines: [first, { ...second, lineAmount: "5.99" }] as LedgerDocument["lines"] }],
])("an invoice of our number with %s is not ours", (difference, change) => {
  const held = documentDiffers(body, "42.0000", { ...found, ...change });
  expect(held?.hold).toBe("numberTaken");
  expect(held?.detail).toContain(difference);
});

const contact: LedgerDocument = {
  ...found,
  type: "CONTACT",
  status: "ACTIVE",
  name: "Ada  example",
  lines: [],
};

test("a contact of our number is ours when it is live and has our name, whatever its spaces and capitals", () => {
  expect(contactDiffers({ Name: "ADA Example" }, contact)).toBeUndefined();
  expect(contactDiffers({ Name: "Ada Example" }, { ...contact, status: "ARCHIVED" })?.hold).toBe(
    "contactArchived",
  );
  expect(contactDiffers({ Name: "Bob Example" }, contact)?.hold).toBe("numberTaken");
});

test("a hold never repeats a name that a buyer wrote", () => {
  const held = contactDiffers({ Name: "Bob Example" }, contact);
  expect(JSON.stringify(held)).not.toMatch(/ada|bob/i);
});

const payment: Json = {
  Invoice: { InvoiceID: "I-1" },
  Date: "2026-11-01",
  Amount: "42.00",
  Reference: "ch_1",
};
const paid = { id: "P-1", date: "2026-11-01", amount: "42", reference: "ch_1", status: "AUTHORISED" };

test("a payment is found by reference, amount and date, once", () => {
  const parent = { ...found, payments: [paid, { ...paid, id: "P-2" }] };
  expect(findPayment(payment, parent, new Set())?.id).toBe("P-1");
  expect(findPayment(payment, parent, new Set(["P-1"]))?.id).toBe("P-2");
  expect(findPayment(payment, parent, new Set(["P-1", "P-2"]))).toBeUndefined();
});

test.each([
  { reference: "ch_2" },
  { reference: null },
  { amount: "41.99" },
  { date: "2026-11-02" },
  { status: "DELETED" },
])("a payment with %o is another one", (change) => {
  expect(findPayment(payment, { ...found, payments: [{ ...paid, ...change }] }, new Set())).toBeUndefined();
});
