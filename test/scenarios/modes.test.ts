/** L9 and L10 of facts/accounting.md section 5: however orders are cut into documents, the general ledger is the same. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { orgOfScenario } from "../../engine/adapters/xero/scenario.ts";
import type { MappingSpec } from "../../engine/core/mapping.ts";
import { planSale } from "../../engine/core/plan-sale.ts";
import type { CanonicalSale, SaleReceipt, StoreInvoice } from "../../engine/core/sale.ts";
import { summaryDay } from "../../engine/core/summary-member.ts";
import { saleGb, lineOf as saleLineOf, withSettings, withTables } from "../../engine/core/testing.ts";
import { memoOf, partOf } from "../../engine/core/testing-refunds.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { generateOrder } from "../../sandbox/store/generate.ts";
import { seededRandom } from "../../sandbox/store/random.ts";
import { drawSettings, generatedOrg, generatedSale } from "../generated-orders.ts";
import { type Books, quietBooks } from "./harness.ts";
import { orgJson } from "./organisation.ts";
import { only, specOf } from "./rules.ts";
import { alone, type Shop, summaryOf, summed } from "./summaries.ts";

const SEED = 20_261_124;
const ORDERS_MAX = 14;
const PLACED = ["2026-05-03", "2026-05-04", "2026-05-05"] as const;
const DAYS = [...PLACED, "2026-05-06"] as const;

const org = {
  taxRates: generatedOrg.taxRates.map(({ taxType, name, rate }) => ({ taxType, name, rate: Number(rate) })),
};
const ORG = orgOfScenario(orgJson(org));
const SPEC = specOf(org);

/** Orders of one shop, paid in full by consumers, over three days; amounts are the generator's, the currency the organisation's. */
function ordersOf(seed: number): CanonicalSale[] {
  const random = seededRandom(seed);
  const shop = drawSettings(random);
  const count = random.int(1, ORDERS_MAX);
  return Array.from({ length: count }, () => generateOrder(random, shop).order).flatMap((order, index) => {
    const sale = generatedSale(order);
    if (typeof sale === "string") return [];
    // Near midnight of the organisation, which is an hour ahead of UTC then; some are captured the day after.
    const placedAt = `${random.pick(PLACED)}T${random.pick(["22:59:59", "23:00:00", "12:00:00"])}Z`;
    const capturedAt = random.chance(0.3) ? `${DAYS[3]}T09:00:00Z` : placedAt;
    const amount = sale.totals.grandTotal;
    return [
      {
        ...sale,
        source: { ...sale.source, id: String(index + 1), number: String(100_000_001 + index) },
        placedAt,
        currency: "GBP",
        baseCurrency: "GBP",
        storeRate: "1",
        customer: { ...sale.customer, key: `C${index + 1}`, vatId: null },
        billing: sale.billing && { ...sale.billing, company: null, vatId: null },
        payment: { method: random.pick(["stripe_payments", "paypal_express"]), title: null },
        receipts: [
          { key: `ch_${index}`, amount, at: capturedAt, transactionId: `ch_${index}`, invoiceId: null },
        ],
        totals: { ...sale.totals, paid: amount },
      },
    ];
  });
}

/** Balances of all accounts after each day, and the tax of each day and tax type. */
function generalLedger(ledger: Books) {
  const balances = DAYS.map((date) =>
    ledger
      .call("GET", `Reports/TrialBalance?date=${date}`)
      .Reports[0].Rows.flatMap((section: Body) => section.Rows ?? [])
      .map((row: Body) => row.Cells.map((cell: Body) => cell.Value).join(" | ")),
  );
  const taxes: Record<string, number> = {};
  const totals = { total: 0, tax: 0 };
  for (const { InvoiceID } of ledger.call("GET", "Invoices").Invoices) {
    const [invoice] = ledger.call("GET", `Invoices/${InvoiceID}`).Invoices;
    totals.total += Math.round(invoice.Total * 100);
    totals.tax += Math.round(invoice.TotalTax * 100);
    for (const line of invoice.LineItems) {
      const key = `${invoice.Date} ${line.AccountCode} ${line.TaxType}`;
      taxes[key] = (taxes[key] ?? 0) + Math.round(line.TaxAmount * 100);
    }
  }
  return { balances, taxes, totals };
}

describe("L9", () => {
  const summaries = { days: 0, orders: 0, singly: 0 };

  /** Each order in exactly one document: the summary of its day, or an invoice of its own. */
  function postByDay(ledger: Books, sales: readonly CanonicalSale[], shop: Shop): void {
    const waiting = new Map<string, CanonicalSale[]>();
    for (const sale of sales) {
      const plan = planSale({ sale, ...shop });
      if (plan.ok) {
        summaries.singly += 1;
        ledger.postAll(plan.value.documents);
      } else {
        expect(plan.error.hold).toBe("inDaySummary");
        const day = summaryDay(alone(sale, shop));
        waiting.set(day, [...(waiting.get(day) ?? []), sale]);
      }
    }
    for (const orders of waiting.values()) {
      summaries.days += 1;
      summaries.orders += orders.length;
      ledger.postAll(
        summaryOf(
          orders.map((sale) => alone(sale, shop)),
          shop,
        ).documents,
      );
    }
  }

  test("an invoice for each order and a summary for each day give the same balance per day, account and TaxType", () => {
    const drawn = fc.record({
      seed: fc.nat({ max: 1_000_000_000 }),
      lineAmountTypes: fc.constantFrom("Inclusive" as const, "Exclusive" as const),
      discounts: fc.constantFrom("net" as const, "visible" as const),
      taxAmounts: fc.constantFrom("whereDifferent" as const, "everyLine" as const),
    });
    fc.assert(
      fc.property(drawn, ({ seed, ...settings }) => {
        const spec: MappingSpec = withSettings(SPEC, settings);
        const shop = { spec: summed(spec), org: ORG };
        const sales = ordersOf(seed).filter((sale) => planSale({ sale, spec, org: ORG }).ok);
        const [byOrder, byDay] = [quietBooks({ spec, org }), quietBooks({ spec: shop.spec, org })];
        for (const sale of sales) byOrder.postAll(alone(sale, { spec, org: ORG }).documents);
        postByDay(byDay, sales, shop);
        expect(generalLedger(byDay)).toEqual(generalLedger(byOrder));
      }),
      { numRuns: 25, seed: SEED },
    );
    console.info(`L9: seed ${SEED}, ${summaries.orders} orders in ${summaries.days} summaries`);
    expect(summaries.orders, "the property says something").toBeGreaterThan(80);
    expect(summaries.singly).toBe(0);
  });
});

