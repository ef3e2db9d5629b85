import { expect } from "vitest";
import { planSale } from "../../engine/core/plan-sale.ts";
import type { CanonicalSale } from "../../engine/core/sale.ts";
import { withTables } from "../../engine/core/testing.ts";
import { taxCents } from "../../engine/core/xero-arithmetic.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { endChapter, readSale, type StoreOrder, scenario } from "./harness.ts";
import { ACCOUNT, ORG, SPEC } from "./organisation.ts";
import { only, payment } from "./rules.ts";
import { invoiceNumbered } from "./seen.ts";
import { alone, postedIn, summaryOf, summed } from "./summaries.ts";

const SHOP = { spec: summed(SPEC), org: ORG };
const VAT = [20, 5, 0] as const;

/** Order `n` of the day: one piece with tax in its price, at one of three rates, by card or by PayPal. */
function orderOf(n: number, more: Partial<StoreOrder> = {}): StoreOrder {
  const percent = VAT[n % 3] ?? 0;
  const grossCents = 999 + ((n * 37) % 4_000);
  const tax = Number(taxCents(BigInt(grossCents), BigInt(percent * 10_000), "Inclusive"));
  const at = `2026-05-04 ${String(6 + (n % 16)).padStart(2, "0")}:${String(n % 60).padStart(2, "0")}:00`;
  return {
    id: n,
    number: String(100_000_000 + n),
    placedAt: at,
    rows: [{ sku: `SKU-${n % 9}`, rowTotal: (grossCents - tax) / 100, tax: tax / 100, percent }],
    grandTotal: grossCents / 100,
    tax: tax / 100,
    paid: grossCents / 100,
    method: n % 4 === 0 ? "paypal_express" : "stripe_payments",
    transaction: `ch_${n}`,
    ...more,
  };
}

const keyOf = (line: Body): string => `${line.AccountCode} ${line.TaxType}`;
const cents = (amount: unknown): number => Math.round(Number(amount) * 100);

/** Cents of amount and tax by account and tax type; a tax that is not stated is the ledger's own. */
function sumsOf(lines: readonly Body[]): Record<string, readonly [amount: number, tax: number]> {
  const sums: Record<string, [number, number]> = {};
  for (const line of lines) {
    const sum = sums[keyOf(line)] ?? [0, 0];
    sums[keyOf(line)] = sum;
    const rate = ORG.taxRates.find(({ taxType }) => taxType === line.TaxType)?.rate ?? "0";
    const own = taxCents(BigInt(cents(line.LineAmount)), BigInt(Number(rate) * 10_000), "Inclusive");
    sum[0] += cents(line.LineAmount);
    sum[1] += line.TaxAmount === undefined ? Number(own) : cents(line.TaxAmount);
  }
  return sums;
}

const linesOf = (body: { readonly [key: string]: unknown } | undefined): readonly Body[] =>
  (body?.LineItems ?? []) as Body[];

scenario(
  "TIME-10",
  "Daily summary instead of one invoice per order",
  "1,400 orders on 4 May at three rates, by card and by PayPal, and one of a company with a VAT number.",
  ({ books, says }) => {
    const ledger = books({ spec: SHOP.spec });
    const orders = Array.from({ length: 1_400 }, (_, index) => readSale(orderOf(index + 1)));
    const waiting = orders.map((sale) => planSale({ sale, ...SHOP }));
    const members = orders.map((sale) => alone(sale, SHOP));
    const summary = summaryOf(members, SHOP);
    ledger.postAll(summary.documents);
    const posted = ledger.invoice();
    const ofOrders = members.flatMap(({ documents }) =>
      linesOf(documents.find(({ step }) => step === "invoice")?.body),
    );

    says("every order waits for the summary, and the summary is its day's only document", () => {
      expect(new Set(waiting.map((plan) => (plan.ok ? "planned" : plan.error.hold)))).toEqual(
        new Set(["inDaySummary"]),
      );
      expect([posted.InvoiceNumber, posted.Reference, posted.Contact.Name]).toEqual([
        "DAY-2026-05-04-1-GBP",
        "1400 orders",
        "Web sales",
      ]);
    });
    says("summary.line(k) = the sum over the orders of line(k), to the cent, in amount and in tax", () => {
      const sums = sumsOf(posted.LineItems);
      expect(Object.keys(sums)).toHaveLength(3);
      expect(sums).toEqual(sumsOf(ofOrders));
    });
    says(
      "Total and TotalTax are the sums of the store's; one payment for each method, and nothing is due",
      () => {
        const storeTotal = orders.reduce((sum, { totals }) => sum + cents(totals.grandTotal), 0);
        const storeTax = orders.reduce((sum, { totals }) => sum + cents(totals.tax), 0);
        expect([cents(posted.Total), cents(posted.TotalTax), posted.AmountDue]).toEqual([
          storeTotal,
          storeTax,
          0,
        ]);
        expect(ledger.call("GET", "Payments").Payments).toHaveLength(2);
        expect(cents(ledger.balance(ACCOUNT.stripe) + ledger.balance(ACCOUNT.paypal))).toBe(storeTotal);
      },
    );
    says("tax is never computed from the day's sum, which here would be off", () => {
      const recomputed = posted.LineItems.map(({ TaxAmount: _, ...line }: Body) => line);
      expect(sumsOf(recomputed)).not.toEqual(sumsOf(posted.LineItems));
    });
    says("every order is in exactly one summary: once it is posted, the order makes nothing new", () => {
      const some = [0, 699, 1_399].map((at) => ({ sale: orders[at], member: members[at] }));
      for (const { sale, member } of some) {
        if (sale === undefined || member === undefined) throw new Error("the order is there");
        const again = planSale({ sale, ...SHOP, posted: postedIn(summary, member) });
        expect(again.ok && again.value.documents.map(({ identity }) => identity)).toEqual(
          summary.documents.map(({ identity }) => identity),
        );
      }
    });
    says("an order with a VAT number is always posted singly", () => {
      const business = orderOf(2_001, { more: { customer_taxvat: "GB123456789" } });
      const plan = planSale({ sale: readSale(business), ...SHOP });
      if (!plan.ok) throw new Error(plan.error.detail);
      ledger.postAll(plan.value.documents);
      expect(invoiceNumbered(ledger, "100002001").Total).toBe(business.grandTotal);
    });
    says("so are orders on terms, in another currency, and refunded ones", () => {
      const singly = [
        orderOf(2_002, { method: "banktransfer", paid: 0, transaction: "" }),
        orderOf(2_003, { currency: "EUR", baseCurrency: "GBP", rate: 1.17 }),
        refundedOrder(2_004),
      ];
      for (const order of singly) expect(planSale({ sale: readSale(order), ...SHOP }).ok).toBe(true);
    });
  },
);

