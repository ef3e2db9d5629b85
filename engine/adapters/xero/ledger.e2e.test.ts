/** The adapter against the demo ledger over HTTP: what Xero's facts say must come out as the port's answers. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import axios from "axios";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RunningLedger, startLedger } from "../../../sandbox/ledger/server.ts";
import type { Json } from "../../core/shapes.ts";
import type { Ledger, LedgerDocument, WriteAnswer } from "../../ports.ts";
import { createTokenSource, type TokenSource } from "./auth.ts";
import { createXeroLedger, type XeroLedgerConfig } from "./ledger.ts";
import { contactBody, documentsOf, invoiceBody, paymentBody } from "./testing.ts";

const SCENARIOS = join(import.meta.dirname, "../../../scenarios");
const scenarioOf = (name: string): { org: Record<string, Json> } =>
  JSON.parse(readFileSync(join(SCENARIOS, name), "utf8"));

const clock = { now: () => new Date() };
const tokensOf = (url: string): TokenSource =>
  createTokenSource({
    identityUrl: url,
    clientId: "app",
    clientSecret: "secret",
    grant: { kind: "clientCredentials" },
    clock,
  });

let server: RunningLedger;
let ledger: Ledger;
const told: Parameters<NonNullable<XeroLedgerConfig["onAnswer"]>>[0][] = [];
const logged: string[] = [];

const ledgerAt = (url: string, more: Partial<XeroLedgerConfig> = {}): Ledger =>
  createXeroLedger({
    apiUrl: url,
    tokens: tokensOf(url),
    tenantId: null,
    log: (event) => void logged.push(event),
    onAnswer: (left) => void told.push(left),
    ...more,
  });

const control = (name: string, body?: unknown) =>
  axios.request({
    method: body === undefined ? "GET" : "POST",
    url: `${server.url}/__sandbox/${name}`,
    data: body,
  });

const fault = (kind: string, path: string, more: object = {}) =>
  control("faults", { match: { path, method: "PUT" }, kind, ...more });

let key = 0;
const create = (resource: "Contacts" | "Invoices" | "Payments", bodies: Json[], timeoutMs = 5_000) =>
  ledger.create({ resource, bodies, idempotencyKey: `key-${++key}`, timeoutMs });

const one = async (answer: Promise<WriteAnswer>): Promise<LedgerDocument> => {
  const [document] = documentsOf(await answer);
  if (document === undefined) throw new Error("one document was expected");
  return document;
};

const contactOf = (number: string) => one(create("Contacts", [contactBody(number)]));

beforeAll(async () => {
  const { org } = scenarioOf("demo-gb.json");
  server = await startLedger({
    scenario: { org: { ...org, minuteLimit: 1_000 } } as never,
    port: 0,
    seed: "x",
  });
  ledger = ledgerAt(server.url);
});
beforeEach(async () => {
  await control("reset", {});
  told.length = 0;
  logged.length = 0;
});
afterAll(() => server.close());

describe("creating", () => {
  test("a contact, its invoice and the payment; every amount is text and equal to the cent", async () => {
    const contact = await contactOf("M2-C5");
    expect(contact).toMatchObject({
      type: "CONTACT",
      number: "M2-C5",
      status: "ACTIVE",
      name: "Ada Example (M2-C5)",
    });
    const invoice = await one(create("Invoices", [invoiceBody("1001", contact.id)]));
    expect(invoice).toMatchObject({
      number: "1001",
      reference: "order 1001",
      type: "ACCREC",
      status: "AUTHORISED",
      contactId: contact.id,
      date: "2026-11-01",
      currency: "GBP",
      total: "37.04",
      totalTax: "6.17",
      amountDue: "37.04",
      lines: [{ lineAmount: "37.04", taxAmount: "6.17", accountCode: "200", taxType: "OUTPUT2" }],
      payments: [],
      allocations: [],
    });
    const payment = await one(create("Payments", [paymentBody(invoice.id, "37.04")]));
    expect(payment).toMatchObject({
      total: "37.04",
      date: "2026-11-02",
      reference: "order 1 ch_1",
      status: "AUTHORISED",
    });
  });

  test("settles every element of a batch by itself, in the order that was sent", async () => {
    const { id } = await contactOf("M2-C5");
    const bad = invoiceBody("1002", id, {
      LineItems: [
        { Description: "x", Quantity: "1", UnitAmount: "1.00", AccountCode: "999", TaxType: "OUTPUT2" },
      ],
    });
    const answer = await create("Invoices", [invoiceBody("1001", id), bad, invoiceBody("1003", id)]);
    expect(answer).toMatchObject({
      kind: "answered",
      elements: [
        { ok: true, document: { number: "1001" } },
        { ok: false, messages: [expect.stringContaining("999")] },
        { ok: true, document: { number: "1003" } },
      ],
    });
  });

  test("a number twice is refused the second time, and nothing is overwritten", async () => {
    const { id } = await contactOf("M2-C5");
    await one(create("Invoices", [invoiceBody("1001", id)]));
    expect(await create("Invoices", [invoiceBody("1001", id)])).toMatchObject({
      kind: "answered",
      elements: [{ ok: false, messages: [expect.stringMatching(/must be unique/)] }],
    });
  });

  test("a payment of more than is due is refused although the ledger shows an id", async () => {
    const { id } = await contactOf("M2-C5");
    const invoice = await one(create("Invoices", [invoiceBody("1001", id)]));
    expect(await create("Payments", [paymentBody(invoice.id, "37.05")])).toMatchObject({
      kind: "answered",
      elements: [{ ok: false, messages: [expect.stringMatching(/exceeds the amount outstanding/)] }],
    });
  });

  test("the same key with the same body is one document", async () => {
    const write = {
      resource: "Contacts" as const,
      bodies: [contactBody("M2-C7")],
      idempotencyKey: "same",
      timeoutMs: 5_000,
    };
    const [first] = documentsOf(await ledger.create(write));
    const [second] = documentsOf(await ledger.create(write));
    expect(second?.id).toBe(first?.id);
    expect(await ledger.create({ ...write, bodies: [contactBody("M2-C8")] })).toMatchObject({
      kind: "refused",
      messages: [expect.stringMatching(/used with a different request/)],
    });
  });

  test("what the headers say is left is told after every answer", async () => {
    await contactOf("M2-C5");
    await contactOf("M2-C6");
    const [first, second] = told;
    expect(first?.dayLeft).toBeGreaterThan(0);
    expect(second?.minuteLeft).toBe((first?.minuteLeft ?? 0) - 1);
  });
});

describe("when the ledger does not play along", () => {
  test("an answer that never comes is an unknown outcome, and the document is there", async () => {
    await fault("timeout-after", "Contacts");
    expect(await create("Contacts", [contactBody("M2-C5")], 400)).toMatchObject({ kind: "outcomeUnknown" });
    const found = await ledger.find({ resource: "Contacts", by: "ContactNumber", values: ["M2-C5"] });
    expect(found).toMatchObject({ ok: true, value: [{ number: "M2-C5" }] });
  });

  test("a request that was never answered is just as unknown, and the document is not there", async () => {
    await fault("timeout-before", "Contacts");
    expect(await create("Contacts", [contactBody("M2-C5")], 400)).toMatchObject({ kind: "outcomeUnknown" });
    const found = await ledger.find({ resource: "Contacts", by: "ContactNumber", values: ["M2-C5"] });
    expect(found).toEqual({ ok: true, value: [] });
  });

  test("a broken connection is an unknown outcome", async () => {
    await fault("reset", "Contacts");
    expect(await create("Contacts", [contactBody("M2-C5")])).toMatchObject({ kind: "outcomeUnknown" });
  });

  test("503 and a refused connection are certain: nothing was written", async () => {
    await fault("503", "Contacts");
    expect(await create("Contacts", [contactBody("M2-C5")])).toMatchObject({ kind: "unavailable" });
    const nowhere = ledgerAt("http://127.0.0.1:1", { tokens: tokensOf(server.url), tenantId: "t" });
    const write = {
      resource: "Contacts",
      bodies: [contactBody("M2-C5")],
      idempotencyKey: "k",
      timeoutMs: 2_000,
    } as const;
    expect(await nowhere.create(write)).toEqual({
      kind: "unavailable",
      detail: "The ledger could not be reached (ECONNREFUSED); nothing was sent.",
    });
  });

  test.each([
    ["429-minute", "minute", 7],
    ["429-day", "day", 70],
  ])("%s says how long to wait", async (kind, problem, seconds) => {
    await fault(kind, "Contacts", { seconds });
    expect(await create("Contacts", [contactBody("M2-C5")])).toEqual({
      kind: "rateLimited",
      problem,
      retryAfterSeconds: seconds,
    });
  });

  test("a token that has ended before its time is replaced once, within the call", async () => {
    const tokens = tokensOf(server.url);
    let asked = 0;
    const stale: TokenSource = {
      token: async () => (++asked === 1 ? { ok: true, value: "not-a-token" } : tokens.token()),
      forget: (token) => tokens.forget(token),
    };
    const other = ledgerAt(server.url, { tokens: stale, tenantId: "" });
    expect(await other.find({ resource: "Contacts", by: "ContactNumber", values: ["none"] })).toEqual({
      ok: true,
      value: [],
    });
    expect(asked).toBe(2);
  });

  test("a token that stays refused is unauthorised, and a login that is slow sends nothing", async () => {
    const refused: TokenSource = { token: async () => ({ ok: true, value: "no" }), forget: () => undefined };
    const write = {
      resource: "Contacts",
      bodies: [contactBody("M2-C5")],
      idempotencyKey: "k",
      timeoutMs: 300,
    } as const;
    const first = ledgerAt(server.url, { tokens: refused, tenantId: "" });
    expect(await first.create(write)).toMatchObject({ kind: "unauthorised" });
    const slow: TokenSource = { token: () => new Promise(() => undefined), forget: () => undefined };
    expect(await ledgerAt(server.url, { tokens: slow, tenantId: "" }).create(write)).toMatchObject({
      kind: "unavailable",
    });
  });

  test("a right that is missing is not taken for a token that has ended", async () => {
    const narrow = createTokenSource({
      identityUrl: server.url,
      clientId: "app",
      clientSecret: "secret",
      grant: { kind: "clientCredentials", scopes: ["accounting.contacts"] },
      clock,
    });
    const answer = await ledgerAt(server.url, { tokens: narrow, tenantId: "" }).find({
      resource: "Invoices",
      by: "InvoiceNumber",
      values: ["1"],
    });
    expect(answer).toMatchObject({
      ok: false,
      error: { kind: "unauthorised", detail: expect.stringContaining("scope") },
    });
  });
});

describe("finding", () => {
  test("invoices by number and by id, with their lines and payments; unknown ones are left out", async () => {
    const { id } = await contactOf("M2-C5");
    const invoices = documentsOf(
      await create("Invoices", [invoiceBody("1001", id), invoiceBody("1002", id), invoiceBody("1003", id)]),
    );
    await one(create("Payments", [paymentBody(invoices[1]?.id ?? "", "10.00")]));
    const byNumber = await ledger.find({
      resource: "Invoices",
      by: "InvoiceNumber",
      values: ["1001", "1002", "9999"],
    });
    if (!byNumber.ok) throw new Error("found was expected");
    expect(byNumber.value.map(({ number }) => number).sort()).toEqual(["1001", "1002"]);
    expect(byNumber.value.every(({ lines }) => lines.length === 1)).toBe(true);
    const byId = await ledger.find({
      resource: "Invoices",
      by: "InvoiceID",
      values: [invoices[1]?.id ?? ""],
    });
    expect(byId).toMatchObject({
      ok: true,
      value: [
        {
          amountDue: "27.04",
          payments: [{ amount: "10.00", date: "2026-11-02", reference: "order 1 ch_1" }],
        },
      ],
    });
  });

  test("contacts by number, fifty at once, and archived ones too", async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => `M2-G${String(index).padStart(12, "0")}`);
    const contacts = documentsOf(await create("Contacts", numbers.map(contactBody)));
    await control("edit", {
      resource: "Contacts",
      id: contacts[0]?.id,
      changes: { ContactStatus: "ARCHIVED" },
    });
    const found = await ledger.find({ resource: "Contacts", by: "ContactNumber", values: numbers });
    if (!found.ok) throw new Error("found was expected");
    expect(found.value.map(({ number }) => number).sort()).toEqual(numbers);
    expect(found.value.filter(({ status }) => status === "ARCHIVED")).toHaveLength(1);
    const byId = await ledger.find({
      resource: "Contacts",
      by: "ContactID",
      values: [contacts[1]?.id ?? ""],
    });
    expect(byId).toMatchObject({ ok: true, value: [{ number: numbers[1] }] });
  });

  test("nothing is asked for without values", async () => {
    await control("reset", {});
    expect(await ledger.find({ resource: "Invoices", by: "InvoiceNumber", values: [] })).toEqual({
      ok: true,
      value: [],
    });
    expect((await control("calls")).data).toMatchObject({ counts: {} });
  });
});
