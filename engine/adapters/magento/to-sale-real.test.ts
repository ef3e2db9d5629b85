/** Real payloads from public sources; they stay outside the repository (../shared beside the checkout). */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CanonicalSale } from "../../core/sale.ts";
import type { Catalogue } from "../../ports.ts";
import { parseExactJson } from "./json.ts";
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
    { key: "308236095", amount: "142.31", at: "2020-02-26T17:27:09Z", transactionId: "308236095", invoiceId: null },
  ]);
});

test.skipIf(!isThere)("an order whose item list was cut is read from its shipment", () => {
  const sale = read("order-21.json");
  expect(sale.ok && sale.value.lines.map(({ sku }) => sku)).toEqual(["24-WG089", "24-WG090"]);
});
