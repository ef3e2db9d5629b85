/** The source against the demo store over HTTP: signed, paged, read as exact JSON. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import axios from "axios";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readScenario } from "../../../sandbox/shared/scenario.ts";
import { type RunningStore, startStore } from "../../../sandbox/store/server.ts";
import { CanonicalSale } from "../../core/sale.ts";
import { proposeSpec } from "../../core/setup.ts";
import type { Json } from "../../core/shapes.ts";
import type { Catalogue, SalesSource } from "../../ports.ts";
import { orgOfScenario } from "../xero/scenario.ts";
import { parseExactJson } from "./json.ts";
import { profileOfScenario } from "./scenario.ts";
import { createMagentoSource, type MagentoSourceConfig } from "./source.ts";

const SCENARIO = join(import.meta.dirname, "../../../scenarios/demo-gb.json");
const scenario = readScenario(SCENARIO);
const scenarioJson = JSON.parse(readFileSync(SCENARIO, "utf8"));

/** The shop and we agree on the time: Magento refuses what is signed in its future. */
const clock = { now: () => new Date("2026-11-20T12:00:00Z") };

let store: RunningStore;
let source: SalesSource;
const logged: string[] = [];

const sourceOf = (more: Partial<MagentoSourceConfig> = {}): SalesSource =>
  createMagentoSource({
    baseUrl: store.url,
    credentials: store.integration,
    timeoutMs: 10_000,
    clock,
    log: (event) => void logged.push(event),
    ...more,
  });

const control = async (name: string, body: unknown): Promise<Json> =>
  (await axios.post(`${store.url}/__sandbox/${name}`, body)).data;

type Placed = { readonly increment_id: string; readonly entity_id: number };
const place = async (order: object): Promise<Placed> => (await control("order", order)) as unknown as Placed;

const got = <T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: object },
): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

const errorOf = (result: { readonly ok: boolean }): unknown => ("error" in result ? result.error : undefined);

const bare = (): Catalogue => ({
  products: new Map(),
  profile: profileOfScenario(scenarioJson.store, scenarioJson.org),
});

beforeAll(async () => {
  store = await startStore({ scenario, port: 0, orders: 30, now: clock.now });
  source = sourceOf();
});
beforeEach(() => {
  logged.length = 0;
});
afterAll(() => store.close());

describe("an order by its number", () => {
  test("comes with its paid invoices, and is a sale whose receipt is the capture", async () => {
    const { increment_id } = await place({ items: [{ sku: "MUG-STRIPED", qty: 3 }], invoice: true });
    const raw = got(await source.fetchOrder(increment_id));
    expect(raw.invoices).toHaveLength(1);
    const sale = got(source.readSale(raw, bare()));
    expect(CanonicalSale.safeParse(sale).error).toBeUndefined();
    expect(sale.source.number).toBe(increment_id);
    expect(sale.store).toEqual({ id: "1", view: scenarioJson.store.storeViews[0].code, website: "base" });
    expect(sale.receipts).toHaveLength(1);
    expect(sale.receipts[0]?.amount).toBe(sale.totals.grandTotal);
  });

  test("that is not paid costs one call and has no receipts", async () => {
    const { increment_id } = await place({ items: [{ sku: "MUG-STRIPED" }] });
    const raw = got(await source.fetchOrder(increment_id));
    expect(raw.invoices).toEqual([]);
    expect(got(source.readSale(raw, bare())).receipts).toEqual([]);
  });

  test("that nobody placed is not found", async () => {
    expect(errorOf(await source.fetchOrder("999999999"))).toMatchObject({ kind: "notFound" });
    expect(errorOf(await source.fetchOrder("a&b='c' d%"))).toMatchObject({ kind: "notFound" });
  });

  test("that two store views share is not guessed", async () => {
    await control("import", [
      { increment_id: "S-1", store_id: 1, grand_total: 1 },
      { increment_id: "S-1", store_id: 2, grand_total: 2 },
    ]);
    expect(errorOf(await source.fetchOrder("S-1"))).toMatchObject({
      kind: "notFound",
      detail: expect.stringContaining("2 orders of different store views"),
    });
  });

  test("every seeded order is a sale, or lacks a field that an import left out", async () => {
    const { orders } = got(
      await source.fetchChanged({ since: "2000-01-01T00:00:00Z", page: 1, pageSize: 100 }),
    );
    const holds = orders
      .map((order) => source.readSale({ order, invoices: [], creditMemos: [], shipments: [] }, bare()))
      .flatMap((sale) => (sale.ok ? [] : [sale.error.hold]));
    expect(orders.length).toBeGreaterThan(25);
    expect(holds.filter((hold) => hold !== "fieldMissing")).toEqual([]);
  });
});

