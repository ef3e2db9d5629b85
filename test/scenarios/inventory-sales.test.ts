import { expect } from "vitest";
import { toItems } from "../../engine/adapters/xero/bodies.ts";
import { itemChange } from "../../engine/core/plan-item.ts";
import { withSettings, withTables } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { endChapter, scenario } from "./harness.ts";
import { PAID_ORDER, pieceMemo, refunded } from "./memos.ts";
import { ACCOUNT, SPEC } from "./organisation.ts";
import { only } from "./rules.ts";
import { codesOf, invoiceNumbered, keepInStock } from "./seen.ts";
import { itemIn, mugs, onHand, STOCK, tracked } from "./stock.ts";
import { itemId } from "./store.ts";

scenario(
  "INV-06",
  "COGS",
  "3 mugs at a cost of 1.00 each: once with an item that the ledger keeps in stock, once without.",
  ({ books, says }) => {
    const ledger = books({ spec: STOCK, items: [tracked("MUG", "10")] });
    keepInStock(ledger, "MUG", 10);
    ledger.post(mugs(3));
    const untracked = books({ spec: STOCK, items: [{ code: "MUG", tracked: false, onHand: null }] });
    untracked.call("PUT", "Items", { Code: "MUG" });
    untracked.post(mugs(3));
    says(
      "exactly one source of cost per sku: the ledger's where it keeps stock, none of ours anywhere",
      () => {
        expect([ledger, untracked].map((one) => one.balance(ACCOUNT.costOfGoods))).toEqual([3, 0]);
        expect([ledger, untracked].map((one) => one.call("GET", "ManualJournals").ManualJournals)).toEqual([
          [],
          [],
        ]);
      },
    );
    says("the revenue is the same", () =>
      expect([ledger, untracked].map((one) => one.balance(ACCOUNT.sales))).toEqual([-30, -30]),
    );
  },
);

scenario(
  "INV-07",
  "Return received damaged",
  "One of three mugs (cost 18.00) comes back damaged: back_to_stock 0; then another one in good order.",
  ({ books, says }) => {
    const ledger = books({ spec: STOCK, items: [tracked("MUG", "10")] });
    keepInStock(ledger, "MUG", 10, 18);
    ledger.post(PAID_ORDER);
    const damaged = pieceMemo(31, 33.33, 6.67);
    ledger.post(refunded(PAID_ORDER, damaged));
    const note = ledger.creditNote("credit-note-31");
    says("the quantity delta is 0: the line names no item", () => {
      expect([codesOf(note), note.Total]).toEqual([[undefined], 40]);
      expect(onHand(ledger, "MUG")).toBe(7);
    });
    says("the cost in profit and loss is unchanged, never reduced", () =>
      expect(ledger.balance(ACCOUNT.costOfGoods)).toBe(54),
    );
    const whole = { qty: 1, rowTotal: 33.34, tax: 6.66, backToStock: true };
    ledger.post(refunded(PAID_ORDER, damaged, pieceMemo(32, 33.34, 6.66, { rows: [whole] })));
    says("what is back on the shelf names it, and the ledger takes the cost back", () => {
      expect(codesOf(ledger.creditNote("credit-note-32"))).toEqual(["MUG"]);
      expect([onHand(ledger, "MUG"), ledger.balance(ACCOUNT.costOfGoods)]).toEqual([8, 36]);
    });
  },
);

scenario(
  "INV-08",
  "Kits and bundles in stock",
  "A kit of A x 1 and B x 2 for 60.00 with tax, sold twice in two store invoices.",
  ({ books, says }) => {
    const kit = {
      rows: [
        {
          sku: "KIT",
          type: "bundle",
          qty: 2,
          rowTotal: 100,
          tax: 20,
          percent: 20,
          children: [
            { sku: "A", qty: 2, rowTotal: 0 },
            { sku: "B", qty: 4, rowTotal: 0 },
          ],
        },
      ],
      grandTotal: 120,
      tax: 20,
    };
    const items = [tracked("A", "5"), tracked("B", "5"), { code: "KIT", tracked: false, onHand: null }];
    const part = (id: number) => ({
      entity_id: id,
      increment_id: `90000000${id}`,
      order_id: 501,
      state: 1,
      created_at: "2026-05-05 09:00:00",
      grand_total: 60,
      tax_amount: 10,
      items: [{ order_item_id: itemId(0), qty: 1, row_total: 50, tax_amount: 10 }],
    });
    const perInvoice = withTables(STOCK, { documentUnit: only({ kind: "unit", unit: "storeInvoice" }) });
    const ledger = books({ spec: perInvoice, items });
    for (const code of ["A", "B"]) keepInStock(ledger, code, 5);
    ledger.call("PUT", "Items", { Code: "KIT" });
    ledger.post({ ...kit, invoices: [part(1)] });
    const first = invoiceNumbered(ledger, "900000001");
    says("quantity deltas A -1, B -2 for each kit", () => {
      expect(["A", "B"].map((code) => onHand(ledger, code))).toEqual([4, 3]);
      ledger.post({ ...kit, invoices: [part(1), part(2)] });
      expect(["A", "B"].map((code) => onHand(ledger, code))).toEqual([3, 1]);
    });
    says("revenue once, on the code of the kit, which is not kept in stock", () => {
      expect(first.LineItems.map((line: Body) => [line.ItemCode, line.Quantity, line.LineAmount])).toEqual([
        ["KIT", 1, 60],
        ["A", 1, 0],
        ["B", 2, 0],
      ]);
      expect(ledger.balance(ACCOUNT.sales)).toBe(-100);
    });
    const counted = books({ spec: STOCK, items: [...items.slice(0, 2), tracked("KIT", "0")] });
    for (const code of ["A", "B"]) keepInStock(counted, code, 5);
    counted.post(kit);
    says("a kit that somebody made a stock item is not named, so that it never goes below zero", () =>
      expect(codesOf(counted.invoice())).toEqual([undefined, "A", "B"]),
    );
  },
);

