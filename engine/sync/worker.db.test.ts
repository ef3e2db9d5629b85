import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documents } from "../adapters/postgres/schema.ts";
import { createStorage, type Storage } from "../adapters/postgres/storage.ts";
import {
  DATABASE_KINDS,
  openTestDatabase,
  seedConnection,
  type TestDatabase,
} from "../adapters/postgres/testing.ts";
import { assert } from "../core/assert.ts";
import { specGb, withSettings } from "../core/testing.ts";
import { createTestShell, saleOf, type TestShell } from "./testing.ts";

const SHOP = "shop";

describe.each(DATABASE_KINDS)("a worker on the %s database", (kind) => {
  let opened: TestDatabase;
  let storage: Storage;
  let shell: TestShell;

  beforeAll(async () => {
    opened = await openTestDatabase(kind, process.env);
    storage = await createStorage(opened.database, {
      ids: { next: () => crypto.randomUUID() },
      log: () => {},
    });
    await seedConnection(opened.database, { id: SHOP });
    await seedConnection(opened.database, {
      id: "paid-only",
      spec: withSettings(specGb, { trigger: "paid" }),
    });
    shell = createTestShell(storage, {
      sales: [1, 2, 3].map((n) => saleOf(n)),
      settings: { tickMs: 50, sweepPageSize: 2 },
    });
    await shell.sync.start();
  });
  afterAll(async () => {
    await shell.sync.stop();
    await opened.drop();
  });

  const enqueued = async (n: number): Promise<string> => {
    const record = await shell.sync.observe(SHOP, saleOf(n).source.number);
    assert(record.ok, "the store has the order");
    const outcome = await shell.sync.enqueue(record.value, { retry: false });
    assert(outcome.ok, "the order is planned");
    return record.value.id;
  };

  test("delivers what is enqueued without being asked", async () => {
    const record = await enqueued(1);
    await settled(1);
    await until(async () => shell.sync.awaitSettled(record, 0));
  });

  test("takes up again what had to wait, once its time has come", async () => {
    shell.ledger.script.push({ kind: "unavailable" });
    await enqueued(2);
    await until(async () => {
      const rows = await opened.database.db.select().from(documents).where(eq(documents.setbacks, 1));
      return rows.length === 1;
    });
    shell.clock.advance(5_000);
    await settled(2);
  });

  test("the sweep posts every order whose trigger is reached, page by page, once", async () => {
    const swept = await shell.sync.sweep("paid-only");
    expect(swept).toEqual({ ok: true, value: { seen: 3, enqueued: 3, held: 0 } });
    const rows = await opened.database.db
      .select()
      .from(documents)
      .where(eq(documents.connectionId, "paid-only"));
    expect(rows.filter(({ resource }) => resource === "Invoices")).toHaveLength(3);
    expect((await storage.records.sweep("paid-only")).passedTo).toEqual(shell.clock.now());
    const again = await shell.sync.sweep("paid-only");
    expect(again).toEqual({ ok: true, value: { seen: 3, enqueued: 3, held: 0 } });
    expect(
      await opened.database.db.select().from(documents).where(eq(documents.connectionId, "paid-only")),
    ).toHaveLength(rows.length);
  });

  test("the sweep leaves an unpaid order alone until it is paid", async () => {
    const unpaid = saleOf(4);
    shell.source.sales.push({ ...unpaid, receipts: [], totals: { ...unpaid.totals, paid: "0" } });
    expect(await shell.sync.sweep("paid-only")).toMatchObject({ value: { seen: 4, enqueued: 3 } });
    shell.source.sales[3] = unpaid;
    expect(await shell.sync.sweep("paid-only")).toMatchObject({ value: { seen: 4, enqueued: 4 } });
  });

  test("the sweep holds an unpaid order that was cancelled as nothing to book, so that the books can be complete", async () => {
    const sale = saleOf(5);
    const totals = { ...sale.totals, paid: "0" };
    shell.source.sales.push({ ...sale, state: "canceled", receipts: [], totals });
    expect(await shell.sync.sweep("paid-only")).toMatchObject({ value: { seen: 5, enqueued: 4, held: 1 } });
    const record = await storage.records.find("paid-only", { number: sale.source.number });
    expect(record?.hold?.hold).toBe("orderCancelled");
  });

  test("a sweep that is cut short starts again where it started", async () => {
    const before = (await storage.records.sweep("paid-only")).passedTo;
    shell.clock.advance(60_000);
    const { fetchOrder } = shell.source;
    shell.source.fetchOrder = async () => ({ ok: false, error: { kind: "unavailable", detail: "away" } });
    expect(await shell.sync.sweep("paid-only")).toMatchObject({ ok: false, error: { kind: "unavailable" } });
    shell.source.fetchOrder = fetchOrder;
    expect((await storage.records.sweep("paid-only")).passedTo).toEqual(before);
  });

  const settled = (payments: number) => until(() => shell.ledger.documents.Payments.length >= payments);
});

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 800 && !(await isTrue()); turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 25));
  expect(await isTrue()).toBe(true);
}
