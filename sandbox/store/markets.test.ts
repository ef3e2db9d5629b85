import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readScenario } from "../shared/scenario.ts";
import { articleOf } from "./catalogue.ts";
import { BOTH_SIDES, INVOICE_EQUATIONS, MEMO_EQUATIONS, ORDER_EQUATIONS } from "./equations-testing.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, objects, textAt } from "./json.ts";
import { marketOf } from "./markets/markets.ts";
import { isTop, itemsOf } from "./order-state.ts";
import { seededRandom } from "./random.ts";
import { demandOn, orderTimes } from "./seasons.ts";
import { seedStore } from "./seed.ts";
import type { Shop } from "./shop.ts";
import { toShop } from "./shop.ts";
import type { Table } from "./state.ts";
import { openState, TABLES } from "./state.ts";

const FOLDER = resolve(import.meta.dirname, "../../scenarios");
const NAMES = ["demo-au", "demo-ie", "demo-multi", "demo-nz", "demo-us"] as const;
const NOW = new Date("2026-11-20T12:00:00Z");
/** Each stored amount is off by at most half of 0.0001, and an equation has up to ten of them and a sum over rows. */
const toleranceOf = (rows: number): number => 0.0006 + 0.0001 * rows;

type Seeded = { shop: Shop; rows(table: Table): JsonObject[]; orders: JsonObject[]; text: string };

function seed(name: string, orders = 50, number = 1): Seeded {
  const scenario = readScenario(resolve(FOLDER, `${name}.json`));
  const shop = toShop(scenario);
  const state = openState();
  seedStore({ state, shop, scenario, seed: number, orders, now: NOW });
  const rows = (table: Table): JsonObject[] => [...state.read.all(table)];
  const tables = Object.keys(TABLES) as Table[];
  return {
    shop,
    rows,
    orders: rows("orders"),
    text: JSON.stringify(tables.map((table) => rows(table))),
  };
}

const seededOnce = new Map<string, Seeded>();

/** Enough orders for everything rare to have happened; seeded once for all that look at it. */
function larger(name: string): Seeded {
  const seeded = seededOnce.get(name) ?? seed(name, 600);
  seededOnce.set(name, seeded);
  return seeded;
}

test("every demo scenario is tested here or is the first shop", () => {
  const files = readdirSync(FOLDER).filter((file) => file.startsWith("demo-"));
  expect(files.sort()).toEqual([...NAMES, "demo-gb"].map((name) => `${name}.json`).sort());
});

const countryOf = (order: JsonObject): string => textAt(objectAt(order, "billing_address"), "country_id");
const groupOf = ({ shop }: Seeded, order: JsonObject): string =>
  shop.groups[numberAt(order, "customer_group_id")]?.code ?? "";
const tops = (order: JsonObject): JsonObject[] => itemsOf(order).filter(isTop);

function missesOf(seeded: Seeded): string[] {
  const orderById = new Map(seeded.orders.map((order) => [order.entity_id, order]));
  return (
    [
      ["orders", "entity_id", ORDER_EQUATIONS],
      ["invoices", "order_id", INVOICE_EQUATIONS],
      ["creditmemos", "order_id", MEMO_EQUATIONS],
    ] as const
  ).flatMap(([table, key, equations]) =>
    seeded.rows(table).flatMap((document) => {
      const order = orderById.get(document[key] ?? null) ?? {};
      return Object.entries(equations).flatMap(([name, equation]) =>
        BOTH_SIDES.flatMap((side) => {
          const missed = equation(document, side, seeded.shop.settings, order) ?? 0;
          const isMissed = Math.abs(missed) >= toleranceOf(itemsOf(order).length);
          return isMissed
            ? [`${table} ${textAt(document, "increment_id")}, ${side}: ${name}: ${missed}`]
            : [];
        }),
      );
    }),
  );
}

