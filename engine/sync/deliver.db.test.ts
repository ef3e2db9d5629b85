import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { batches, documents } from "../adapters/postgres/schema.ts";
import { createStorage, type Storage } from "../adapters/postgres/storage.ts";
import {
  DATABASE_KINDS,
  openTestDatabase,
  seedConnection,
  type TestDatabase,
} from "../adapters/postgres/testing.ts";
import { assert } from "../core/assert.ts";
import { recordStateOf } from "../core/state.ts";
import type { SourceRecord } from "../ports.ts";
import { createTestShell, saleOf, type TestShell } from "./testing.ts";

describe.each(DATABASE_KINDS)("delivery on the %s database", (kind) => {
  let opened: TestDatabase;
  let storage: Storage;
  let shell: TestShell;
  let shop = "";
  let shops = 0;

  beforeAll(async () => {
    opened = await openTestDatabase(kind, process.env);
    const limits = { minuteMs: 60_500, dayMs: 86_400_000, minuteLimit: 10_000, dayLimit: 100_000 };
    storage = await createStorage(opened.database, {
      ids: { next: () => crypto.randomUUID() },
      log: () => {},
      limits: () => ({ ...limits, inFlightLimit: 5, reserve: 0 }),
    });
  });
  afterAll(async () => {
    await storage.stop();
    await opened.drop();
  });
  beforeEach(async () => {
    shops += 1;
    shop = await seedConnection(opened.database, { id: `shop-${shops}` });
    shell = createTestShell(storage, { sales: Array.from({ length: 60 }, (_, n) => saleOf(n + 1)) });
  });

  const observed = async (n: number): Promise<SourceRecord> => {
    const record = await shell.sync.observe(shop, saleOf(n).source.number);
    assert(record.ok, "the store has the order");
    return record.value;
  };
  const enqueued = async (n: number, retry = false): Promise<SourceRecord> => {
    const record = await observed(n);
    const outcome = await shell.sync.enqueue(record, { retry });
    assert(outcome.ok, `order ${n} is planned`);
    return record;
  };
  const rowsOf = () => opened.database.db.select().from(documents).where(eq(documents.connectionId, shop));
  const statesOf = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await rowsOf()).map(({ step, state }) => [step, state]));

  test("an order becomes one contact, one invoice and one payment, each with the id of the one before", async () => {
    await enqueued(1);
    const report = await shell.sync.deliverNow(shop);
    expect(report).toMatchObject({ delivered: 3, refused: 0, held: 0, pausedUntil: null, more: false });
    const { Contacts, Invoices, Payments } = shell.ledger.documents;
    expect([Contacts.length, Invoices.length, Payments.length]).toEqual([1, 1, 1]);
    expect(Invoices[0]?.contactId).toBe(Contacts[0]?.id);
    expect(Invoices[0]?.amountDue).toBe("0.00");
    expect(await statesOf()).toEqual({
      contact: "delivered",
      invoice: "delivered",
      "payment-1": "delivered",
    });
    const [row] = (await rowsOf()).filter(({ step }) => step === "invoice");
    expect(row).toMatchObject({ ledgerDocumentId: Invoices[0]?.id, total: "42.0000", currency: "GBP" });
    expect(row?.answer?.total).toBe("42.00");
  });

  test("fifty orders go in one call a wave", async () => {
    for (let n = 1; n <= 50; n += 1) await enqueued(n);
    await shell.sync.deliverNow(shop);
    expect(shell.ledger.writes.map(({ resource, bodies }) => [resource, bodies.length])).toEqual([
      ["Contacts", 50],
      ["Invoices", 50],
      ["Payments", 50],
    ]);
    expect(shell.ledger.documents.Payments).toHaveLength(50);
  });

  test("the same order again adds nothing and sends nothing", async () => {
    await enqueued(1);
    await shell.sync.deliverNow(shop);
    const again = await shell.sync.enqueue(await observed(1), { retry: true });
    expect(again).toEqual({ ok: true, value: { added: 0, renewed: 0, kept: 3 } });
    await shell.sync.deliverNow(shop);
    expect(shell.ledger.writes).toHaveLength(3);
  });

  test("two orders of one customer share a contact", async () => {
    shell.source.sales.push(saleOf(101, 7), saleOf(102, 7));
    await Promise.all([enqueued(101), enqueued(102)]);
    await shell.sync.deliverNow(shop);
    expect(shell.ledger.documents.Contacts).toHaveLength(1);
    expect(shell.ledger.documents.Invoices).toHaveLength(2);
    expect(await rowsOf()).toHaveLength(5);
  });

  test("two deliveries at once send everything once", async () => {
    for (let n = 1; n <= 20; n += 1) await enqueued(n);
    await Promise.all([shell.sync.deliverNow(shop), shell.sync.deliverNow(shop)]);
    await shell.sync.deliverNow(shop);
    const { Contacts, Invoices, Payments } = shell.ledger.documents;
    expect([Contacts.length, Invoices.length, Payments.length]).toEqual([20, 20, 20]);
    expect(shell.ledger.writes.flatMap(({ bodies }) => bodies)).toHaveLength(60);
  });

  test("a refused invoice fails alone, with its class, and its payment waits", async () => {
    shell.ledger.refusals.set("000000002", "Account code '200' is not a valid code for this document.");
    const [good, bad] = [await enqueued(1), await enqueued(2)];
    const report = await shell.sync.deliverNow(shop);
    expect(report).toMatchObject({ delivered: 4, refused: 1 });
    expect(recordStateOf(await storage.outbox.states(good.id))).toBe("posted");
    expect(recordStateOf(await storage.outbox.states(bad.id))).toBe("failed");
    const failed = (await rowsOf()).find(({ state }) => state === "failed");
    expect(failed?.error?.kind).toBe("mapping");
    expect(await shell.sync.awaitSettled(bad.id, 0)).toBe(true);
  });

  test("a failed document goes out again on retry, with a new body and the next attempt", async () => {
    shell.ledger.refusals.set("000000001", "Account code '200' is not a valid code for this document.");
    await enqueued(1);
    await shell.sync.deliverNow(shop);
    const unasked = await shell.sync.enqueue(await observed(1), { retry: false });
    expect(unasked).toEqual({ ok: true, value: { added: 0, renewed: 0, kept: 3 } });
    shell.ledger.refusals.clear();
    await enqueued(1, true);
    await shell.sync.deliverNow(shop);
    const invoice = (await rowsOf()).find(({ step }) => step === "invoice");
    expect(invoice).toMatchObject({ state: "delivered", attempt: 2, error: null });
    expect(await statesOf()).toMatchObject({ "payment-1": "delivered" });
  });

  test("a write that is refused as a whole is sent one by one, so that one bad body blocks no other", async () => {
    for (const n of [1, 2, 3]) await enqueued(n);
    shell.ledger.script.push({ kind: "refused", messages: ["JSON for post data was invalid"] });
    await shell.sync.deliverNow(shop);
    const contacts = shell.ledger.writes.filter(({ resource }) => resource === "Contacts");
    expect(contacts.map(({ bodies }) => bodies.length)).toEqual([3, 1, 1, 1]);
    expect(shell.ledger.documents.Payments).toHaveLength(3);
  });

  test("a rate limit ends the run and nothing is lost", async () => {
    await enqueued(1);
    shell.ledger.script.push({ kind: "rateLimited", retryAfterSeconds: 0 });
    const report = await shell.sync.deliverNow(shop);
    expect(report).toMatchObject({ delivered: 0, pausedUntil: shell.clock.now() });
    expect(await statesOf()).toMatchObject({ contact: "queued" });
    await shell.sync.deliverNow(shop);
    expect(shell.ledger.documents.Payments).toHaveLength(1);
    const keys = shell.ledger.writes.map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("a ledger that is away is asked again after a wait that grows", async () => {
    await enqueued(1);
    shell.ledger.script.push({ kind: "unavailable" }, { kind: "unavailable" });
    const waits: number[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const { pausedUntil } = await shell.sync.deliverNow(shop);
      waits.push((pausedUntil?.getTime() ?? 0) - shell.clock.now().getTime());
      expect((await storage.outbox.due(shell.clock.now())).includes(shop)).toBe(false);
      shell.clock.advance(waits.at(-1) ?? 0);
      expect((await storage.outbox.due(shell.clock.now())).includes(shop)).toBe(true);
    }
    expect(waits).toEqual([5_000, 10_000]);
    await shell.sync.deliverNow(shop);
    expect(shell.ledger.documents.Payments).toHaveLength(1);
  });

  test("an order that changes before it is sent takes the new body; afterwards it does not", async () => {
    await enqueued(1);
    const order = saleOf(1);
    const named = (name: string) => ({ ...order, lines: order.lines.map((line) => ({ ...line, name })) });
    shell.source.sales[0] = named("Mug, blue");
    await enqueued(1);
    const queued = (await rowsOf()).find(({ step }) => step === "invoice");
    expect(queued).toMatchObject({ state: "queued", attempt: 2 });
    expect(JSON.stringify(queued?.body)).toContain("Mug, blue");
    await shell.sync.deliverNow(shop);
    shell.source.sales[0] = named("Mug, red");
    await enqueued(1, true);
    const posted = (await rowsOf()).find(({ step }) => step === "invoice");
    expect(JSON.stringify(posted?.body)).toContain("Mug, blue");
    expect(posted?.state).toBe("delivered");
  });

  test("a document that the order no longer makes is parked, and comes back when it does again", async () => {
    const record = await enqueued(1);
    const paid = saleOf(1);
    shell.source.sales[0] = { ...paid, receipts: [], totals: { ...paid.totals, paid: "0" } };
    await enqueued(1);
    expect(await storage.outbox.states(record.id)).toHaveLength(2);
    await shell.sync.deliverNow(shop);
    expect(shell.ledger.documents.Payments).toHaveLength(0);
    shell.source.sales[0] = paid;
    await enqueued(1);
    await shell.sync.deliverNow(shop);
    expect(shell.ledger.documents.Payments).toHaveLength(1);
  });

  test("a frozen batch keeps the very bodies and key that were sent", async () => {
    await enqueued(1);
    await shell.sync.deliverNow(shop);
    const rows = await opened.database.db.select().from(batches).where(eq(batches.connectionId, shop));
    for (const write of shell.ledger.writes) {
      const row = rows.find(({ id }) => write.idempotencyKey.startsWith(id));
      expect(JSON.stringify(row?.bodies)).toBe(JSON.stringify(write.bodies));
      expect(row).toMatchObject({ state: "settled", answered: 1 });
    }
  });
});
