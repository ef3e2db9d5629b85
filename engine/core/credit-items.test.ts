import { expect, test } from "vitest";
import type { MappingSpec } from "./mapping.ts";
import type { LedgerItem } from "./plan-input.ts";
import { planSale } from "./plan-sale.ts";
import type { Json } from "./shapes.ts";
import { lineOf, orgGb, saleGb, specGb, withSettings } from "./testing.ts";
import { memoOf, partOf, refunded } from "./testing-refunds.ts";

const item = (code: string, tracked: boolean): LedgerItem => ({
  code,
  tracked,
  onHand: tracked ? "100" : null,
});
const ITEMS = new Map(
  [item("SKU-1", true), item("A", true), item("B", true), item("C", false)].map((one) => [one.code, one]),
);

type Line = { readonly [key: string]: Json };

/** Lines of the note for one piece of three. */
function noteLines(
  line: Partial<Parameters<typeof lineOf>[0]>,
  backToStock: boolean,
  settings: Partial<MappingSpec["settings"]> = {},
): Line[] {
  const memo = memoOf({ lines: [partOf({ lineId: "1", backToStock })] });
  const plan = planSale({
    sale: {
      ...saleGb,
      ...refunded(memo),
      lines: [lineOf({ id: "1", quantity: "3", net: "30.00", tax: "6.00", ...line })],
    },
    spec: withSettings(specGb, { items: "link", ...settings }),
    org: orgGb,
    items: ITEMS,
  });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  const note = plan.value.documents.find(({ step }) => step === "credit-note-71");
  return note?.body.LineItems as Line[];
}

const itemsOf = (lines: readonly Line[]) =>
  lines.map(({ ItemCode = null, Quantity = null, LineAmount = null }) => [ItemCode, Quantity, LineAmount]);

test("what is back on the shelf names its item, what is not names none; the money is the same", () => {
  expect(itemsOf(noteLines({}, true))).toEqual([["SKU-1", "1", "12.00"]]);
  expect(itemsOf(noteLines({}, false))).toEqual([[null, "1", "12.00"]]);
  expect(itemsOf(noteLines({}, true, { restock: "never" }))).toEqual([[null, "1", "12.00"]]);
});

test("an item that the ledger does not count is named either way", () => {
  expect(itemsOf(noteLines({ sku: "C" }, false))).toEqual([["C", "1", "12.00"]]);
});

test("a kit that is back puts its parts on the shelf, by their share of it", () => {
  const parts = [
    { sku: "A", productId: "1", quantity: "3" },
    { sku: "B", productId: "2", quantity: "6" },
  ];
  expect(itemsOf(noteLines({ sku: "KIT", parts }, true))).toEqual([
    [null, "1", "12.00"],
    ["A", "1", "0.00"],
    ["B", "2", "0.00"],
  ]);
  expect(itemsOf(noteLines({ sku: "KIT", parts }, false))).toEqual([[null, "1", "12.00"]]);
});