describe.each(NAMES)("the shop of %s", (name) => {
  const seeded = seed(name);
  const { orders, shop } = seeded;
  const count = (holds: (order: JsonObject) => boolean): number => orders.filter(holds).length;

  test("is the same for the same seed to the byte, and another for another", () => {
    expect(seed(name).text === seeded.text).toBe(true);
    expect(seed(name, 50, 2).text === seeded.text).toBe(false);
    expect(orders).toHaveLength(50);
  });

  test("keeps the store's equations in every order, invoice and credit memo", () => {
    expect(missesOf(larger(name))).toEqual([]);
  });

  test("sells every kind of product, with variants and parts of its own list", () => {
    const kinds = new Set(
      orders.flatMap((order) =>
        tops(order).map((item) => {
          const own = articleOf(shop, textAt(item, "sku"));
          return own?.dynamic || (own === undefined && item.product_type === "bundle")
            ? "dynamic bundle"
            : textAt(item, "product_type");
        }),
      ),
    );
    for (const kind of [
      "simple",
      "configurable",
      "bundle",
      "dynamic bundle",
      "grouped",
      "virtual",
      "downloadable",
    ])
      expect(kinds).toContain(kind);
    expect(kinds.has("giftcard")).toBe(shop.commerce);
    const named = new Set(marketOf(shop)?.articles.map(({ sku }) => sku));
    for (const own of marketOf(shop)?.articles ?? [])
      for (const part of own.parts ?? []) expect(named, `${own.sku} has ${part.sku}`).toContain(part.sku);
  });

  test("has guests, customers who come again, firms with tax numbers and staff", () => {
    expect(count((order) => order.customer_is_guest === 1)).toBeGreaterThan(3);
    const byEmail = Map.groupBy(orders, (order) => textAt(order, "customer_email"));
    expect([...byEmail.values()].filter((own) => own.length > 1).length).toBeGreaterThan(5);
    const firms = orders.filter((order) => groupOf(seeded, order) === "Wholesale");
    expect(firms.length).toBeGreaterThan(1);
    for (const order of firms) expect(textAt(order, "customer_taxvat")).not.toBe("");
    expect(count((order) => groupOf(seeded, order) === "Staff")).toBeGreaterThan(0);
  });

  test("writes to invented people: reserved addresses and numbers alone", () => {
    for (const { email } of seeded.rows("customers").map((row) => ({ email: textAt(row, "email") })))
      expect(email).toMatch(/@(example\.com|[a-z-]+\.example\.org)$/);
    for (const order of orders)
      expect(textAt(objectAt(order, "billing_address"), "telephone")).toMatch(
        /555|01632 960|23125|99 00 0|020 910|20 910/,
      );
  });

  test("takes coupons, sends some parcels free, cancels, edits and refunds a few, invoices some in parts", () => {
    expect(count((order) => textAt(order, "coupon_code") !== "")).toBeGreaterThan(2);
    expect(count((order) => order.shipping_description === "Free Shipping - Free")).toBeGreaterThan(1);
    expect(count((order) => order.state === "canceled")).toBeGreaterThan(1);
    expect(count((order) => textAt(order, "relation_parent_real_id") !== "")).toBeGreaterThan(0);
    const memos = seeded.rows("creditmemos");
    expect(memos.length).toBeGreaterThan(1);
    expect(memos.length).toBeLessThan(10);
    const parts = orders.filter(
      (order) =>
        numberAt(order, "total_paid") > 0 &&
        seeded.rows("invoices").filter((invoice) => invoice.order_id === order.entity_id).length > 1,
    );
    expect(parts.length).toBeGreaterThan(0);
  });

  test("lets gift cards and store credit pay where the edition has them", () => {
    const paid = (field: string): number =>
      count((order) => numberAt(objectAt(order, "extension_attributes"), field) > 0);
    expect(paid("gift_cards_amount") > 0).toBe(shop.commerce);
    expect(paid("customer_balance_amount") > 0).toBe(shop.commerce);
  });

  test("charges no tax on what leaves its tax territory", () => {
    const taxed = new Set(shop.taxRates.map(({ country }) => country));
    const exported = orders.filter((order) => !taxed.has(countryOf(order)));
    expect(exported.length).toBeGreaterThan(1);
    for (const order of exported) expect(order.tax_amount).toBe(0);
  });

  test("sells most before Christmas", () => {
    const season = marketOf(shop)?.season;
    if (season === undefined) throw new Error("a market has a season");
    const demand = (day: string): number => demandOn(new Date(`${day}T00:00:00Z`), season);
    // The same weekday in all three.
    expect(demand("2025-12-15")).toBeGreaterThan(2 * demand("2025-10-13"));
    expect(demand("2025-12-25")).toBeLessThan(demand("2025-12-11"));
    const times = orderTimes({ random: seededRandom(3), orders: 2_000, now: NOW, season });
    const many = times.map((time) => time.toISOString().slice(0, 7));
    const inMonth = (month: string): number => many.filter((own) => own === month).length;
    expect(inMonth("2025-12")).toBeGreaterThan(2 * inMonth("2026-02"));
  });

  test("has every store view's currency among its orders, and no order within a locked period", () => {
    const currencies = new Set(orders.map((order) => textAt(order, "order_currency_code")));
    for (const { currency } of shop.views) expect(currencies).toContain(currency);
    const { org } = readScenario(resolve(FOLDER, `${name}.json`));
    const locked = [org.periodLockDate, org.endOfYearLockDate].map(String).sort().at(-1) ?? "";
    for (const order of larger(name).orders)
      expect(textAt(order, "created_at").slice(0, 10) > locked).toBe(true);
  });
});

