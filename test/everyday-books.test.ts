/**
 * The eleven everyday requests, each in all its wordings: before anybody approves, the candidate is executed on a named order,
 * and the account, the TaxType and the number of lines that it must get are stated here.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { demoEngine, demoShop, plainSpec } from "../agent/testing.ts";
import { ask } from "../agent/testing-loop.ts";
import type { MappingSpec } from "../engine/core/mapping.ts";
import type { DocumentPlan } from "../engine/core/plan.ts";
import { planSale } from "../engine/core/plan-sale.ts";
import { replaySpecs } from "../engine/core/replay.ts";
import type { CanonicalSale } from "../engine/core/sale.ts";
import type { Json } from "../engine/core/shapes.ts";
import { lineOf, saleGb } from "../engine/core/testing.ts";

const Phrases = z.object({
  requests: z.array(z.object({ id: z.string(), wordings: z.array(z.string()).min(4) })),
});
const { requests } = Phrases.parse(
  JSON.parse(readFileSync(new URL("../agent/everyday.phrases.json", import.meta.url), "utf8")),
);

const { org } = demoShop();
const before = plainSpec();

const named = (number: string, more: Partial<CanonicalSale>): CanonicalSale => ({
  ...saleGb,
  ...more,
  source: { ...saleGb.source, id: number, number },
});
const paidBy = (method: string) => ({ payment: { method, title: method } });
const group = (name: string) => ({ customer: { ...saleGb.customer, group: name } });
const untaxed = { tax: "0", taxRate: "0" };

/** The named orders: two mugs and postage unless said otherwise. */
const ORDERS = {
  "100": named("100", {}),
  "101": named("101", group("Wholesale")),
  "102": named("102", { lines: [lineOf({ id: "1", net: "30.00", tax: "6.00", sku: "SUB-12" })] }),
  "103": named("103", paidBy("paypal_express")),
  "104": named("104", paidBy("banktransfer")),
  "105": named("105", {
    lines: [
      lineOf({ id: "1", quantity: "2", net: "20.00", tax: "3.60", discount: "2.40", discountTax: "0.40" }),
    ],
    receipts: [],
    totals: { ...saleGb.totals, grandTotal: "27.60", tax: "4.60" },
  }),
  "106": named("106", {
    shipTo: saleGb.billing && { ...saleGb.billing, country: "US" },
    lines: [lineOf({ id: "1", net: "30.00", ...untaxed })],
    shipping: saleGb.shipping && { ...saleGb.shipping, tax: "0" },
    receipts: [],
    totals: { ...saleGb.totals, grandTotal: "35.00", tax: "0" },
  }),
} as const satisfies Record<string, CanonicalSale>;

/** `account TaxType amount` of each line, in order; then what else the wish is about. */
type Books = {
  readonly order: keyof typeof ORDERS;
  readonly lines: readonly string[];
  readonly also?: (plan: DocumentPlan) => void;
};

const SHIPPING_200 = "200 OUTPUT2 6.00";
const BOOKS: Readonly<Record<string, Books>> = {
  shippingAccount: { order: "100", lines: ["200 OUTPUT2 36.00", "202 OUTPUT2 6.00"] },
  wholesaleAccount: { order: "101", lines: ["205 OUTPUT2 36.00", SHIPPING_200] },
  categoryAccount: { order: "100", lines: ["260 OUTPUT2 36.00", SHIPPING_200] },
  skuPrefixAccount: { order: "102", lines: ["260 OUTPUT2 36.00", SHIPPING_200] },
  paypalClearing: {
    order: "103",
    lines: ["200 OUTPUT2 36.00", SHIPPING_200],
    also: (plan) =>
      expect(bodyOf(plan, "payment-1")).toMatchObject({ Account: { Code: "091" }, Amount: "42.00" }),
  },
  bankTransferUnpaid: {
    order: "104",
    lines: ["200 OUTPUT2 36.00", SHIPPING_200],
    also: (plan) => expect(plan.documents.map(({ step }) => step)).toEqual(["contact", "invoice"]),
  },
  drafts: {
    order: "100",
    lines: ["200 OUTPUT2 36.00", SHIPPING_200],
    also: (plan) => {
      expect(bodyOf(plan, "invoice").Status).toBe("DRAFT");
      expect(plan.documents.map(({ step }) => step)).toEqual(["contact", "invoice"]);
    },
  },
  wholesaleTerms: {
    order: "101",
    lines: ["200 OUTPUT2 36.00", SHIPPING_200],
    also: (plan) =>
      expect(bodyOf(plan, "invoice")).toMatchObject({ Date: "2026-10-31", DueDate: "2026-11-30" }),
  },
  visibleDiscounts: { order: "105", lines: ["200 OUTPUT2 24.00", SHIPPING_200, "480 OUTPUT2 -2.40"] },
  trackStore: {
    order: "100",
    lines: ["200 OUTPUT2 36.00", SHIPPING_200],
    also: (plan) => {
      for (const { Tracking } of linesOf(plan))
        expect(Tracking).toEqual([{ Name: "Channel", Option: "Web" }]);
    },
  },
  exportZeroRated: { order: "106", lines: ["200 ZERORATEDOUTPUT 30.00", "200 ZERORATEDOUTPUT 5.00"] },
};

const bodyOf = (plan: DocumentPlan, step: string): { [key: string]: Json } =>
  plan.documents.find((document) => document.step === step)?.body ?? {};
const linesOf = (plan: DocumentPlan) => bodyOf(plan, "invoice").LineItems as { [key: string]: Json }[];

function planned(spec: MappingSpec, sale: CanonicalSale): DocumentPlan {
  const plan = planSale({ sale, spec, org });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

test("there are eleven, in four wordings, and books for each", () => {
  expect(requests.map(({ id }) => id)).toEqual(Object.keys(BOOKS));
});

describe.each(requests)("$id", ({ id, wordings }) => {
  test.each(wordings)("%s", async (wording) => {
    const engine = demoEngine({ spec: before });
    const said = await ask(engine, wording);
    const candidate = engine.made.get(said.proposals[0]?.id ?? "")?.candidate;
    const books = BOOKS[id];
    const already = said.text.includes("does this already");
    if (books === undefined || (!candidate && !already)) throw new Error(said.text);
    const plan = planned(candidate ?? before, ORDERS[books.order]);
    const lines = linesOf(plan).map(
      ({ AccountCode, TaxType, LineAmount }) => `${AccountCode} ${TaxType} ${LineAmount}`,
    );
    expect(lines).toEqual(books.lines);
    books.also?.(plan);
    // Totals are the store's, whatever the mapping says.
    const sales = Object.values(ORDERS);
    const replay = replaySpecs({ base: before, candidate: candidate ?? before, sales, org });
    expect(replay).toMatchObject({ orders: sales.length, totalsChanged: 0, newlyHeld: 0 });
  });
});
