/** Refunds in any number of parts, prorated as the store does it, end exactly at the invoice (L3, L4, L11, REF-02, REF-19). */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../sandbox/store/json.ts";
import { addTo, documentRounder, REFUNDING, shareOf } from "../../sandbox/store/prorate.ts";
import type { MappingSpec } from "./mapping.ts";
import { absOf, e4Of, formatE4, roundToCents, sumOf } from "./money.ts";
import type { DocumentPlan, PlannedDocument } from "./plan.ts";
import type { PostedDocument } from "./plan-input.ts";
import { planSale } from "./plan-sale.ts";
import type { CanonicalSale, CreditMemo, PartLine, SaleLine, StoreInvoice } from "./sale.ts";
import { lineOf, orgGb, saleGb, specGb, withSettings, withTables } from "./testing.ts";
import { partOf, postedOf, readOf, restOfBooks } from "./testing-refunds.ts";

const SEED = 20_261_124;
const RUNS = 400;

/** Two accounts at each rate, so that cents of tax can lie between accounts. */
const SPEC = withTables(specGb, {
  revenueAccount: {
    rules: [
      {
        id: "odd",
        note: "",
        when: [{ op: "startsWith", fact: "line.sku", value: "ODD" }],
        then: { kind: "account", code: "260" },
      },
    ],
    otherwise: { kind: "account", code: "200" },
  },
});

type Row = {
  quantityE4: number;
  priceCents: number;
  rate: 0 | 5 | 20;
  discountPercent: number;
  account: "ODD" | "SKU";
};
type Step = { shares: number[]; shipping: number };

const row: fc.Arbitrary<Row> = fc.record({
  quantityE4: fc.oneof(
    fc.integer({ min: 1, max: 6 }).map((pieces) => pieces * 10_000),
    fc.integer({ min: 1_000, max: 30_000 }),
  ),
  priceCents: fc.integer({ min: 1, max: 20_000 }),
  rate: fc.constantFrom(0, 5, 20),
  discountPercent: fc.constantFrom(0, 0, 10, 33),
  account: fc.constantFrom("ODD", "SKU"),
});
const step: fc.Arbitrary<Step> = fc.record({
  shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
  shipping: fc.constantFrom(0, 0, 1),
});
const store = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 4 }),
  shippingCents: fc.integer({ min: 0, max: 2_000 }),
  steps: fc.array(step, { minLength: 0, maxLength: 4 }),
});
const mapping = fc
  .record({
    lineAmountTypes: fc.constantFrom("Inclusive", "Exclusive"),
    discounts: fc.constantFrom("net", "visible"),
  })
  .map((settings): MappingSpec => withSettings(SPEC, settings));

const fixed4 = (amount: number): string => formatE4(e4Of(amount.toFixed(4)));
const cents2 = (amount: number): number => Math.round(amount * 100) / 100;

/** Prices without tax; the tax is that of the price after discount, rounded on the row. */
function lineOfRow({ quantityE4, priceCents, rate, discountPercent, account }: Row, index: number): SaleLine {
  const net = (quantityE4 / 10_000) * (priceCents / 100);
  const discount = cents2((net * discountPercent) / 100);
  return lineOf({
    id: String(index + 1),
    sku: `${account}-${index}`,
    quantity: fixed4(quantityE4 / 10_000),
    net: fixed4(net),
    discount: fixed4(discount),
    tax: fixed4(cents2(((net - discount) * rate) / 100)),
    taxRate: String(rate),
  });
}

function orderOf(rows: readonly Row[], shippingCents: number): CanonicalSale {
  const lines = rows.map(lineOfRow);
  const shippingTax = cents2(shippingCents / 500);
  const shipping = saleGb.shipping && {
    ...saleGb.shipping,
    net: fixed4(shippingCents / 100),
    tax: fixed4(shippingTax),
    taxRate: "20",
  };
  const taxE4 = sumOf(lines.map(({ tax }) => e4Of(tax))) + e4Of(fixed4(shippingTax));
  const netE4 =
    sumOf(lines.map(({ net, discount }) => e4Of(net) - e4Of(discount))) + e4Of(fixed4(shippingCents / 100));
  const totals = { ...saleGb.totals, grandTotal: formatE4(netE4 + taxE4), tax: formatE4(taxE4) };
  const receipts = saleGb.receipts.map((receipt) => ({ ...receipt, amount: totals.grandTotal }));
  return { ...saleGb, lines, shipping, receipts, totals };
}

const NAMES = ["row_total", "tax_amount", "discount_amount"] as const;

/** The store's running sums of an item, which proration reads. */
const itemOf = ({ quantity, net, tax, discount }: SaleLine): JsonObject => ({
  qty_ordered: Number(quantity),
  qty_invoiced: Number(quantity),
  row_invoiced: Number(net),
  tax_invoiced: Number(tax),
  discount_invoiced: Number(discount),
});

