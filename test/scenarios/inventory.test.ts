import { expect } from "vitest";
import { toCreditNotes, toInvoices } from "../../engine/adapters/xero/bodies.ts";
import { decideStock, planStockAdjustment, type StockAdjustment } from "../../engine/core/plan-stock.ts";
import { withSettings, withTables } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { type Books, endChapter, scenario } from "./harness.ts";
import { ACCOUNT, ORG, SPEC } from "./organisation.ts";
import { is, only } from "./rules.ts";
import { codesOf, keepInStock, linesOf } from "./seen.ts";
import { mugs, onHand, STOCK, tracked } from "./stock.ts";
import { itemId } from "./store.ts";

scenario(
  "INV-01",
  "Quantity sync",
  "The store counts 12, the ledger 10; the master is the store, the ledger, or another system.",
  ({ says }) => {
    const count = (master: "store" | "ledger" | "elsewhere", counted: string) =>
      decideStock({
        master,
        sources: new Map([["default", counted]]),
        scope: ["default"],
        onHand: "10.0000",
      });
    says("never both ways: the side that is not the master is written, by the difference", () => {
      expect(count("store", "12")).toEqual({ write: "ledger", change: "2" });
      expect(count("ledger", "12")).toEqual({ write: "store", change: "-2" });
      expect(count("elsewhere", "12")).toEqual({ write: "nothing", change: "0" });
    });
    says("only differences are written", () =>
      expect((["store", "ledger", "elsewhere"] as const).map((master) => count(master, "10").write)).toEqual(
        Array(3).fill("nothing"),
      ),
    );
  },
);

scenario(
  "INV-02",
  "Negative stock / backorder",
  "5 mugs are sold and the ledger has 2; the store counts -3.",
  ({ books, says }) => {
    const ledger = books({ spec: STOCK, items: [tracked("MUG", "2")] });
    keepInStock(ledger, "MUG", 2);
    const plan = ledger.post(mugs(5));
    says("revenue is posted on time, to the same account, without the item", () => {
      expect(linesOf(ledger.invoice())).toEqual([[5, 12, 60, "OUTPUT2", ACCOUNT.sales]]);
      expect([codesOf(ledger.invoice()), onHand(ledger, "MUG")]).toEqual([[undefined], 2]);
    });
    says("the stock task is open: the plan says which item was short of what", () =>
      expect(plan.warnings).toEqual([
        "stockShort: MUG is posted without its item, 5.00 sold and 2.00 in stock",
      ]),
    );
    const holding = withSettings(STOCK, { shortStock: "hold" });
    const waiting = books({ spec: holding, items: [tracked("MUG", "2")] });
    says("or the order waits for the bill, by setting", () => {
      expect(waiting.held(mugs(5)).hold).toBe("stockShort");
      expect(waiting.plan(mugs(2)).ok).toBe(true);
    });
    says("lines of one order share the stock", () => {
      const twice = { ...mugs(4), rows: [...mugs(2).rows, ...mugs(2).rows] };
      const both = books({ spec: STOCK, items: [tracked("MUG", "3")] });
      keepInStock(both, "MUG", 3);
      both.post(twice);
      expect([codesOf(both.invoice()), onHand(both, "MUG"), both.invoice().Total]).toEqual([
        ["MUG", undefined],
        1,
        48,
      ]);
    });
    says("what is owed to customers is no stock of the ledger", () => {
      const backorder = {
        master: "store",
        sources: new Map([["default", "-3"]]),
        scope: ["default"],
      } as const;
      expect(decideStock({ ...backorder, onHand: "2" })).toEqual({ write: "ledger", change: "-2" });
    });
  },
);

scenario(
  "INV-03",
  "Multi-source (MSI)",
  "Sources LON 5, NYC 7, and OUTLET 9 out of scope; the ledger has 10. Two lines of an order are sent from LON and NYC.",
  ({ books, says }) => {
    const sources = new Map([
      ["LON", "5"],
      ["NYC", "7"],
      ["OUTLET", "9"],
    ]);
    says("the sum of the sources in scope = the ledger's quantity after it", () => {
      const decided = decideStock({ master: "store", sources, scope: ["LON", "NYC"], onHand: "10" });
      expect(10 + Number(decided.change)).toBe(5 + 7);
      expect(decided.write).toBe("ledger");
    });
    const spec = withTables(withSettings(SPEC, { tracking1Category: "Channel" }), {
      tracking1: only({ kind: "noOption" }, [[is("line.source", "LON")], { kind: "option", option: "Web" }]),
    });
    const sent = (id: number, row: number, source: string) => ({
      entity_id: id,
      increment_id: `70000000${id}`,
      order_id: 501,
      created_at: "2026-05-06 09:00:00",
      items: [{ order_item_id: itemId(row), qty: 1 }],
      tracks: [],
      extension_attributes: { source_code: source },
    });
    const ledger = books({ spec });
    ledger.post({
      ...mugs(2),
      rows: [...mugs(1).rows, ...mugs(1).rows],
      shipments: [sent(1, 0, "LON"), sent(2, 1, "NYC")],
    });
    says("where it was sent from can be a tracking option of the line", () =>
      expect(
        ledger.invoice().LineItems.map((line: Body) => line.Tracking.map(({ Option }: Body) => Option)),
      ).toEqual([["Web"], []]),
    );
  },
);

