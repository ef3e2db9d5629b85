/** Credit notes, allocations, items and bank transactions through the adapter, against the demo ledger over HTTP. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningLedger, startLedger } from "../../../sandbox/ledger/server.ts";
import type { Resource } from "../../core/plan.ts";
import type { Json } from "../../core/shapes.ts";
import type { Ledger, LedgerDocument } from "../../ports.ts";
import { createTokenSource } from "./auth.ts";
import { createXeroLedger } from "./ledger.ts";
import { contactBody, documentsOf, invoiceBody, paymentBody } from "./testing.ts";

const { org } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../scenarios/demo-gb.json"), "utf8"),
);

let server: RunningLedger;
let ledger: Ledger;
let contactId: string;

beforeAll(async () => {
  server = await startLedger({
    scenario: { org: { ...org, minuteLimit: 1_000 } } as never,
    port: 0,
    seed: "x",
  });
  const tokens = createTokenSource({
    identityUrl: server.url,
    clientId: "app",
    clientSecret: "secret",
    grant: { kind: "clientCredentials" },
    clock: { now: () => new Date() },
  });
  ledger = createXeroLedger({ apiUrl: server.url, tokens, tenantId: null, log: () => {} });
  contactId = (await make("Contacts", contactBody("C1"))).id;
});
afterAll(() => server.close());

let key = 0;
const send = (resource: Resource, bodies: Json[]) =>
  ledger.create({ resource, bodies, idempotencyKey: `key-${++key}`, timeoutMs: 5_000 });

async function make(resource: Resource, body: Json): Promise<LedgerDocument> {
  const [document] = documentsOf(await send(resource, [body]));
  if (document === undefined) throw new Error("one document was expected");
  return document;
}

async function find(query: Parameters<Ledger["find"]>[0]): Promise<readonly LedgerDocument[]> {
  const found = await ledger.find(query);
  if (!found.ok) throw new Error(JSON.stringify(found.error));
  return found.value;
}

const creditNoteBody = (number: string): Json => {
  const {
    InvoiceNumber: _,
    DueDate: __,
    Url: ___,
    ...body
  } = invoiceBody("x", contactId) as { [key: string]: Json };
  return { ...body, Type: "ACCRECCREDIT", CreditNoteNumber: number, Date: "2026-11-03" };
};

test("a credit note is created, found by number and by id, and a second one of its number is refused", async () => {
  const note = await make("CreditNotes", creditNoteBody("CN-1"));
  expect(note).toMatchObject({ number: "CN-1", type: "ACCRECCREDIT", total: "37.04", amountDue: "37.04" });
  expect(
    await find({ resource: "CreditNotes", by: "CreditNoteNumber", values: ["CN-1", "CN-9"] }),
  ).toMatchObject([{ id: note.id, totalTax: "6.17", lines: [{ taxType: "OUTPUT2", accountCode: "200" }] }]);
  const again = await send("CreditNotes", [creditNoteBody("CN-1")]);
  expect(again).toMatchObject({ kind: "answered", elements: [{ ok: false }] });
});

test("an allocation and a refund spend a credit note, and both are found on it", async () => {
  const invoice = await make("Invoices", invoiceBody("INV-2", contactId));
  const note = await make("CreditNotes", creditNoteBody("CN-2"));
  const allocation = await make("Allocations", {
    CreditNote: { CreditNoteID: note.id },
    Invoice: { InvoiceID: invoice.id },
    Amount: "30.00",
    Date: "2026-11-03",
  });
  expect(allocation.total).toBe("30.00");
  const refund = await make("Payments", {
    CreditNote: { CreditNoteID: note.id },
    Account: { Code: "091" },
    Date: "2026-11-03",
    Amount: "7.04",
    Reference: "refund re_1",
  });
  const [found] = await find({ resource: "CreditNotes", by: "CreditNoteID", values: [note.id] });
  expect(found).toMatchObject({
    status: "PAID",
    amountDue: "0.00",
    allocations: [{ invoiceId: invoice.id, amount: "30.00" }],
    payments: [{ id: refund.id, amount: "7.04", reference: "refund re_1" }],
  });
  const [due] = await find({ resource: "Invoices", by: "InvoiceID", values: [invoice.id] });
  expect(due?.amountDue).toBe("7.04");
});

test("items are created, listed with their stock, and found by code", async () => {
  await make("Items", { Code: "MUG", Name: "Mug", SalesDetails: { AccountCode: "200", TaxType: "OUTPUT2" } });
  expect(await find({ resource: "Items", by: "Code", values: ["MUG"] })).toMatchObject([{ number: "MUG" }]);
  const items = await ledger.fetchItems();
  expect(items).toEqual({
    ok: true,
    value: expect.arrayContaining([{ code: "MUG", tracked: false, onHand: null }]),
  });
});

test("a bank transaction is found by its reference", async () => {
  const body = {
    Type: "SPEND",
    Contact: { ContactID: contactId },
    BankAccount: { Code: "090" },
    Date: "2026-11-03",
    Reference: "label 1Z999",
    LineAmountTypes: "Exclusive",
    LineItems: [
      { Description: "Label", Quantity: "1", UnitAmount: "6.40", TaxType: "INPUT2", AccountCode: "325" },
    ],
  };
  const transaction = await make("BankTransactions", body);
  expect(
    await find({ resource: "BankTransactions", by: "Reference", values: ["label 1Z999"] }),
  ).toMatchObject([{ id: transaction.id, total: "7.68", reference: "label 1Z999" }]);
});

test("a payment on an invoice keeps its type", async () => {
  const invoice = await make("Invoices", invoiceBody("INV-3", contactId));
  expect(await make("Payments", paymentBody(invoice.id, "37.04"))).toMatchObject({ type: "ACCRECPAYMENT" });
});
