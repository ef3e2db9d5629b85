import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from "../adapters/postgres/testing.ts";
import type { Page } from "../api.ts";
import { leafPointers } from "../core/plan.ts";
import type { Result } from "../core/result.ts";
import type { Json } from "../core/shapes.ts";
import { ConnectionChanged, type RunningEngine } from "../index.ts";
import { addSale, ann, must, newWorld, openEngine, saleOf, type World } from "../testing.ts";

const ORDERS = 9;
const WAIT = { waitMs: 15_000 };
const number = (at: number): string => saleOf(at).source.number;

describe.each(DATABASE_KINDS)("what the engine shows on the %s database", (kind) => {
  let opened: TestDatabase;
  let world: World;
  let engine: RunningEngine;
  let connection: string;

  beforeAll(async () => {
    opened = await openTestDatabase(kind, process.env);
  });
  afterAll(() => opened.drop());
  beforeEach(async () => {
    world = newWorld(ORDERS);
    ({ connection } = world);
    engine = await openEngine(opened.database, world);
  });
  afterEach(() => engine.stop());

  const setUp = async () => {
    const proposal = await must(engine.proposeSetup(connection, {}, ann));
    const { id, digest } = proposal;
    await must(engine.decide(connection, id, { approve: true, digest, note: null }, ann));
  };

  test("a store that was never observed shows its newest orders, newest first", async () => {
    const page = await must(engine.searchOrders(connection, { limit: 3 }));
    expect(page).toMatchObject({ total: ORDERS });
    expect(page.items.map(({ order }) => order)).toEqual([9, 8, 7].map(number));
    expect(page.items[0]).toMatchObject({ state: "received", total: "42.00", currency: "GBP", hold: null });
    expect(world.posted).toEqual([]);
  });

  test("pages that open together read a new store once", async () => {
    const pages = await Promise.all(
      [1, 2, 3].map(() => must(engine.searchOrders(connection, { limit: 20 }))),
    );
    expect(pages.map(({ total }) => total)).toEqual([ORDERS, ORDERS, ORDERS]);
    expect(world.ordersRead).toBe(ORDERS);
  });

  test("only as many of the newest orders are read as asked for, and a known one is left alone", async () => {
    expect(await must(engine.observeRecent(connection, { limit: 4 }))).toEqual({
      observed: 4,
      total: ORDERS,
    });
    const shown = await must(engine.searchOrders(connection, { limit: 20 }));
    expect(shown.items.map(({ order }) => order)).toEqual([9, 8, 7, 6].map(number));
    expect(await must(engine.observeRecent(connection, { limit: 5 }))).toEqual({
      observed: 1,
      total: ORDERS,
    });
    expect(await must(engine.observeRecent(connection, { limit: 5 }))).toEqual({
      observed: 0,
      total: ORDERS,
    });
  });

  test("pages by cursor show every order and every proposal exactly once", async () => {
    await must(engine.observeRecent(connection));
    for (let at = 0; at < 5; at += 1) await must(engine.proposeSetup(connection, {}, ann));
    const orders = await everyPage((cursor) => engine.searchOrders(connection, { limit: 2, ...cursor }));
    expect(orders.map(({ order }) => order)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1].map(number));
    const proposals = await everyPage((cursor) => engine.proposals(connection, { limit: 2, ...cursor }));
    expect(new Set(proposals.map(({ id }) => id)).size).toBe(5);
    expect(proposals.map(({ state }) => state)).toEqual(["open", "stale", "stale", "stale", "stale"]);
  });

  test("a cursor that nobody gave is refused, and a page is never larger than the limit", async () => {
    for (const cursor of ["nonsense", Buffer.from("[1]").toString("base64url")]) {
      for (const list of [engine.searchOrders, engine.proposals, engine.specs, engine.failed]) {
        expect(await list(connection, { limit: 2, cursor })).toMatchObject({ error: { kind: "invalid" } });
      }
    }
    const page = await must(engine.searchOrders(connection, { limit: 1_000_000 }));
    expect(page.items).toHaveLength(ORDERS);
    expect((await must(engine.searchOrders(connection, { limit: -5 }))).items).toHaveLength(1);
  });

  test("orders are found by number, method and state; a percent sign is only itself", async () => {
    await setUp();
    await must(engine.sync(connection, number(2), WAIT));
    const found = async (query: { text?: string; state?: "posted" | "received" }) =>
      (await must(engine.searchOrders(connection, { limit: 20, ...query }))).items.map(({ order }) => order);
    expect(await found({ state: "posted" })).toEqual([number(2)]);
    expect(await found({ state: "received" })).toHaveLength(ORDERS - 1);
    expect(await found({ text: "00003" })).toEqual([number(3)]);
    expect(await found({ text: "STRIPE" })).toHaveLength(ORDERS);
    expect(await found({ text: "%" })).toEqual([]);
  });

  test("an unknown order is named with the nearest ones, everywhere", async () => {
    await must(engine.observeRecent(connection));
    await setUp();
    const asked = "00000004";
    const answers = await Promise.all([
      engine.order(connection, asked),
      engine.record(connection, asked),
      engine.preview(connection, asked),
      engine.explain(connection, asked),
      engine.sync(connection, asked, WAIT),
      engine.retry(connection, asked, WAIT),
      engine.proposeDocument(connection, { order: asked, steps: ["contact"] }, ann),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({
        ok: false,
        error: { kind: "notFound", message: expect.stringContaining(number(4)) },
      });
  });

  test("an unknown connection is refused by name, everywhere", async () => {
    const answers = await Promise.all([
      engine.profile("nowhere"),
      engine.status("nowhere"),
      engine.searchOrders("nowhere", { limit: 1 }),
      engine.failed("nowhere", { limit: 1 }),
      engine.currentSpec("nowhere"),
      engine.proposeSetup("nowhere", {}, ann),
      engine.proposals("nowhere", { limit: 1 }),
      engine.sync("nowhere", number(1), WAIT),
      engine.importOrders("nowhere", []),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({
        error: { kind: "unknownConnection", message: expect.stringContaining(connection) },
      });
  });

  test("preview shows what sync posts, and saves nothing", async () => {
    await setUp();
    const preview = await must(engine.preview(connection, number(3)));
    if (preview.status !== "planned") throw new Error(preview.held.detail);
    expect(world.posted).toEqual([]);
    await must(engine.sync(connection, number(3), WAIT));
    const planned = preview.plan.documents.map(({ body }) => body);
    expect(world.posted.map(({ body }) => leafPointers(body))).toEqual(
      planned.map((body) => leafPointers(body)),
    );
    expect(world.posted.map(({ body }) => withoutIds(body))).toEqual(planned.map((body) => withoutIds(body)));
  });

  test("without a mapping nothing can be previewed or synced, and the next step is named", async () => {
    for (const answer of [
      await engine.preview(connection, number(1)),
      await engine.sync(connection, number(1), WAIT),
      await engine.currentSpec(connection),
    ])
      expect(answer).toMatchObject({
        error: { kind: "noMapping", message: expect.stringContaining("Run setup") },
      });
    expect(world.posted).toEqual([]);
  });

  test("a posted order is explained leaf by leaf, with receipts from the ledger", async () => {
    await setUp();
    await must(engine.sync(connection, number(1), WAIT));
    const { documents } = await must(engine.record(connection, number(1)));
    expect(documents.map(({ step, state }) => `${step} ${state}`)).toEqual([
      "contact delivered",
      "invoice delivered",
      "payment-1 delivered",
    ]);
    const all = await must(engine.explain(connection, number(1)));
    const bodies = await must(engine.preview(connection, number(1)));
    if (bodies.status !== "planned") throw new Error("held");
    const leaves = bodies.plan.documents.flatMap(({ step, body }) =>
      leafPointers(body).map((leaf) => step + leaf),
    );
    expect(all.map(({ step, field }) => step + field)).toEqual(leaves);
    for (const { sentence } of all) expect(sentence).toMatch(/^[A-Z].*\.$/);
    const contact = documents.find(({ step }) => step === "contact")?.ledgerId;
    const [receipt] = await must(engine.explain(connection, number(1), "/Contact/ContactID"));
    expect(receipt).toMatchObject({ value: contact, lineage: { from: "receipt" } });
    const [account] = await must(engine.explain(connection, number(1), "invoice/LineItems/1/AccountCode"));
    expect(account?.sentence).toBe(
      "Account 202: no rule of shippingAccount matched, so what it says otherwise, in mapping version 1, approved by Ann Approver on 2026-11-24.",
    );
    expect(await must(engine.explain(connection, number(1), "/LineItems/0"))).not.toHaveLength(0);
    expect(await engine.explain(connection, number(1), "/LineItems/0/AcountCode")).toMatchObject({
      error: { kind: "notFound", message: expect.stringContaining("/LineItems/0/AccountCode") },
    });
    expect(await engine.explain(connection, number(2))).toMatchObject({ error: { kind: "notFound" } });
  });

  test("a held order says why, is listed with the failures, and goes out when the order is right again", async () => {
    await setUp();
    addSale(world, saleOf(30, { currency: "SEK" }));
    const held = await engine.sync(connection, number(30), WAIT);
    expect(held).toMatchObject({ error: { kind: "held", held: { hold: "currencyNotAllowed" } } });
    const failed = await must(engine.failed(connection, { limit: 5 }));
    expect(failed).toMatchObject({ total: 1, items: [{ order: number(30), state: "held" }] });
    expect(await must(engine.searchOrders(connection, { limit: 5, state: "held" }))).toMatchObject({
      items: [{ order: number(30), hold: "currencyNotAllowed" }],
    });
    addSale(world, saleOf(30, { source: { ...saleOf(30).source, revision: "r30b" } }));
    expect(await must(engine.retry(connection, number(30), WAIT))).toMatchObject({
      record: { state: "posted" },
    });
    expect(await must(engine.failed(connection, { limit: 5 }))).toMatchObject({ total: 0, items: [] });
  });

  test("an order that cannot be read is kept with the field that is wrong, last in the list", async () => {
    await setUp();
    for (const at of [31, 32]) addSale(world, { ...saleOf(at), placedAt: "yesterday" });
    await must(engine.observeRecent(connection));
    const answer = await engine.sync(connection, number(31), WAIT);
    expect(answer).toMatchObject({
      error: { kind: "held", held: { hold: "fieldInvalid", field: "placedAt" } },
    });
    for (const limit of [1, 2, 3, 100]) {
      const orders = await everyPage((cursor) => engine.searchOrders(connection, { limit, ...cursor }));
      expect(orders.slice(0, ORDERS).map(({ order }) => order)).toEqual(
        [9, 8, 7, 6, 5, 4, 3, 2, 1].map(number),
      );
      expect(orders.slice(ORDERS)).toMatchObject([
        { state: "held", placedAt: null, total: null, hold: "fieldInvalid" },
        { state: "held", placedAt: null, total: null, hold: "fieldInvalid" },
      ]);
      expect(new Set(orders.map(({ order }) => order)).size).toBe(ORDERS + 2);
    }
  });

  test("status counts both sides, and does not claim more than it knows", async () => {
    expect(await must(engine.status(connection))).toMatchObject({
      specVersion: null,
      completeAsOf: null,
      postedTotals: [],
      queue: { waiting: 0, oldestSeconds: null },
    });
    await setUp();
    for (const at of [1, 2, 3]) await must(engine.sync(connection, number(at), WAIT));
    const status = await must(engine.status(connection));
    expect(status).toMatchObject({
      specVersion: 1,
      records: { posted: 3, received: ORDERS - 3, held: 0 },
      documents: { delivered: 9 },
      postedTotals: [{ currency: "GBP", store: "126.00", ledger: "126.00", difference: "0.00" }],
      completeAsOf: null,
      openProposals: 0,
    });
    // A bookkeeper's change, as a later reading of the ledger would find it.
    await opened.database.db.execute(sql`
      update documents set answer = jsonb_set(answer, '{total}', '"40.00"')
      where connection_id = ${connection} and body->>'InvoiceNumber' = ${number(1)}`);
    expect((await must(engine.status(connection))).postedTotals).toMatchObject([
      { store: "126.00", ledger: "124.00", difference: "-2.00" },
    ]);
  });

  test("books are complete up to the oldest order that is not posted, once the sweep has passed", async () => {
    await setUp();
    for (const at of [1, 2]) await must(engine.sync(connection, number(at), WAIT));
    const passed = "2026-11-24T09:00:00.000Z";
    await opened.database.db.execute(
      sql`insert into sweeps (connection_id, passed_to) values (${connection}, ${passed}::timestamptz)`,
    );
    expect((await must(engine.status(connection))).completeAsOf).toBe(
      new Date(saleOf(3).placedAt).toISOString(),
    );
    for (let at = 3; at <= ORDERS; at += 1) await must(engine.sync(connection, number(at), WAIT));
    expect((await must(engine.status(connection))).completeAsOf).toBe(passed);
  });

  test("lists come from the mirror while the other side is away; a refresh says that it is", async () => {
    const first = await must(engine.profile(connection));
    expect(first.org.name).toBe(world.org.name);
    world.org = { ...world.org, name: "Renamed Ltd" };
    expect((await must(engine.profile(connection))).org.name).toBe(first.org.name);
    expect((await must(engine.profile(connection, { refresh: true }))).org.name).toBe("Renamed Ltd");
    world.away = true;
    expect((await must(engine.profile(connection))).org.name).toBe("Renamed Ltd");
    expect(await engine.profile(connection, { refresh: true })).toMatchObject({
      error: { kind: "upstream", cause: { kind: "unavailable" } },
    });
    world.away = false;
    world.nowMs += 2 * 3_600_000;
    world.org = { ...world.org, name: "Again Ltd" };
    expect((await must(engine.profile(connection))).org.name).toBe("Again Ltd");
  });

  test("imported orders are records at once; a production connection takes none", async () => {
    const orders = [saleOf(40), saleOf(41)] as unknown as readonly Json[];
    expect(await must(engine.importOrders(connection, orders))).toEqual({ imported: [40, 41].map(number) });
    expect(await must(engine.record(connection, number(41)))).toMatchObject({ state: "received" });
    await engine.stop();
    engine = await openEngine(opened.database, world, { environment: "production" });
    expect(await engine.importOrders(connection, orders)).toMatchObject({ error: { kind: "forbidden" } });
  });

  test("a connection keeps its store and organisation: another binding is refused by name", async () => {
    const rebound = { ...world, connection };
    await opened.database.db.execute(
      sql`update connections set organisation_id = 'another organisation' where id = ${connection}`,
    );
    await expect(openEngine(opened.database, rebound)).rejects.toThrow(ConnectionChanged);
  });
});

/** Reads on until there is no next page; more pages than rows would be a loop. */
async function everyPage<T>(
  read: (cursor: { readonly cursor?: string }) => Promise<Result<Page<T>, unknown>>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 50; pages += 1) {
    const page: Result<Page<T>, unknown> = await read(cursor === null ? {} : { cursor });
    if (!page.ok) throw new Error(JSON.stringify(page.error));
    items.push(...page.value.items);
    cursor = page.value.nextCursor;
    if (cursor === null) return items;
  }
  throw new Error("the pages have no end");
}

/** Ids are known only after the ledger has answered. */
const withoutIds = (body: Json): Json =>
  JSON.parse(JSON.stringify(body), (key, value) =>
    /^(Contact|Invoice)ID$/.test(key) ? null : value,
  ) as Json;