describe("changed orders", () => {
  test("come oldest first, each once, and a page past the end is empty although the store repeats its last", async () => {
    const since = "2000-01-01T00:00:00Z";
    const seen: Json[] = [];
    let total = 0;
    for (let page = 1; page < 50; page += 1) {
      const answer = got(await source.fetchChanged({ since, page, pageSize: 7 }));
      total = answer.total;
      if (answer.orders.length === 0) break;
      seen.push(...answer.orders);
    }
    const rows = seen as unknown as { entity_id: number; updated_at: string }[];
    expect(rows).toHaveLength(total);
    expect(new Set(rows.map(({ entity_id }) => entity_id)).size).toBe(total);
    expect(rows.map(({ updated_at }) => updated_at)).toEqual(
      rows.map(({ updated_at }) => updated_at).toSorted(),
    );
  });

  test("are those since an instant, with the same second included", async () => {
    const { orders } = got(
      await source.fetchChanged({ since: "2000-01-01T00:00:00Z", page: 1, pageSize: 100 }),
    );
    const last = (orders.at(-1) as unknown as { updated_at: string }).updated_at;
    const since = `${last.replace(" ", "T")}.500Z`;
    const late = got(await source.fetchChanged({ since, page: 1, pageSize: 100 }));
    expect(late.total).toBeGreaterThan(0);
    expect(
      late.orders.every((order) => (order as unknown as { updated_at: string }).updated_at === last),
    ).toBe(true);
  });
});

describe("products", () => {
  test("come with the names behind their ids; unknown skus are left out", async () => {
    const products = got(await source.fetchProducts(["MUG-STRIPED", "TEAPOT-ROUND", "no such, sku", "gone"]));
    expect(products.toSorted((a, b) => (a.sku < b.sku ? -1 : 1))).toEqual([
      {
        sku: "MUG-STRIPED",
        type: "simple",
        taxClass: expect.stringMatching(/[A-Z]/),
        attributeSet: "Default",
        categories: ["Kitchen"],
      },
      expect.objectContaining({ sku: "TEAPOT-ROUND", categories: ["Kitchen", "Gifts and downloads"] }),
    ]);
  });

  test("above a variant are found by the id that the order knows", async () => {
    const { increment_id } = await place({ items: [{ sku: "SHIRT" }] });
    const raw = got(await source.fetchOrder(increment_id));
    const [line] = got(source.readSale(raw, bare())).lines;
    expect(line).toMatchObject({ sku: expect.stringMatching(/^SHIRT-/), productType: "configurable" });
    expect(got(await source.fetchProducts([line?.productAbove ?? "", "product_id=99999"]))).toEqual([
      expect.objectContaining({ sku: line?.productAbove, type: "configurable", categories: ["Clothing"] }),
    ]);
  });

  test("of more skus than one address holds come in several calls", async () => {
    const skus = Array.from({ length: 120 }, (_, index) => `NOT-THERE-${index}`);
    expect(got(await source.fetchProducts([...skus, "MUG-STRIPED"]))).toHaveLength(1);
    expect(got(await source.fetchProducts([]))).toEqual([]);
  });

  test("without the right to read names carry ids, and that is said", async () => {
    const other = await startStore({
      scenario: {
        ...scenario,
        store: { ...scenario.store, integrationResources: ["Magento_Catalog::products"] },
      },
      port: 0,
      orders: 1,
      now: clock.now,
    });
    try {
      const narrow = sourceOf({ baseUrl: other.url, credentials: other.integration });
      expect(got(await narrow.fetchProducts(["MUG-STRIPED"]))).toMatchObject([
        { taxClass: "2", attributeSet: "4", categories: ["3"] },
      ]);
      expect(logged).toEqual(Array.from({ length: 3 }, () => "magento.listUnreadable"));
      expect(errorOf(await narrow.fetchOrder("1"))).toMatchObject({ kind: "unauthorised" });
    } finally {
      await other.close();
    }
  });
});