describe("L10", () => {
  type Drawn = {
    readonly lines: readonly (readonly [grossCents: number, percent: 0 | 5 | 20])[];
    readonly cut: number;
    readonly back: number;
  };

  const lineOf = fc.tuple(
    fc.integer({ min: 5, max: 9_999 }),
    fc.constantFrom(0 as const, 5 as const, 20 as const),
  );
  const drawn: fc.Arbitrary<Drawn> = fc.record({
    lines: fc.array(lineOf, { minLength: 2, maxLength: 6 }),
    cut: fc.nat({ max: 4 }),
    back: fc.nat({ max: 5 }),
  });

  test("an invoice for each order and one for each store invoice give the same general ledger after all events", () => {
    const spec = withTables(SPEC, { refund: only({ kind: "payment", account: "091" }) });
    const perInvoice = withTables(spec, { documentUnit: only({ kind: "unit", unit: "storeInvoice" }) });
    const notes = { planned: 0 };
    fc.assert(
      fc.property(drawn, (draw) => {
        const sale = splitSale(draw);
        const balances = [spec, perInvoice].map((mapping) => {
          const plan = planSale({ sale, spec: mapping, org: ORG });
          if (!plan.ok) throw new Error(`${plan.error.hold}: ${plan.error.detail}`);
          const ofKind = (kind: string) =>
            plan.value.documents.filter(({ resource }) => resource === kind).length;
          notes.planned += ofKind("CreditNotes");
          expect(ofKind("Invoices")).toBe(mapping === spec ? 1 : 2);
          const ledger = quietBooks({ spec: mapping, org });
          ledger.postAll(plan.value.documents);
          return generalLedger(ledger).balances.at(-1);
        });
        expect(balances[1]).toEqual(balances[0]);
      }),
      { numRuns: 40, seed: SEED },
    );
    expect(notes.planned).toBe(80);
  });

  /** An order that is invoiced in two parts, paid with each, and one of whose lines is given back. */
  function splitSale({ lines: drawnLines, cut, back }: Drawn): CanonicalSale {
    const lines = drawnLines.map(([grossCents, percent], index) => {
      const taxCents = Math.round((grossCents * percent) / (100 + percent));
      const amounts = { net: text(grossCents - taxCents), tax: text(taxCents) };
      return {
        ...saleLineOf({ id: `${index + 1}`, ...amounts, taxRate: `${percent}` }),
        grossCents,
        taxCents,
      };
    });
    const at = 1 + (cut % (lines.length - 1));
    const [first, second] = [lines.slice(0, at), lines.slice(at)];
    const returned = lines[back % lines.length];
    if (returned === undefined) throw new Error("a line is returned");
    const own = first.includes(returned) ? "61" : "62";
    return {
      ...saleGb,
      placedAt: "2026-05-04T10:00:00Z",
      lines: lines.map(({ grossCents: _, taxCents: __, ...line }) => line),
      shipping: null,
      invoices: [storeInvoice("61", first), storeInvoice("62", second)],
      receipts: [receiptOf("61", first), receiptOf("62", second)],
      creditMemos: [
        memoOf({
          at: "2026-05-05T10:00:00Z",
          lines: [partOf({ lineId: returned.id, net: returned.net, tax: returned.tax })],
          grandTotal: text(returned.grossCents),
          tax: returned.tax,
          invoiceId: own,
        }),
      ],
      totals: {
        ...saleGb.totals,
        ...sumsOf(lines),
        paid: sumsOf(lines).grandTotal,
        refunded: text(returned.grossCents),
      },
    };
  }
});

type Priced = {
  readonly id: string;
  readonly net: string;
  readonly tax: string;
  readonly grossCents: number;
  readonly taxCents: number;
};

const text = (cents: number): string => (cents / 100).toFixed(2);

function sumsOf(lines: readonly Priced[]) {
  const gross = lines.reduce((sum, { grossCents }) => sum + grossCents, 0);
  const tax = lines.reduce((sum, { taxCents }) => sum + taxCents, 0);
  return { grandTotal: text(gross), tax: text(tax), subtotal: text(gross - tax) };
}

const storeInvoice = (id: string, lines: readonly Priced[]): StoreInvoice => ({
  id,
  number: `9000000${id}`,
  at: "2026-05-04T11:00:00Z",
  lines: lines.map(({ id: lineId, net, tax }) => partOf({ lineId, net, tax })),
  shipping: null,
  fees: [],
  grandTotal: sumsOf(lines).grandTotal,
  tax: sumsOf(lines).tax,
  state: "paid",
  tenders: [],
});

const receiptOf = (id: string, lines: readonly Priced[]): SaleReceipt => ({
  key: `ch_${id}`,
  amount: sumsOf(lines).grandTotal,
  at: "2026-05-04T11:00:00Z",
  transactionId: `ch_${id}`,
  invoiceId: id,
});
