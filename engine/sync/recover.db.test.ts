import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { documents } from "../adapters/postgres/schema.ts";
import { createStorage, type Storage } from "../adapters/postgres/storage.ts";
import {
  DATABASE_KINDS,
  openTestDatabase,
  seedConnection,
  type TestDatabase,
} from "../adapters/postgres/testing.ts";
import { assert } from "../core/assert.ts";
import type { LedgerDocument } from "../ports.ts";
import { fillReceipts } from "./receipts.ts";
import { createTestShell, type Fault, saleOf, type TestShell } from "./testing.ts";

/** callTimeoutMs and budgetWaitMs of the test shell: until then a request may still arrive. */
const BATCH_MS = 11_000;
const KEY_LIFE_MS = 300_000;

describe.each(DATABASE_KINDS)("unknown outcomes on the %s database", (kind) => {
  let opened: TestDatabase;
  let storage: Storage;
  let shell: TestShell;
  let shop = "";
  let shops = 0;

  beforeAll(async () => {
    opened = await openTestDatabase(kind, process.env);
    storage = await createStorage(opened.database, {
      ids: { next: () => crypto.randomUUID() },
      log: () => {},
      limits: () => ({
        minuteMs: 60_500,
        dayMs: 86_400_000,
        minuteLimit: 10_000,
        dayLimit: 100_000,
        inFlightLimit: 5,
        reserve: 0,
      }),
    });
  });
  afterAll(async () => {
    await storage.stop();
    await opened.drop();
  });
  beforeEach(async () => {
    shops += 1;
    shop = await seedConnection(opened.database, { id: `shop-${shops}` });
    shell = createTestShell(storage, { sales: Array.from({ length: 5 }, (_, n) => saleOf(n + 1)) });
  });

  const enqueued = async (n: number): Promise<void> => {
    const record = await shell.sync.observe(shop, saleOf(n).source.number);
    assert(record.ok, "the store has the order");
    const outcome = await shell.sync.enqueue(record.value, { retry: false });
    assert(outcome.ok, "the order is planned");
  };
  const deliver = () => shell.sync.deliverNow(shop);
  const rowsOf = () => opened.database.db.select().from(documents).where(eq(documents.connectionId, shop));
  const statesOf = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await rowsOf()).map(({ step, state }) => [step, state]));
  const counts = () => {
    const { Contacts, Invoices, Payments } = shell.ledger.documents;
    return [Contacts.length, Invoices.length, Payments.length];
  };
  const isDue = async () => (await storage.outbox.due(shell.clock.now())).includes(shop);
  /** Faults for the writes of one order, whose waves are contact, invoice, payment. */
  const faultAt = (wave: number, fault: Fault): void => {
    shell.ledger.script.push(...Array.from({ length: wave }, () => null), fault);
  };

  describe.each([
    ["contact", 0],
    ["invoice", 1],
    ["payment-1", 2],
  ] as const)("of a %s", (step, wave) => {
    test("whose answer was lost: nothing is sent before the time is over, then it is found", async () => {
      faultAt(wave, { kind: "lost" });
      await enqueued(1);
      const report = await deliver();
      expect(report.pausedUntil).not.toBeNull();
      expect(await statesOf()).toMatchObject({ [step]: "uncertain" });
      const sent = shell.ledger.writes.length;
      shell.clock.advance(BATCH_MS - 1);
      expect(await isDue()).toBe(false);
      await deliver();
      expect(shell.ledger.writes).toHaveLength(sent);
      expect(await statesOf()).toMatchObject({ [step]: "uncertain" });
      shell.clock.advance(1);
      expect(await isDue()).toBe(true);
      await deliver();
      expect(counts()).toEqual([1, 1, 1]);
      expect(shell.ledger.writes).toHaveLength(3);
      expect(await statesOf()).toEqual({
        contact: "delivered",
        invoice: "delivered",
        "payment-1": "delivered",
      });
    });

    test("that never arrived goes out again under the same key and body", async () => {
      faultAt(wave, { kind: "dropped" });
      await enqueued(1);
      await deliver();
      shell.clock.advance(BATCH_MS);
      await deliver();
      expect(counts()).toEqual([1, 1, 1]);
      const [first, second] = shell.ledger.writes.slice(wave, wave + 2);
      expect(second?.idempotencyKey).toBe(first?.idempotencyKey);
      expect(JSON.stringify(second?.bodies)).toBe(JSON.stringify(first?.bodies));
    });

    test("that arrives after it was sent again makes no second one", async () => {
      faultAt(wave, { kind: "early" });
      await enqueued(1);
      await deliver();
      shell.clock.advance(BATCH_MS);
      await deliver();
      shell.ledger.releaseEarly();
      await deliver();
      expect(counts()).toEqual([1, 1, 1]);
    });

    test("that never arrived and is older than the ledger's memory goes out under a new key", async () => {
      faultAt(wave, { kind: "dropped" });
      await enqueued(1);
      await deliver();
      shell.clock.advance(KEY_LIFE_MS);
      await deliver();
      expect(counts()).toEqual([1, 1, 1]);
      const [first, second] = shell.ledger.writes.slice(wave, wave + 2);
      expect(second?.idempotencyKey).not.toBe(first?.idempotencyKey);
    });
  });

  test("a body is pinned while its outcome is unknown, whatever becomes of the order meanwhile", async () => {
    faultAt(1, { kind: "dropped" });
    await enqueued(1);
    await deliver();
    const order = saleOf(1);
    shell.source.sales[0] = { ...order, lines: order.lines.map((line) => ({ ...line, name: "Mug, red" })) };
    await enqueued(1);
    shell.clock.advance(BATCH_MS);
    await deliver();
    const invoice = (await rowsOf()).find(({ step }) => step === "invoice");
    expect(invoice).toMatchObject({ state: "delivered", attempt: 1 });
    expect(JSON.stringify(shell.ledger.writes)).not.toContain("Mug, red");
  });

  test("a worker that was killed between freezing and sending: looked up, then sent", async () => {
    await enqueued(1);
    const batch = await storage.outbox.claim({
      connection: shop,
      resource: "Contacts",
      limit: 50,
      bytesMax: 1_000_000,
      batchId: crypto.randomUUID(),
      timeoutMs: BATCH_MS,
      at: shell.clock.now(),
      freeze: fillReceipts,
    });
    expect(batch?.members).toHaveLength(1);
    await deliver();
    expect(shell.ledger.writes).toHaveLength(0);
    shell.clock.advance(BATCH_MS);
    await deliver();
    expect(counts()).toEqual([1, 1, 1]);
  });

  test("a worker that wakes after its batch was taken over changes nothing", async () => {
    await enqueued(1);
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let writes = 0;
    shell.ledger.onWrite = async () => {
      writes += 1;
      if (writes === 1) await asleep;
    };
    const zombie = deliver();
    while (writes === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    shell.clock.advance(BATCH_MS);
    await deliver();
    expect(counts()).toEqual([1, 1, 1]);
    wake();
    await zombie;
    expect(counts()).toEqual([1, 1, 1]);
    expect(shell.events).toContain("delivery.fenced");
    expect(await statesOf()).toEqual({
      contact: "delivered",
      invoice: "delivered",
      "payment-1": "delivered",
    });
  });

  test("of three invoices of which one is there, that one is delivered and the others go in a batch of their own", async () => {
    for (const n of [1, 2, 3]) await enqueued(n);
    faultAt(1, { kind: "lost" });
    await deliver();
    shell.ledger.documents.Invoices.splice(1);
    shell.clock.advance(BATCH_MS);
    await deliver();
    expect(counts()).toEqual([3, 3, 3]);
    const invoices = shell.ledger.writes.filter(({ resource }) => resource === "Invoices");
    expect(invoices.map(({ bodies }) => bodies.length)).toEqual([3, 2]);
  });

  test("a look-up that has no answer decides nothing", async () => {
    faultAt(0, { kind: "dropped" });
    await enqueued(1);
    await deliver();
    shell.clock.advance(BATCH_MS);
    const find = shell.ledger.find;
    shell.ledger.find = async () => ({ ok: false, error: { kind: "unavailable", detail: "away" } });
    await deliver();
    expect(await statesOf()).toMatchObject({ contact: "uncertain" });
    expect(shell.ledger.writes).toHaveLength(1);
    shell.ledger.find = find;
    shell.clock.advance(BATCH_MS);
    await deliver();
    expect(counts()).toEqual([1, 1, 1]);
  });

  test("a payment that is in the ledger already is never sent", async () => {
    await enqueued(1);
    await deliver();
    const [invoice] = shell.ledger.documents.Invoices;
    assert(invoice !== undefined, "the invoice is posted");
    await opened.database.db
      .update(documents)
      .set({ state: "queued", ledgerDocumentId: null, answer: null, batchId: null })
      .where(eq(documents.step, "payment-1"));
    const sent = shell.ledger.writes.length;
    await deliver();
    expect(shell.ledger.writes).toHaveLength(sent);
    expect(await statesOf()).toMatchObject({ "payment-1": "delivered" });
    const payment = (await rowsOf()).find(({ step }) => step === "payment-1");
    expect(payment?.ledgerDocumentId).toBe(invoice.payments[0]?.id);
  });

  describe("a number that the ledger has already", () => {
    const elsewhere = async (change: Partial<LedgerDocument>): Promise<void> => {
      await enqueued(1);
      await deliver();
      const [invoice] = shell.ledger.documents.Invoices;
      assert(invoice !== undefined, "the invoice is posted");
      shell.ledger.documents.Invoices[0] = { ...invoice, payments: [], amountDue: invoice.total, ...change };
      await opened.database.db
        .update(documents)
        .set({ state: "queued", ledgerDocumentId: null, answer: null, batchId: null })
        .where(eq(documents.step, "invoice"));
      await deliver();
    };

    test("is adopted when the document is the same", async () => {
      await elsewhere({});
      expect(await statesOf()).toMatchObject({ invoice: "delivered" });
      expect(shell.ledger.documents.Invoices).toHaveLength(1);
    });

    test.each([
      ["total", { total: "41.99" }],
      ["date", { date: "2026-01-01" }],
      ["contact", { contactId: "00000000-0000-4000-8000-ffffffffffff" }],
      ["currency", { currency: "EUR" }],
      ["type", { type: "ACCPAY" }],
      ["status", { status: "VOIDED" }],
      ["lines", { lines: [] }],
    ])("is held when its %s differs", async (_, change) => {
      await elsewhere(change);
      const invoice = (await rowsOf()).find(({ step }) => step === "invoice");
      expect(invoice).toMatchObject({ state: "held", hold: { hold: "numberTaken" }, ledgerDocumentId: null });
    });
  });

  test("a contact whose name another contact has is held, and its invoice waits", async () => {
    shell.ledger.documents.Contacts.push({
      ...TAKEN,
      name: String((await plannedName()) ?? ""),
    });
    await enqueued(1);
    await deliver();
    const contact = (await rowsOf()).find(({ step }) => step === "contact");
    expect(contact).toMatchObject({ state: "held", hold: { hold: "contactNameTaken" } });
    expect(await statesOf()).toMatchObject({ invoice: "queued" });
    expect(await isDue()).toBe(false);
  });

  /** The name that the spec gives to the contact of order 1. */
  const plannedName = async () => {
    const other = createTestShell(storage, { sales: [saleOf(1)] });
    const probe = await seedConnection(opened.database, { id: `probe-${shops}` });
    const record = await other.sync.observe(probe, saleOf(1).source.number);
    assert(record.ok, "the store has the order");
    await other.sync.enqueue(record.value, { retry: false });
    await other.sync.deliverNow(probe);
    return other.ledger.documents.Contacts[0]?.name;
  };
});

const TAKEN: LedgerDocument = {
  id: "00000000-0000-4000-8000-eeeeeeeeeeee",
  number: "SOMEBODY-ELSE",
  reference: null,
  type: "CONTACT",
  status: "ACTIVE",
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
};