scenario(
  "INV-09",
  "Item price/description sync",
  "A mug whose name in the store has 60 characters and whose item in the ledger has a cost of 7.50.",
  ({ books, says }) => {
    const ledger = books({ spec: withSettings(SPEC, { items: "create" }) });
    keepInStock(ledger, "CUP", 5, 7.5);
    const name = "A mug with a very long name that goes on and on for ever 60";
    const plan = ledger.post({ ...mugs(1), rows: [{ ...mugs(1).rows[0], name, rowTotal: 10 }] });
    const made = plan.documents.find(({ resource }) => resource === "Items")?.body ?? {};
    says(
      "an item that we make says name (50), description, account and tax type, and nothing about its cost",
      () => {
        expect(made).toEqual({
          Code: "MUG",
          Name: name.slice(0, 50).trimEnd(),
          Description: name,
          SalesDetails: { AccountCode: ACCOUNT.sales, TaxType: "OUTPUT2" },
        });
        expect(toItems([made])).toHaveLength(1);
        expect(itemIn(ledger, "MUG").Name.length).toBeLessThanOrEqual(50);
      },
    );
    const change = itemChange(
      "CUP",
      { name: "Cup, blue", description: "" },
      { name: "CUP", description: "" },
    );
    says("an update has only what differs, so that the purchase details stay the ledger's", () => {
      const cost = itemIn(ledger, "CUP").PurchaseDetails;
      expect(change).toEqual({ Code: "CUP", Name: "Cup, blue" });
      ledger.call("POST", "Items", change);
      expect(itemIn(ledger, "CUP")).toMatchObject({
        Name: "Cup, blue",
        PurchaseDetails: cost,
        QuantityOnHand: 5,
      });
      expect(cost.UnitPrice).toBe(7.5);
    });
    says("nothing that differs is no update", () => {
      const same = { name: "Cup, blue", description: "For tea" };
      expect(itemChange("CUP", same, same)).toBeUndefined();
    });
  },
);

scenario(
  "INV-10",
  "Tracked item created twice / code reused",
  "The product 5 with the sku MUG is deleted; a new product 9 gets the same sku.",
  ({ books, says }) => {
    const spec = withSettings(SPEC, { items: "create" });
    const sold = (id: number, product: number) => ({
      ...mugs(1),
      id,
      number: `100000${id}`,
      rows: [{ ...mugs(1).rows[0], rowTotal: 10, more: { product_id: product } }],
    });
    const ledger = books({ spec, items: [{ code: "MUG", tracked: false, onHand: null, product: "5" }] });
    ledger.call("PUT", "Items", { Code: "MUG" });
    ledger.post(sold(501, 5));
    const plan = ledger.post(sold(502, 9));
    says("the mapping is keyed by product_id and sku: the new product has an item of its own", () => {
      expect(plan.documents.find(({ resource }) => resource === "Items")?.identity.sourceId).toBe("9/MUG");
      const codes = ["100000501", "100000502"].map((number) => codesOf(invoiceNumbered(ledger, number))[0]);
      expect(codes).toEqual(["MUG", expect.stringMatching(/^MUG~[0-9a-f]{8}$/)]);
    });
    ledger.post(sold(503, 9));
    says("it is made once", () => expect(ledger.call("GET", "Items").Items).toHaveLength(2));
    const others = books({ spec, items: [{ code: "MUG", tracked: false, onHand: null }] });
    others.call("PUT", "Items", { Code: "MUG" });
    others.post(sold(501, 9));
    says("an item that people made is linked by its code", () =>
      expect([codesOf(others.invoice()), others.call("GET", "Items").Items.length]).toEqual([["MUG"], 1]),
    );
  },
);

endChapter("09-inventory-b", "Inventory: what sales do to it");