const stocktake = (change: Partial<StockAdjustment>): StockAdjustment => ({
  id: "2026-05",
  sku: "MUG",
  productId: "9",
  itemCode: "MUG",
  date: "2026-05-31",
  quantity: "2",
  unitCost: "10.00",
  onHand: "10",
  costPool: "10.00",
  ...change,
});

function adjust(ledger: Books, adjustment: StockAdjustment): void {
  const planned = planStockAdjustment(adjustment, STOCK, ORG);
  if (!planned.ok) throw new Error(planned.error.detail);
  const bodies = (resource: string) =>
    planned.value.filter((one) => one.resource === resource).map(({ body }) => body);
  // What would be lost on the way to the ledger is refused here.
  toInvoices(bodies("Invoices"));
  toCreditNotes(bodies("CreditNotes"));
  ledger.postAll(planned.value);
}

scenario(
  "INV-04",
  "Adjustment up",
  "A stocktake finds 2 mugs more, at a cost of 10.00; the ledger has 10 that cost 10.00 in all.",
  ({ books, says }) => {
    const ledger = books();
    keepInStock(ledger, "MUG", 10);
    adjust(ledger, stocktake({}));
    const bill = ledger.get("Invoices", "stock-2026-05");
    says("a bill with a Total of 0, without tax", () => {
      expect([bill.Type, bill.Total, bill.TotalTax, bill.Status]).toEqual(["ACCPAY", 0, 0, "PAID"]);
      expect(linesOf(bill).map((line: unknown[]) => [...line.slice(0, 3), line[4]])).toEqual([
        [2, 10, 20, ACCOUNT.inventory],
        [2, -10, -20, ACCOUNT.stockAdjustment],
      ]);
    });
    says("the quantity is +2 and the value +20.00, against the adjustment account", () =>
      expect([
        onHand(ledger, "MUG"),
        ledger.balance(ACCOUNT.inventory),
        ledger.balance(ACCOUNT.stockAdjustment),
      ]).toEqual([12, 30, -20]),
    );
    adjust(ledger, stocktake({}));
    says("the same stocktake is one document, however often it is planned", () =>
      expect(onHand(ledger, "MUG")).toBe(12),
    );
    const none = withSettings(STOCK, { stockAdjustmentAccount: null });
    says("without an account for it nothing is planned", () =>
      expect(planStockAdjustment(stocktake({}), none, ORG)).toMatchObject({
        ok: false,
        error: { hold: "noRule", field: "/settings/stockAdjustmentAccount" },
      }),
    );
  },
);

scenario(
  "INV-05",
  "Adjustment down",
  "2 of 12 mugs are missing, whose cost in all is 30.00; later the other 10.",
  ({ books, says }) => {
    const ledger = books();
    keepInStock(ledger, "MUG", 12, 2.5);
    adjust(ledger, stocktake({ quantity: "-2", onHand: "12", costPool: "30.00" }));
    const note = ledger.get("CreditNotes", "stock-2026-05");
    says("a supplier's credit note of 0.00 with positive quantities", () => {
      expect([note.Type, note.Total]).toEqual(["ACCPAYCREDIT", 0]);
      expect(note.LineItems.map((line: Body) => [line.Quantity, line.LineAmount])).toEqual([
        [2, 5],
        [2, -5],
      ]);
    });
    says("the quantity is -2, the value at the average cost of 2.50", () => {
      expect(onHand(ledger, "MUG")).toBe(10);
      expect([ledger.balance(ACCOUNT.inventory), ledger.balance(ACCOUNT.stockAdjustment)]).toEqual([25, 5]);
    });
    adjust(ledger, stocktake({ id: "2026-06", quantity: "-10", onHand: "10", costPool: "25.00" }));
    says("the last pieces take all of the value", () =>
      expect([onHand(ledger, "MUG"), ledger.balance(ACCOUNT.inventory)]).toEqual([0, 0]),
    );
    says("below zero is held, not sent", () =>
      expect(planStockAdjustment(stocktake({ quantity: "-11" }), STOCK, ORG)).toMatchObject({
        error: { hold: "stockShort" },
      }),
    );
    const odd = books();
    keepInStock(odd, "NAIL", 700, 0.02);
    adjust(
      odd,
      stocktake({ sku: "NAIL", itemCode: "NAIL", quantity: "-300", onHand: "700", costPool: "10.03" }),
    );
    says(
      "also where no unit price of four decimals gives the value: two lines of the item, to the cent",
      () => {
        const lines = odd.get("CreditNotes", "stock-2026-05").LineItems;
        expect(lines.filter(({ ItemCode }: Body) => ItemCode === "NAIL")).toHaveLength(2);
        expect([onHand(odd, "NAIL"), odd.balance(ACCOUNT.stockAdjustment)]).toEqual([400, 4.3]);
      },
    );
  },
);

endChapter("09-inventory-a", "Inventory: quantities");
