/** Real payloads from public sources; they stay outside the repository (../shared beside the checkout). */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { e4Of, formatE4 } from "../../core/money.ts";
import { CanonicalSale } from "../../core/sale.ts";
import type { Json } from "../../core/shapes.ts";
import type { Catalogue } from "../../ports.ts";
import { parseExactJson } from "./json.ts";
import { grossOf } from "./part-sums.ts";
import { profileOfScenario } from "./scenario.ts";
import { toSale } from "./to-sale.ts";

const FOLDER = join(import.meta.dirname, "../../../../shared/data/magento/real");
const isThere = existsSync(FOLDER);
if (!isThere) console.warn(`SKIPPED: real Magento orders are not at ${FOLDER}`);

const catalogue: Catalogue = {
  products: new Map(),
  profile: profileOfScenario({}, { baseCurrency: "USD" }),
};

const read = (name: string) => {
  const json = parseExactJson(readFileSync(join(FOLDER, name), "utf8"));
  if (!json.ok) throw new Error(`${name}: ${json.error.message}`);
  return toSale({ order: json.value, invoices: [], creditMemos: [], shipments: [] }, catalogue);
};

const HELD: Readonly<Record<string, readonly [hold: string, field: string]>> = {
  // The document cuts its items after the first one.
  "order-01.json": ["itemsMissing", "items"],
  // A community module's own shape: line_items, no items.
  "order-12.json": ["itemsMissing", "items"],
  // An Adobe I/O event.
  "order-16.json": ["notAnOrder", ""],
};

test("the real orders are there, or their absence is allowed", () => {
  if (process.env.REQUIRE_ALL === "1") expect(isThere).toBe(true);
});

test.skipIf(!isThere)(
  "every real order gives a sale whose items come to its subtotal, or a hold that names a field",
  () => {
    const names = readdirSync(FOLDER).filter((name) => /^order-\d+\.json$/.test(name));
    expect(names).toHaveLength(17);
    for (const name of names) {
      const sale = read(name);
      const held = sale.ok ? undefined : ([sale.error.hold, sale.error.field] as const);
      expect(held, name).toEqual(HELD[name]);
      if (sale.ok) expect(CanonicalSale.safeParse(sale.value).error, name).toBeUndefined();
    }
  },
);

test.skipIf(!isThere)("a guest without e-mail keeps its own contact, and two tax authorities add up", () => {
  const guest = read("order-19.json");
  expect(guest.ok && guest.value.customer).toMatchObject({ key: "O000000001", registered: false });
  const taxed = read("order-13.json");
  if (!taxed.ok) throw new Error(taxed.error.detail);
  expect(taxed.value.lines[0]).toMatchObject({ taxRate: "5.30", tax: "0.74", net: "14.00" });
  expect(taxed.value.shipping).toMatchObject({ taxRate: "5.30", tax: "0.00", net: "18.06" });
  expect(taxed.value.receipts).toEqual([
    {
      key: "308236095",
      amount: "142.31",
      at: "2020-02-26T17:27:09Z",
      transactionId: "308236095",
      invoiceId: null,
    },
  ]);
});

test.skipIf(!isThere)("an order whose item list was cut is read from its shipment", () => {
  const sale = read("order-21.json");
  expect(sale.ok && sale.value.lines.map(({ sku }) => sku)).toEqual(["24-WG089", "24-WG090"]);
});

type Rows = { readonly [key: string]: Json };
const jsonOf = (name: string): Rows => {
  const json = parseExactJson(readFileSync(join(FOLDER, name), "utf8"));
  if (!json.ok) throw new Error(`${name}: ${json.error.message}`);
  return json.value as Rows;
};

/** Which order each document belongs to; those of no collected order have one made of their own rows. */
const ORDER_OF: Readonly<Record<string, string>> = {
  "creditmemo-01.json": "order-08.json",
  "creditmemo-02.json": "order-09.json",
  "invoice-03.json": "order-04.json",
  "invoice-04.json": "order-05.json",
};

/** The bundle and the configurable of Adobe's tutorial order, which the order's own document cuts. */
const PARENT_OF: Readonly<Record<string, number>> = { 6: 5, 7: 5, 8: 5, 9: 5, 11: 10 };

