import { expect, test } from "vitest";
import type { Outcome } from "./mapping.ts";
import { planSale } from "./plan-sale.ts";
import type { CanonicalSale } from "./sale.ts";
import type { Json } from "./shapes.ts";
import { orgGb, saleGb, specGb, withSettings, withTables } from "./testing.ts";

type Body = { [key: string]: Json };

const planned = (outcome: Outcome, sale: Partial<CanonicalSale> = {}, settings = {}) => {
  const spec = withSettings(
    withTables(specGb, { taxTreatment: { rules: [], otherwise: outcome } }),
    settings,
  );
  const plan = planSale({ sale: { ...saleGb, ...sale }, spec, org: orgGb });
  if (!plan.ok) throw new Error(plan.error.detail);
  return plan.value;
};
const invoiceOf = (plan: ReturnType<typeof planned>) => plan.documents[1]?.body ?? {};
const linesOf = (plan: ReturnType<typeof planned>) =>
  (invoiceOf(plan).LineItems as Body[]).map(
    ({ Description, LineAmount, TaxType, AccountCode, TaxAmount }) => [
      Description,
      LineAmount,
      TaxType,
      AccountCode,
      TaxAmount,
    ],
  );

const liability = { kind: "taxLiability", account: "260", taxType: "NONE" } as const;
const marketplace = { kind: "marketplaceTax", account: "260", taxType: "NONE" } as const;

test("tax as a liability is one line beside goods without tax, in either mode of the mapping", () => {
  for (const lineAmountTypes of ["Inclusive", "Exclusive"]) {
    const plan = planned(liability, {}, { lineAmountTypes, taxAmounts: "everyLine" });
    expect(invoiceOf(plan).LineAmountTypes).toBe("NoTax");
    expect(linesOf(plan)).toEqual([
      ["Product 1", "30.00", "NONE", "200", undefined],
      ["Shipping: Flat rate", "5.00", "NONE", "202", undefined],
      ["Sales tax GB", "7.00", "NONE", "260", undefined],
    ]);
    expect(plan.checks.map(({ name, expected, actual }) => [name, expected, actual])).toEqual([
      ["total", "42.00", "42.00"],
      ["tax", "0.00", "0.00"],
      ["paid", "42.00", "42.00"],
    ]);
  }
});

test("the liability is named by the region that the goods go to", () => {
  const shipTo = saleGb.billing && { ...saleGb.billing, region: "Texas", country: "US" };
  expect(linesOf(planned(liability, { shipTo })).at(-1)?.[0]).toBe("Sales tax Texas");
});

test("an order without tax has no liability line", () => {
  const untaxed = {
    lines: saleGb.lines.map((line) => ({ ...line, tax: "0", taxRate: "0" })),
    shipping: saleGb.shipping && { ...saleGb.shipping, tax: "0" },
    receipts: [],
    totals: { ...saleGb.totals, grandTotal: "35.00", tax: "0" },
  };
  expect(linesOf(planned(liability, untaxed))).toHaveLength(2);
});

test("tax that a marketplace remits is shown twice, and the payment is what it pays out", () => {
  const plan = planned(marketplace);
  expect(linesOf(plan).slice(2)).toEqual([
    ["Tax collected by the marketplace", "7.00", "NONE", "260", undefined],
    ["Tax remitted by the marketplace", "-7.00", "NONE", "260", undefined],
  ]);
  const payment = plan.documents[2];
  expect([payment?.body.Amount, payment?.lineage["/Amount"]?.from]).toEqual(["35.00", "computed"]);
});

test("what the marketplace keeps comes off the last payments", () => {
  const [first] = saleGb.receipts;
  const receipts = ["38.00", "4.00"].flatMap((amount, index) =>
    first === undefined ? [] : [{ ...first, key: `ch_${index}`, transactionId: `ch_${index}`, amount }],
  );
  const amounts = planned(marketplace, { receipts })
    .documents.slice(2)
    .map(({ body }) => body.Amount);
  expect(amounts).toEqual(["35.00"]);
});