/** Random shares of what is left, and at the end all of it: whole pieces of whole items, any part of others. */
function memosOf(sale: CanonicalSale, steps: readonly Step[]): CreditMemo[] {
  const items = sale.lines.map(itemOf);
  let isShippingOpen = sale.shipping !== null;
  const all: Step[] = [...steps, { shares: [1, 1, 1, 1], shipping: 1 }];
  return all.flatMap(({ shares, shipping }, index) => {
    const round = documentRounder();
    const lines = sale.lines.flatMap((line, place): PartLine[] => {
      const item = items[place] ?? {};
      const left = Number(item.qty_invoiced) - Number(item.qty_refunded ?? 0);
      const wanted = left * (shares[place] ?? 0);
      const isWhole = Number.isInteger(Number(line.quantity));
      const quantity = Number(fixed4(isWhole ? Math.round(wanted) : wanted));
      if (quantity <= 0) return [];
      const [net, tax, discount] = NAMES.map((name) => {
        const share = shareOf({ item, name, side: "order", stage: REFUNDING, quantity, round });
        addTo(item, REFUNDING.used(name), share);
        return share;
      });
      addTo(item, "qty_refunded", quantity);
      return [
        {
          lineId: line.id,
          quantity: fixed4(quantity),
          net: fixed4(net ?? 0),
          tax: fixed4(tax ?? 0),
          discount: fixed4(discount ?? 0),
          discountTax: "0",
          fixedTaxNet: "0",
          fixedTaxTax: "0",
          backToStock: false,
        },
      ];
    });
    const ships = shipping === 1 && isShippingOpen;
    if (ships) isShippingOpen = false;
    if (lines.length === 0 && !ships) return [];
    return [memoWith(sale, lines, ships, index)];
  });
}

function memoWith(sale: CanonicalSale, lines: PartLine[], ships: boolean, index: number): CreditMemo {
  const shipping = ships ? sale.shipping : null;
  const charges = shipping === null ? lines : [...lines, shipping];
  const taxE4 = sumOf(charges.map(({ tax }) => e4Of(tax)));
  const netE4 = sumOf(charges.map(({ net, discount }) => e4Of(net) - e4Of(discount)));
  const grandTotal = formatE4(netE4 + taxE4);
  return {
    id: String(900 + index),
    number: `0000009${index}`,
    at: `2026-11-1${index}T10:00:00Z`,
    lines,
    shipping,
    fees: [],
    grandTotal,
    tax: formatE4(taxE4),
    invoiceId: null,
    adjustmentRefund: "0",
    adjustmentFee: "0",
    refunds: [{ destination: "gateway", amount: grandTotal, transactionId: `re_${index}` }],
  };
}

function planned(
  sale: CanonicalSale,
  spec: MappingSpec,
  posted: readonly PostedDocument[] = [],
): DocumentPlan {
  const plan = planSale({ sale, spec, org: orgGb, posted });
  if (!plan.ok)
    throw new Error(JSON.stringify({ held: plan.error, memos: sale.creditMemos, lines: sale.lines }));
  return plan.value;
}

const refundedSale = (sale: CanonicalSale, creditMemos: CreditMemo[]): CanonicalSale => ({
  ...sale,
  creditMemos,
  totals: {
    ...sale.totals,
    refunded: formatE4(sumOf(creditMemos.map(({ grandTotal }) => e4Of(grandTotal)))),
  },
});

const totalOf = (documents: readonly PlannedDocument[], resource: string, sale: CanonicalSale): bigint =>
  sumOf(
    documents
      .filter((document) => document.resource === resource)
      .map((document) => readOf(document, sale).totalCents),
  );

/** Two store invoices of the order's rows, postage on the first, as the store makes them; each was paid. */
function inStoreInvoices(sale: CanonicalSale): CanonicalSale {
  const half = Math.ceil(sale.lines.length / 2);
  const invoices = [sale.lines.slice(0, half), sale.lines.slice(half)].flatMap(
    (lines, index): StoreInvoice[] => {
      const shipping = index === 0 ? sale.shipping : null;
      const charges = shipping === null ? lines : [...lines, shipping];
      if (charges.length === 0) return [];
      const taxE4 = sumOf(charges.map(({ tax }) => e4Of(tax)));
      const netE4 = sumOf(charges.map(({ net, discount }) => e4Of(net) - e4Of(discount)));
      return [
        {
          id: String(60 + index),
          number: `0000006${index}`,
          at: "2026-11-01T09:00:00Z",
          lines: lines.map(({ id, quantity, net, tax, discount }) =>
            partOf({ lineId: id, quantity, net, tax, discount }),
          ),
          shipping,
          fees: [],
          grandTotal: formatE4(netE4 + taxE4),
          tax: formatE4(taxE4),
          state: "paid",
          tenders: [],
        },
      ];
    },
  );
  const receipts = invoices.map(({ id, grandTotal, at }) => ({
    key: `ch_${id}`,
    amount: grandTotal,
    at,
    transactionId: `ch_${id}`,
    invoiceId: id,
  }));
  return { ...sale, invoices, receipts };
}