/** The whole piece of order `n`, given back to the card. */
function refundedOrder(n: number): StoreOrder {
  const order = orderOf(n, { method: "stripe_payments" });
  const [row] = order.rows;
  return {
    ...order,
    state: "closed",
    more: { total_refunded: order.grandTotal, total_online_refunded: order.grandTotal },
    creditMemos: [
      {
        entity_id: n,
        increment_id: `8${n}`,
        order_id: n,
        state: 2,
        created_at: "2026-05-09 11:00:00",
        transaction_id: `re_${n}`,
        subtotal: Number(row?.rowTotal),
        shipping_amount: 0,
        tax_amount: Number(order.tax),
        grand_total: Number(order.grandTotal),
        items: [
          {
            order_item_id: n * 100 + 1,
            qty: 1,
            row_total: Number(row?.rowTotal),
            tax_amount: Number(row?.tax),
          },
        ],
      },
    ],
  };
}

scenario(
  "TIME-11",
  "Late order for a posted day",
  "Three orders of 4 May are in the posted summary; one more of 23:50 that day is seen on 6 May, and one of the three is refunded on 9 May.",
  ({ books, says }) => {
    const spec = withTables(SHOP.spec, { refund: only(payment(ACCOUNT.stripe)) });
    const shop = { ...SHOP, spec };
    const ledger = books({ spec });
    const orders = [1, 2, 3].map((n) => orderOf(n));
    const members = orders.map((order) => alone(readSale(order), shop));
    const first = summaryOf(members, shop);
    ledger.postAll(first.documents);
    const before = JSON.stringify(invoiceNumbered(ledger, "DAY-2026-05-04-1-GBP"));

    const late = orderOf(4, { placedAt: "2026-05-04 22:50:00" });
    const waits = planSale({ sale: readSale(late), ...shop });
    const second = summaryOf([alone(readSale(late), shop)], shop, 2);
    ledger.postAll(second.documents);
    says("the late order goes into a second summary of the same day", () => {
      const posted = invoiceNumbered(ledger, "DAY-2026-05-04-1-GBP-2");
      expect([waits.ok ? "planned" : waits.error.hold, posted.Total, posted.Date]).toEqual([
        "inDaySummary",
        late.grandTotal,
        expect.stringContaining(String(Date.parse("2026-05-04"))),
      ]);
    });
    says("the posted summary is not touched", () =>
      expect(JSON.stringify(invoiceNumbered(ledger, "DAY-2026-05-04-1-GBP"))).toBe(before),
    );

    const [member] = members;
    if (member === undefined) throw new Error("the order is there");
    const sale: CanonicalSale = readSale({ ...refundedOrder(1) });
    const refund = planSale({ sale, ...shop, posted: postedIn(first, member) });
    if (!refund.ok) throw new Error(refund.error.detail);
    ledger.postAll(refund.value.documents);
    const note = ledger.creditNote("credit-note-1");
    says(
      "a refund after it is a credit note of the order to the same contact, dated at the memo and paid out",
      () =>
        expect([note.Contact.Name, note.Total, note.RemainingCredit, note.Date]).toEqual([
          "Web sales",
          orders[0]?.grandTotal,
          0,
          expect.stringContaining(String(Date.parse("2026-05-09"))),
        ]),
    );
    says("posted summaries are immutable, also then", () =>
      expect(JSON.stringify(invoiceNumbered(ledger, "DAY-2026-05-04-1-GBP"))).toBe(before),
    );
  },
);

endChapter("08-timing-summary", "Timing: the day's summary");