/** Percentages charged on a SKU's rows, by the country of the order and the state where there is one. */
function percentsOf(seeded: Seeded, sku: RegExp): Set<string> {
  return new Set(
    seeded.orders.flatMap((order) =>
      itemsOf(order)
        .filter(
          (item) =>
            sku.test(textAt(item, "sku")) &&
            isTop(item) &&
            !["bundle", "giftcard"].includes(textAt(item, "product_type")),
        )
        .map((item) => {
          const address = objectAt(order, "billing_address");
          const state = address.country_id === "US" ? `-${textAt(address, "region_code")}` : "";
          return `${countryOf(order)}${state} ${groupOf(seeded, order) === "EU Business" ? "firm " : ""}${numberAt(item, "tax_percent")}`;
        }),
    ),
  );
}

const having = (found: ReadonlySet<string>, start: string): string[] =>
  [...found].filter((one) => one.startsWith(start)).sort();

describe("goods are taxed as their country does", () => {
  test("Australia: fresh food and coffee are GST-free, biscuits, books and clothes are not", () => {
    const shop = larger("demo-au");
    expect(having(percentsOf(shop, /HONEY|COFFEE|TEA-|OIL|NUTS/), "AU")).toEqual(["AU 0"]);
    expect(having(percentsOf(shop, /TIN-ANZAC|BOOK|HAT|MUG/), "AU")).toEqual(["AU 10"]);
  });

  test("New Zealand: everything is at 15 %, whatever it is", () => {
    expect(having(percentsOf(larger("demo-nz"), /./), "NZ")).toEqual(["NZ 15"]);
  });

  test("United Kingdom: books, children's clothes and food at nought, draught-proofing at 5 %", () => {
    const shop = larger("demo-multi");
    expect(having(percentsOf(shop, /BOOK|KIDS|TEA-|OATCAKES/), "GB")).toEqual(["GB 0"]);
    expect(having(percentsOf(shop, /DRAUGHT/), "GB")).toEqual(["GB 5"]);
    expect(having(percentsOf(shop, /JUMPER|MUG|TRUFFLES/), "GB")).toEqual(["GB 20"]);
  });

  test("Ireland: four rates at home, the buyer's own abroad, none for a firm with a number", () => {
    const shop = larger("demo-ie");
    expect(having(percentsOf(shop, /BOOK|KIDS|TEA-|OATS|EBOOK/), "IE")).toEqual(["IE 0"]);
    expect(having(percentsOf(shop, /BRACK|SHORTBREAD|BULBS|PUDDING/), "IE")).toEqual(["IE 13.5"]);
    expect(having(percentsOf(shop, /VISIT/), "IE")).toEqual(["IE 9"]);
    expect(having(percentsOf(shop, /MUG|JUMPER|CANDLE/), "IE")).toEqual(["IE 23"]);
    expect(having(percentsOf(shop, /MUG|JUMPER|CANDLE/), "DE")).toEqual(["DE 19", "DE firm 0"]);
    expect(having(percentsOf(shop, /BOOK|KIDS|TEA-|BRACK/), "NL")).toEqual(["NL 9"]);
    expect(
      having(percentsOf(shop, /BOOK|KIDS|TEA-|BRACK/), "FR").filter((one) => !one.includes("firm")),
    ).toEqual(["FR 5.5"]);
  });

  test("United States: state, county and city add up, some states exempt clothes, Oregon taxes nothing", () => {
    const shop = larger("demo-us");
    const clothes = percentsOf(shop, /FLANNEL|KIDS|SOCKS/);
    expect(having(clothes, "US-PA")).toEqual(["US-PA 0"]);
    expect(having(clothes, "US-NY")).toEqual(["US-NY 0", "US-NY 4"]);
    expect(having(percentsOf(shop, /MUG|BOOK/), "US-NY")).toEqual(["US-NY 8", "US-NY 8.875"]);
    expect(having(percentsOf(shop, /MUG|BOOK/), "US-CA")).toEqual(["US-CA 8.625", "US-CA 9.75"]);
    expect(having(percentsOf(shop, /./), "US-OR")).toEqual(["US-OR 0"]);
    expect(having(percentsOf(shop, /COFFEE|SYRUP|PECANS/), "US")).toEqual(
      having(percentsOf(shop, /COFFEE|SYRUP|PECANS/), "US").filter((one) => one.endsWith(" 0")),
    );
    const newYork = shop.orders.find(
      (order) =>
        textAt(objectAt(order, "billing_address"), "postcode") === "10001" &&
        numberAt(order, "tax_amount") > 0,
    );
    const applied = objects(objectAt(newYork ?? {}, "extension_attributes").applied_taxes);
    expect(applied.map(({ code }) => code)).toEqual(["US-NY-STATE", "US-NY-NYC", "US-NY-MCTD"]);
  });
});
