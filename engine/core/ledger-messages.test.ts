import { describe, expect, test } from "vitest";
import { accept } from "./acceptance.ts";
import { LEDGER_MESSAGES, ledgerMessageOf } from "./ledger-messages.ts";
import type { Org } from "./org.ts";
import type { DocumentPlan } from "./plan.ts";
import { planSale } from "./plan-sale.ts";
import type { Json } from "./shapes.ts";
import { orgGb, saleGb, specGb } from "./testing.ts";

const planned = planSale({ sale: saleGb, spec: specGb, org: orgGb });
if (!planned.ok) throw new Error("the sale of the tests is planned");
const plan = planned.value;

type Body = { [key: string]: Json };
type Fault = { readonly step?: string; readonly spoil: (body: Body) => void; readonly org?: Partial<Org> };

const line = (spoil: (line: Body) => void): Fault => ({
  spoil: (body) => spoil((body.LineItems as Body[])[0] as Body),
});
const head = (spoil: (body: Body) => void): Fault => ({ spoil });
const payment = (spoil: (body: Body) => void): Fault => ({ step: "payment-1", spoil });
const contact = (spoil: (body: Body) => void): Fault => ({ step: "contact", spoil });

/** For each message that acceptance owns: a plan with the mistake that causes it. */
const MISTAKES: Readonly<Record<number, readonly Fault[]>> = {
  2: [line((one) => (one.AccountCode = "090")), line((one) => (one.AccountCode = "610"))],
  3: [line((one) => (one.AccountCode = "499"))],
  4: [{ spoil: () => {}, org: { endOfYearLockDate: "2026-12-31" } }],
  5: [{ spoil: () => {}, org: { periodLockDate: "2026-12-31" } }],
  6: [line((one) => (one.TaxType = "20% (VAT on Income)"))],
  7: [line((one) => (one.TaxType = "INPUT2"))],
  8: [line((one) => delete one.TaxType)],
  9: [line((one) => delete one.AccountCode)],
  10: [line((one) => (one.AccountCode = "999")), line((one) => (one.LineAmount = "0.004"))],
  16: [contact((body) => (body.Name = " "))],
  17: [head((body) => (body.Contact = {}))],
  18: [head((body) => delete body.Contact)],
  19: [head((body) => (body.Contact = {}))],
  20: [contact((body) => (body.EmailAddress = "jörg@"))],
  21: [head((body) => (body.LineItems = []))],
  22: [line((one) => (one.Description = ""))],
  23: [head((body) => delete body.Type)],
  24: [head((body) => (body.Status = "PAID")), head((body) => (body.Status = "VOIDED"))],
  29: [line((one) => (one.LineAmount = "36.01"))],
  30: [head((body) => (body.Total = "42.00")), head((body) => (body.SubTotal = "35.00"))],
  31: [line((one) => (one.DiscountRate = "10"))],
  32: [line((one) => (one.DiscountAmount = "1.00"))],
  33: [line((one) => (one.Quantity = "-1"))],
  34: [{ spoil: asBankTransaction }],
  37: [payment((body) => (body.Amount = "0.00")), payment((body) => (body.Amount = "-1.00"))],
  38: [payment((body) => delete body.Account)],
  39: [payment((body) => (body.Account = { Code: "200" }))],
  40: [payment((body) => (body.Account = { Code: "999" }))],
  46: [head((body) => (body.CurrencyCode = "SEK"))],
  49: [head((body) => (body.Url = "orders/17"))],
  52: [
    head((body) => {
      body.Status = "DRAFT";
      ((body.LineItems as Body[])[0] as Body).AccountCode = "999";
    }),
  ],
};

function asBankTransaction(body: Body): void {
  for (const key of Object.keys(body)) if (key !== "LineItems" && key !== "Date") delete body[key];
  Object.assign(body, {
    Type: "SPEND",
    Contact: { ContactID: null },
    BankAccount: { Code: "090" },
    LineItems: (body.LineItems as Body[]).map((one) => ({ ...one, TaxAmount: "1.00" })),
  });
}

function spoilt({ step = "invoice", spoil }: Fault): DocumentPlan {
  const copy = structuredClone(plan);
  const document = copy.documents.find((one) => one.step === step);
  if (document === undefined) throw new Error(`no ${step}`);
  spoil(document.body);
  if (document.body.BankAccount !== undefined) Object.assign(document, { resource: "BankTransactions" });
  return copy;
}

test("the table has each of the 57 messages once", () => {
  expect(LEDGER_MESSAGES.map(({ id }) => id)).toEqual(Array.from({ length: 57 }, (_, index) => index + 1));
});

test("the plan of the tests is accepted before it is spoilt", () => {
  expect(accept(plan, orgGb)).toBeUndefined();
});

const owned = LEDGER_MESSAGES.filter(({ owner }) => owner === "acceptance");

describe("what acceptance owns is refused before any call", () => {
  test.each(owned.map(({ id, answer }) => [id, answer] as const))("message %i: %s", (id) => {
    const faults = MISTAKES[id];
    expect(faults, `a mistake for message ${id}`).toBeDefined();
    for (const fault of faults ?? []) {
      const held = accept(spoilt(fault), { ...orgGb, ...fault.org });
      expect(held, `message ${id}`).toBeDefined();
      expect(held?.action.length).toBeGreaterThan(10);
    }
  });
});

test.each([
  ["Account code '999' is not a valid code for this document", 2],
  ["INVOICE # MUST BE UNIQUE", 11],
  ["The document date cannot be before the period lock date, currently set at 30 Sep 2026.", 5],
  ["A validation exception occurred", 1],
  ["Payment amount exceeds the amount outstanding on this document.", 35],
])("%s is message %i", (words, id) => {
  expect(ledgerMessageOf(words)?.id).toBe(id);
});

test("words that nobody has seen are no message of the table", () => {
  expect(ledgerMessageOf("The moon is in the seventh house")).toBeUndefined();
});

test("a document that could not be asked for after a lost answer is not planned", () => {
  for (const value of ['M2-"5', "M2-\\5"]) {
    const copy = structuredClone(plan);
    const [document] = copy.documents;
    if (document === undefined) throw new Error("there is a contact");
    copy.documents[0] = { ...document, lookup: { by: "ContactNumber", value } };
    expect(accept(copy, orgGb)).toMatchObject({ hold: "fieldInvalid", field: "/ContactNumber" });
  }
});
