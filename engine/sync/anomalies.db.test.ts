/** An unusual order waits before anything of it is posted, and goes out once a person has accepted it. */
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { records, specs } from "../adapters/postgres/schema.ts";
import { createStorage, type Storage } from "../adapters/postgres/storage.ts";
import {
  DATABASE_KINDS,
  openTestDatabase,
  seedConnection,
  type TestDatabase,
} from "../adapters/postgres/testing.ts";
import { assert } from "../core/assert.ts";
import type { CanonicalSale } from "../core/sale.ts";
import { specGb } from "../core/testing.ts";
import type { SourceRecord } from "../ports.ts";
import { createTestShell, saleOf } from "./testing.ts";

const totalling = (sale: CanonicalSale, n: string): CanonicalSale => ({
  ...sale,
  lines: sale.lines.map((line) => ({ ...line, net: `${n}00.00`, tax: `${Number(n) * 20}.00` })),
  receipts: [],
  totals: {
    ...sale.totals,
    grandTotal: `${Number(n) * 120 + 6}.00`,
    tax: `${Number(n) * 20 + 1}.00`,
    paid: "0",
  },
});

/** The same basket of the same customer a minute after order 1. */
const twin: CanonicalSale = { ...saleOf(900, 1), placedAt: "2026-10-31T23:20:00Z" };
const huge = totalling(saleOf(901), "500");

describe.each(DATABASE_KINDS)("unusual orders on the %s database", (kind) => {
  let opened: TestDatabase;
  let storage: Storage;

  beforeAll(async () => {
    opened = await openTestDatabase(kind, process.env);
    storage = await createStorage(opened.database, {
      ids: { next: () => crypto.randomUUID() },
      log: () => {},
    });
  });
  afterAll(async () => {
    await storage.stop();
    await opened.drop();
  });

  test("wait with their reason, and go out when they are accepted, once and for that reason only", async () => {
    const shop = await seedConnection(opened.database, { id: `shop-${kind}` });
    const ordinary = Array.from({ length: 40 }, (_, index) => saleOf(index + 1));
    const { sync } = createTestShell(storage, { sales: [...ordinary, twin, huge] });
    const observe = async ({ source }: CanonicalSale): Promise<SourceRecord> => {
      const record = await sync.observe(shop, source.number);
      assert(record.ok, "the store has the order");
      return record.value;
    };
    for (const sale of ordinary) await observe(sale);
    const [first, second, large] = [await observe(saleOf(1)), await observe(twin), await observe(huge)];

    // A first try that was cancelled is no order beside its second one, and history of before is read as it was written.
    const { db } = opened.database;
    await db.update(records).set({ storeState: "canceled" }).where(eq(records.id, first.id));
    expect((await storage.records.history(second)).twins).toEqual([]);
    await db.update(records).set({ storeState: "processing" }).where(eq(records.id, first.id));
    expect((await storage.records.history(second)).twins).toEqual([saleOf(1).source.number]);
    const { creditMemos: _, shipments: __, invoices: ___, ...older } = saleOf(1);
    await db
      .update(records)
      .set({ sale: older as CanonicalSale })
      .where(eq(records.id, first.id));
    const { refund: ____, documentUnit: _____, ...tables } = specGb.tables;
    await db
      .update(specs)
      .set({ spec: { ...specGb, tables } as typeof specGb })
      .where(eq(specs.connectionId, shop));
    const stored = await storage.records.find(shop, { id: first.id });
    assert(stored !== undefined, "the record is there");
    expect(stored.sale?.creditMemos).toEqual([]);
    expect((await sync.enqueue(stored, { retry: false })).ok).toBe(true);
    expect((await sync.enqueue(first, { retry: false })).ok).toBe(true);
    expect(await sync.enqueue(second, { retry: false })).toMatchObject({
      error: { kind: "held", held: { hold: "duplicateOrder" } },
    });
    expect(await sync.enqueue(large, { retry: false })).toMatchObject({
      error: { kind: "held", held: { hold: "unusualTotal" } },
    });
    const kept = await storage.records.find(shop, { id: large.id });
    expect(kept?.hold?.hold).toBe("unusualTotal");

    await storage.records.accept(large.id, "duplicateOrder", new Date());
    const wrongly = await storage.records.find(shop, { id: large.id });
    expect(wrongly && (await sync.enqueue(wrongly, { retry: true })).ok).toBe(false);
    await storage.records.accept(large.id, "unusualTotal", new Date());
    const accepted = await storage.records.find(shop, { id: large.id });
    expect(accepted?.hold).toBeNull();
    expect(accepted && (await sync.enqueue(accepted, { retry: true })).ok).toBe(true);
    // Reading the order again does not bring the hold back.
    expect((await sync.enqueue(await observe(huge), { retry: false })).ok).toBe(true);
  });
});