/** Posts the order, then memo by memo, and checks the books after each. */
function checkSequence(sale: CanonicalSale, memos: CreditMemo[], spec: MappingSpec): void {
  let posted: PostedDocument[] = postedOf(planned(sale, spec));
  const invoicedCents = totalOf(planned(sale, spec).documents, "Invoices", sale);
  for (const [index, memo] of memos.entries()) {
    const current = refundedSale(sale, memos.slice(0, index + 1));
    const plan = planned(current, spec, posted);
    posted = postedOf(plan);
    const note = plan.documents.find(
      ({ identity }) => identity.sourceId === memo.id && identity.kind === "creditNote",
    );
    if (note !== undefined) {
      const slack = index === memos.length - 1 ? BigInt(memos.length) : 0n;
      const gap = readOf(note, current).totalCents - roundToCents(e4Of(memo.grandTotal));
      expect(absOf(gap)).toBeLessThanOrEqual(slack);
    }
    // L3: nothing is given back that was not sold; discounts and rounding are below zero.
    for (const [bucket, { netCents }] of restOfBooks(plan.documents, current))
      if (!/^(480|860)/.test(bucket)) expect(netCents, bucket).toBeGreaterThanOrEqual(0n);
    // L4: no more leaves than came.
    const out = plan.documents.filter(({ identity }) => identity.kind === "refund");
    expect(sumOf(out.map(({ body }) => e4Of(String(body.Amount)) / 100n))).toBeLessThanOrEqual(invoicedCents);
  }
  const whole = refundedSale(sale, memos);
  const { documents } = planned(whole, spec, posted);
  const taxes = new Map<string, bigint>();
  for (const [bucket, { netCents, taxCents }] of restOfBooks(documents, whole)) {
    expect(netCents, bucket).toBe(0n);
    const taxType = bucket.split(" ")[1] ?? "";
    taxes.set(taxType, (taxes.get(taxType) ?? 0n) + taxCents);
  }
  for (const [taxType, cents] of taxes) expect(cents, taxType).toBe(0n);
  expect(totalOf(documents, "CreditNotes", whole)).toBe(invoicedCents);
}

describe("refunds in parts", () => {
  test("end at the invoice per account and tax type, never above it on the way", () => {
    fc.assert(
      fc.property(store, mapping, ({ rows, shippingCents, steps }, spec) => {
        const sale = orderOf(rows, shippingCents);
        fc.pre(e4Of(sale.totals.grandTotal) > 0n);
        checkSequence(sale, memosOf(sale, steps), spec);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  test("end at the sum of the store invoices, where each is a document", () => {
    fc.assert(
      fc.property(store, mapping, ({ rows, shippingCents, steps }, settings) => {
        const sale = inStoreInvoices(orderOf(rows, shippingCents));
        fc.pre(sale.invoices.every(({ grandTotal }) => roundToCents(e4Of(grandTotal)) > 0n));
        const spec = withTables(settings, {
          documentUnit: { rules: [], otherwise: { kind: "unit", unit: "storeInvoice" } },
        });
        checkSequence(sale, memosOf(sale, steps), spec);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  test("are the same notes, whether they are planned one by one or all at once (P1, P10)", () => {
    fc.assert(
      fc.property(store, mapping, ({ rows, shippingCents, steps }, spec) => {
        const sale = orderOf(rows, shippingCents);
        fc.pre(e4Of(sale.totals.grandTotal) > 0n);
        const memos = memosOf(sale, steps);
        const whole = refundedSale(sale, memos);
        let posted: PostedDocument[] = [];
        for (let count = 0; count <= memos.length; count += 1)
          posted = postedOf(planned(refundedSale(sale, memos.slice(0, count)), spec, posted));
        const bodies = (documents: readonly PostedDocument[]) =>
          documents.map(({ step, body }) => ({ step, body }));
        expect(bodies(posted)).toEqual(bodies(postedOf(planned(whole, spec))));
      }),
      { seed: SEED, numRuns: RUNS / 4 },
    );
  });

  test("are not touched by a mapping that has changed since (P10, REF: accounts of the invoice)", () => {
    const other = withTables(withSettings(SPEC, { lineAmountTypes: "Exclusive", discounts: "visible" }), {
      revenueAccount: { rules: [], otherwise: { kind: "account", code: "202" } },
      taxType: { rules: [], otherwise: { kind: "taxType", taxType: "NONE" } },
    });
    fc.assert(
      fc.property(store, ({ rows, shippingCents, steps }) => {
        const sale = orderOf(rows, shippingCents);
        fc.pre(e4Of(sale.totals.grandTotal) > 0n);
        const whole = refundedSale(sale, memosOf(sale, steps));
        const posted = postedOf(planned(sale, SPEC));
        const bodies = ({ documents }: DocumentPlan) => documents.map(({ step, body }) => ({ step, body }));
        expect(bodies(planned(whole, other, posted))).toEqual(bodies(planned(whole, SPEC, posted)));
      }),
      { seed: SEED, numRuns: RUNS / 4 },
    );
  });
});
