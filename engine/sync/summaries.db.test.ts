import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { documents, recordDocuments, records, specs } from "../adapters/postgres/schema.ts";
import { createStorage, type Storage } from "../adapters/postgres/storage.ts";
import {
  DATABASE_KINDS,
  openTestDatabase,
  seedConnection,
  type TestDatabase,
} from "../adapters/postgres/testing.ts";
import { assert } from "../core/assert.ts";
import { planSale } from "../core/plan-sale.ts";
import type { CanonicalSale } from "../core/sale.ts";
import { orgGb, specGb, withTables } from "../core/testing.ts";
import { memoOf } from "../core/testing-refunds.ts";
import { createTestShell, saleOf, type TestShell } from "./testing.ts";

const summed = withTables(specGb, {
  documentUnit: { rules: [], otherwise: { kind: "unit", unit: "daySummary" } },
  refund: { rules: [], otherwise: { kind: "payment", account: "092" } },
});

const ofCompany = (sale: CanonicalSale): CanonicalSale => ({
  ...sale,
  billing: sale.billing && { ...sale.billing, company: "Ada Ltd" },
});
const placed = (sale: CanonicalSale, placedAt: string): CanonicalSale => ({ ...sale, placedAt });

describe.each(DATABASE_KINDS)("summaries of days on the %s database", (kind) => {
  let opened: TestDatabase;
  let storage: Storage;
  let shell: TestShell;
  let shop = "";
  let shops = 0;
  /** Makes the database fail after so many more ids, as a crash would. */
  let idsLeft = Number.POSITIVE_INFINITY;

  beforeAll(async () => {
    opened = await openTestDatabase(kind, process.env);
    const limits = { minuteMs: 60_500, dayMs: 86_400_000, minuteLimit: 10_000, dayLimit: 100_000 };
    storage = await createStorage(opened.database, {
      ids: {
        next: () => {
          idsLeft -= 1;
          if (idsLeft < 0) throw new Error("the process is gone");
          return crypto.randomUUID();
        },
      },
      log: () => {},
      limits: () => ({ ...limits, inFlightLimit: 5, reserve: 0 }),
    });
  });
  afterAll(async () => {
    await storage.stop();
    await opened.drop();
  });
  beforeEach(async () => {
    idsLeft = Number.POSITIVE_INFINITY;
    shops += 1;
    shop = await seedConnection(opened.database, { id: `shop-${shops}`, spec: summed });
    shell = createTestShell(storage, {
      sales: [saleOf(1), saleOf(2), saleOf(3), ofCompany(saleOf(4)), saleOf(5)],
    });
  });

  /** Reads an order and enqueues it, as the sweep does; answers its hold. */
  const seen = async (n: number, retry = false): Promise<string> => {
    const record = await shell.sync.observe(shop, saleOf(n).source.number);
    assert(record.ok, "the store has the order");
    const outcome = await shell.sync.enqueue(record.value, { retry });
    if (outcome.ok) return "enqueued";
    return outcome.error.kind === "held" ? outcome.error.held.hold : outcome.error.cause.kind;
  };
  const passed = () => storage.records.saveSweep(shop, shell.clock.now(), shell.clock.now());
  const closed = async () => {
    const report = await shell.sync.closeDays(shop);
    assert(report.ok, "the ends of the connection answer");
    return report.value;
  };
  const rowsOf = () => opened.database.db.select().from(documents).where(eq(documents.connectionId, shop));
  const summaries = async () =>
    (await rowsOf())
      .filter(({ identity }) => identity.kind === "summary")
      .map(({ body, state }) => [body.InvoiceNumber, body.Reference, state])
      .sort();
  const holdsOf = async () =>
    (await opened.database.db.select().from(records).where(eq(records.connectionId, shop)))
      .map(({ number, hold }) => `${Number(number)} ${hold?.hold ?? "none"}`)
      .sort();
  const summaryOfOrder = (n: number) =>
    opened.database.db
      .select({ body: documents.body })
      .from(recordDocuments)
      .innerJoin(documents, eq(documents.id, recordDocuments.documentId))
      .innerJoin(records, eq(records.id, recordDocuments.recordId))
      .where(
        and(
          eq(records.connectionId, shop),
          eq(records.number, saleOf(n).source.number),
          eq(documents.resource, "Invoices"),
        ),
      );
  const numbersOf = async (n: number) => (await summaryOfOrder(n)).map(({ body }) => body.InvoiceNumber);

  const FIRST = "DAY-2026-10-31-1-GBP";

  test("three orders of a day are one, a late one the next, a company's order goes singly", async () => {
    for (const n of [1, 2, 3]) expect(await seen(n)).toBe("inDaySummary");
    expect(await seen(4)).toBe("enqueued");
    await passed();
    expect(await closed()).toEqual({ summaries: 1, orders: 3 });
    expect(await summaries()).toEqual([[FIRST, "3 orders", "queued"]]);
    await shell.sync.deliverNow(shop);
    const posted = JSON.stringify(shell.ledger.documents.Invoices);

    shell.clock.advance(12 * 3_600_000);
    expect(await seen(5)).toBe("inDaySummary");
    await passed();
    expect(await closed()).toEqual({ summaries: 1, orders: 1 });
    expect(await summaries()).toEqual([
      [FIRST, "3 orders", "delivered"],
      [`${FIRST}-2`, "1 order", "queued"],
    ]);
    await shell.sync.deliverNow(shop);
    expect(
      shell.ledger.documents.Invoices.map(({ number, total, amountDue }) => [number, total, amountDue]),
    ).toEqual(
      expect.arrayContaining([
        [FIRST, "126.00", "0.00"],
        [`${FIRST}-2`, "42.00", "0.00"],
        [saleOf(4).source.number, "42.00", "0.00"],
      ]),
    );
    expect(JSON.stringify(shell.ledger.documents.Invoices.slice(0, JSON.parse(posted).length))).toBe(posted);
    expect(await Promise.all([1, 2, 3, 4, 5].map(numbersOf))).toEqual([
      [FIRST],
      [FIRST],
      [FIRST],
      [saleOf(4).source.number],
      [`${FIRST}-2`],
    ]);
    expect((await holdsOf()).every((hold) => hold.endsWith(" none"))).toBe(true);
  });

  test("a day waits until it is over and the sweep has passed it", async () => {
    const today = placed(saleOf(1), "2026-11-24T09:00:00Z");
    shell.source.sales[0] = today;
    await seen(1);
    await seen(2);
    expect(await closed()).toEqual({ summaries: 0, orders: 0 });
    await storage.records.saveSweep(shop, new Date("2026-10-31T23:59:59Z"), shell.clock.now());
    expect(await closed()).toEqual({ summaries: 0, orders: 0 });
    await passed();
    expect(await closed()).toEqual({ summaries: 1, orders: 1 });
    expect(await holdsOf()).toEqual(["1 inDaySummary", "2 none"]);
    shell.clock.advance(12 * 3_600_000);
    await passed();
    expect(await closed()).toEqual({ summaries: 1, orders: 1 });
  });

  test("closing twice, or twice at once, is once", async () => {
    for (const n of [1, 2, 3]) await seen(n);
    await passed();
    const [first, second] = await Promise.all([closed(), closed()]);
    expect([first.orders, second.orders].sort()).toEqual([0, 3]);
    expect(await closed()).toEqual({ summaries: 0, orders: 0 });
    expect(await summaries()).toEqual([[FIRST, "3 orders", "queued"]]);
  });

  test("a crash in between leaves nothing or everything", async () => {
    for (const n of [1, 2, 3]) await seen(n);
    await passed();
    idsLeft = 1;
    await expect(shell.sync.closeDays(shop)).rejects.toThrow("the process is gone");
    idsLeft = Number.POSITIVE_INFINITY;
    expect(await rowsOf()).toEqual([]);
    expect(await holdsOf()).toEqual(["1 inDaySummary", "2 inDaySummary", "3 inDaySummary"]);
    expect(await closed()).toEqual({ summaries: 1, orders: 3 });
    expect(await summaries()).toHaveLength(1);
  });

  test("an order that was begun singly stays so, although the mapping sums such orders by now", async () => {
    await opened.database.db.update(specs).set({ spec: specGb }).where(eq(specs.connectionId, shop));
    expect(await seen(1)).toBe("enqueued");
    await opened.database.db.update(specs).set({ spec: summed }).where(eq(specs.connectionId, shop));
    expect(await seen(1)).toBe("enqueued");
    expect(await seen(2)).toBe("inDaySummary");
    await passed();
    expect(await closed()).toEqual({ summaries: 1, orders: 1 });
    expect(await Promise.all([numbersOf(1), numbersOf(2)])).toEqual([[saleOf(1).source.number], [FIRST]]);
  });

  test("an order that is in a summary gets no invoice of its own by an older proposal", async () => {
    const record = await shell.sync.observe(shop, saleOf(1).source.number);
    assert(record.ok, "the store has the order");
    const plan = planSale({ sale: saleOf(1), spec: specGb, org: orgGb });
    assert(plan.ok, "the order is planned");
    await seen(1);
    await passed();
    await closed();
    const posting = shell.sync.enqueuePlan(record.value, plan.value, {
      specVersion: 1,
      steps: ["contact", "invoice"],
      retry: false,
    });
    await expect(posting).rejects.toThrow("in a summary");
  });

  test("an order that changed after it was read waits for the next turn", async () => {
    for (const n of [1, 2]) await seen(n);
    await passed();
    const waiting = await storage.records.waitingForSummary(shop, {
      placedBefore: shell.clock.now(),
      limit: 9,
    });
    expect(waiting).toHaveLength(2);
    const share = { body: {}, lineage: {} };
    const members = waiting.map(({ id: record, revision }) => ({ record, revision, share }));
    const [first] = members;
    assert(first !== undefined, "an order waits");
    const request = { connection: shop, documents: [], specVersion: 1, at: shell.clock.now() };
    const stale = [...members.slice(1), { ...first, revision: "older" }];
    expect(await storage.outbox.enqueueSummary({ ...request, members: stale })).toBe("changed");
    expect(await closed()).toEqual({ summaries: 1, orders: 2 });
    expect(await storage.outbox.enqueueSummary({ ...request, members })).toBe("changed");
  });

  test("a refund waits until the summary is in the ledger, and is then a credit note of the order", async () => {
    for (const n of [1, 2]) await seen(n);
    await passed();
    await closed();
    const refunded: CanonicalSale = {
      ...saleOf(1),
      source: { ...saleOf(1).source, revision: "r1-refunded" },
      creditMemos: [memoOf()],
      totals: { ...saleOf(1).totals, refunded: "12.00" },
    };
    shell.source.sales[0] = refunded;
    expect(await seen(1)).toBe("inDaySummary");
    expect(await closed()).toEqual({ summaries: 0, orders: 0 });
    expect((await rowsOf()).map(({ resource }) => resource).sort()).toEqual([
      "Contacts",
      "Invoices",
      "Payments",
    ]);
    await shell.sync.deliverNow(shop);
    expect(await closed()).toEqual({ summaries: 0, orders: 0 });
    const made = await rowsOf();
    expect(made.map(({ resource, state }) => `${resource} ${state}`).sort()).toEqual([
      "Contacts delivered",
      "CreditNotes queued",
      "Invoices delivered",
      "Payments delivered",
      "Payments queued",
    ]);
    expect(await holdsOf()).toEqual(["1 none", "2 none"]);
    // The other order of the summary has no part in it.
    expect(await seen(2)).toBe("enqueued");
    expect(await rowsOf()).toHaveLength(made.length);
  });

  test("a refused summary holds its orders; a retry makes the next one, by the newest mapping", async () => {
    for (const n of [1, 2]) await seen(n);
    await passed();
    await closed();
    shell.ledger.refusals.set(FIRST, "Account code '200' has been archived.");
    await shell.sync.deliverNow(shop);
    expect(await summaries()).toMatchObject([[FIRST, "2 orders", expect.stringMatching(/failed|held/)]]);
    expect(await seen(1)).toBe("inDaySummary");
    expect(await closed()).toEqual({ summaries: 0, orders: 0 });
    expect(await seen(1, true)).toBe("inDaySummary");
    expect(await holdsOf()).toEqual(["1 inDaySummary", "2 inDaySummary"]);
    expect(await closed()).toEqual({ summaries: 1, orders: 2 });
    await shell.sync.deliverNow(shop);
    expect(await summaries()).toEqual([
      [FIRST, "2 orders", "cancelled"],
      [`${FIRST}-2`, "2 orders", "delivered"],
    ]);
    expect(shell.ledger.documents.Invoices.map(({ number, amountDue }) => [number, amountDue])).toEqual([
      [`${FIRST}-2`, "0.00"],
    ]);
    expect(await Promise.all([numbersOf(1), numbersOf(2)])).toEqual([[`${FIRST}-2`], [`${FIRST}-2`]]);
  });
});