describe("the profile", () => {
  test("is what the scenario says, but for what no route tells", async () => {
    const profile = got(await source.fetchProfile());
    const expected = bare().profile;
    expect(profile).toMatchObject({
      storeViews: expected.storeViews,
      customerGroups: expected.customerGroups,
      pricesIncludeTax: null,
    });
    expect(profile.taxClasses.toSorted((a, b) => Number(a.id) - Number(b.id))).toEqual(expected.taxClasses);
    expect(profile.categories.map(({ name }) => name)).toContain("Kitchen");
    expect(profile.paymentMethods.length).toBeGreaterThan(0);
    expect(expected.paymentMethods).toEqual(expect.arrayContaining([...profile.paymentMethods]));
  });
});

describe("the first spec", () => {
  test.each(["demo-gb.json", "real.json"])(
    "of %s is the same from the connected store and from the file",
    async (name) => {
      const path = join(import.meta.dirname, "../../../scenarios", name);
      const json = JSON.parse(readFileSync(path, "utf8"));
      const other = await startStore({ scenario: readScenario(path), port: 0, now: clock.now });
      try {
        const live = got(
          await sourceOf({ baseUrl: other.url, credentials: other.integration }).fetchProfile(),
        );
        const org = orgOfScenario(json.org);
        const ofFile = proposeSpec({ org, store: profileOfScenario(json.store, json.org), answers: {} });
        expect(proposeSpec({ org, store: live, answers: {} }).spec).toEqual(ofFile.spec);
      } finally {
        await other.close();
      }
    },
  );
});

describe("when the store does not play along", () => {
  const fault = (kind: string, more: object = {}) =>
    control("faults", { match: { path: "orders" }, kind, ...more });

  test("keys that are wrong are unauthorised, with all three causes", async () => {
    const wrong = sourceOf({ credentials: { ...store.integration, accessTokenSecret: "x".repeat(32) } });
    expect(errorOf(await wrong.fetchOrder("1"))).toMatchObject({
      kind: "unauthorised",
      detail: expect.stringMatching(/right.*signature.*bearer/),
    });
  });

  test("503, a limit and silence are told apart", async () => {
    await fault("503");
    expect(errorOf(await source.fetchOrder("1"))).toMatchObject({
      kind: expect.stringMatching(/unavailable|rateLimited/),
    });
    await fault("429-minute", { seconds: 11 });
    expect(errorOf(await source.fetchOrder("1"))).toMatchObject({ kind: "rateLimited" });
    await fault("timeout-before");
    expect(errorOf(await sourceOf({ timeoutMs: 300 }).fetchOrder("1"))).toEqual({
      kind: "unavailable",
      detail: "The store did not answer within 0.3 s.",
    });
    await fault("reset");
    expect(errorOf(await source.fetchOrder("1"))).toMatchObject({ kind: "unavailable" });
  });

  test("a store view in the address is signed with it", async () => {
    const view = sourceOf({ storeCode: scenarioJson.store.storeViews[0].code });
    expect(errorOf(await view.fetchOrder("999999999"))).toMatchObject({ kind: "notFound" });
  });
});

const REAL = join(import.meta.dirname, "../../../../shared/data/magento/real");

test.skipIf(!existsSync(REAL))("a real order that was imported reads as it does from its file", async () => {
  const names = readdirSync(REAL).filter(
    (name) => /^order-\d+\.json$/.test(name) && name !== "order-16.json",
  );
  for (const name of names) {
    const json = parseExactJson(readFileSync(join(REAL, name), "utf8"));
    if (!json.ok) throw new Error(json.error.message);
    const number = `REAL-${name}`;
    const order = { ...(json.value as { [key: string]: Json }), increment_id: number };
    await control("import", order);
    const raw = got(await source.fetchOrder(number));
    const fromStore = source.readSale(raw, bare());
    const fromFile = source.readSale({ order, invoices: [], creditMemos: [], shipments: [] }, bare());
    expect(fromStore.ok, name).toBe(fromFile.ok);
    if (!fromStore.ok || !fromFile.ok) continue;
    const { source: _own, ...sale } = fromStore.value;
    const { source: _file, ...expected } = fromFile.value;
    expect(sale, name).toEqual(expected);
  }
});