function orderAround(document: Rows, parents: Readonly<Record<string, number>> = {}): Rows {
  const rows = (document.items ?? []) as unknown as Rows[];
  return {
    entity_id: document.order_id ?? 8,
    increment_id: "R-1",
    state: "processing",
    created_at: "2017-08-21 22:00:00",
    order_currency_code: document.order_currency_code ?? "USD",
    customer_id: 1,
    grand_total: document.grand_total ?? 0,
    shipping_amount: document.shipping_amount ?? 0,
    shipping_description: "Best way",
    items: rows.map((row) => ({
      item_id: row.order_item_id ?? null,
      parent_item_id: parents[String(row.order_item_id)] ?? null,
      product_type: "simple",
      qty_ordered: row.qty ?? 1,
      row_total: row.row_total ?? row.price ?? 0,
    })),
  };
}

const HELD_DOCUMENTS: Readonly<Record<string, string>> = {
  // Made by hand for a parser's test: no time.
  "creditmemo-04.json": "fieldMissing creditMemos[0].created_at",
  // The body of a request: no id and no time yet.
  "creditmemo-05.json": "fieldMissing creditMemos[0].created_at",
};

/** The invoice inside an Adobe I/O event. */
const ofEvent = (event: Rows): Rows =>
  (event as unknown as { event: { data: { value: Rows } } }).event.data.value;

test.skipIf(!isThere)("the event around an invoice is no invoice", () => {
  const event = jsonOf("invoice-05.json");
  const order = orderAround(ofEvent(event));
  const sale = toSale({ order, invoices: [event], creditMemos: [], shipments: [] }, catalogue);
  expect(sale.ok ? undefined : sale.error.field).toBe("invoices[0].created_at");
});

test.skipIf(!isThere)(
  "every real credit memo and invoice is read with its order, or held for a stated cause",
  () => {
    const names = readdirSync(FOLDER).filter((name) => /^(creditmemo|invoice)-\d+\.json$/.test(name));
    expect(names).toHaveLength(9);
    for (const name of names) {
      const document = name === "invoice-05.json" ? ofEvent(jsonOf(name)) : jsonOf(name);
      const around = ORDER_OF[name];
      const parents = name === "invoice-01.json" ? PARENT_OF : {};
      const order = around === undefined ? orderAround(document, parents) : jsonOf(around);
      const isMemo = name.startsWith("creditmemo");
      const [invoices, creditMemos] = isMemo ? [[], [document]] : [[document], []];
      const sale = toSale({ order, invoices, creditMemos, shipments: [] }, catalogue);
      const held = sale.ok ? undefined : `${sale.error.hold} ${sale.error.field}`;
      expect(held, name).toBe(HELD_DOCUMENTS[name]);
      if (!sale.ok) continue;
      expect(CanonicalSale.safeParse(sale.value).error, name).toBeUndefined();
      const [part] = isMemo ? sale.value.creditMemos : sale.value.invoices;
      expect(e4Of(part?.grandTotal ?? "0"), name).toBe(e4Of(String(document.grand_total)));
      // The synthetic one says a total that its only row does not come to.
      if (part !== undefined && name !== "invoice-07.json")
        expect(formatE4(grossOf(part, part.fees)), name).toBe(part.grandTotal);
    }
  },
);

test.skipIf(!isThere)("a real refund names its lines and went back offline, as the order says", () => {
  const sale = toSale(
    {
      order: jsonOf("order-08.json"),
      invoices: [],
      creditMemos: [jsonOf("creditmemo-01.json")],
      shipments: [],
    },
    catalogue,
  );
  if (!sale.ok) throw new Error(sale.error.detail);
  expect(sale.value.creditMemos).toMatchObject([
    {
      number: "000000002",
      at: "2018-10-04T15:04:58Z",
      lines: [{ lineId: "5", quantity: "1.00", net: "58.00" }],
      shipping: { net: "10.00" },
      refunds: [{ destination: "offline", amount: "68.00", transactionId: null }],
    },
  ]);
});

test.skipIf(!isThere)("the real shipment has its track, once it says when it was made", () => {
  const document = jsonOf("shipment-01.json");
  const order = orderAround(document);
  const read = (shipment: Rows) =>
    toSale({ order, invoices: [], creditMemos: [], shipments: [shipment] }, catalogue);
  const without = read(document);
  expect(without.ok ? undefined : without.error.field).toBe("shipments[0].created_at");
  const sale = read({ ...document, created_at: "2026-01-02 03:04:05" });
  expect(sale.ok && sale.value.shipments).toMatchObject([
    { number: "000000002", lines: [{ lineId: "7" }], tracks: [{ carrier: "ups", number: "1Z999" }] },
  ]);
});
