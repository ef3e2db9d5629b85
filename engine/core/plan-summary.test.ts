import { describe, expect, test } from "vitest";
import { assert } from "./assert.ts";
import { e4Of } from "./money.ts";
import { type DocumentPlan, leafPointers } from "./plan.ts";
import type { PlanInput, PostedDocument } from "./plan-input.ts";
import { planAlone, planSale } from "./plan-sale.ts";
import { planDaySummary } from "./plan-summary.ts";
import type { CanonicalSale } from "./sale.ts";
import { inDaySummary, shareOf, summaryDay } from "./summary-member.ts";
import { lineOf, orgGb, saleGb, specGb, withSettings, withTables } from "./testing.ts";
import { memoOf } from "./testing-refunds.ts";

const summed = withTables(specGb, {
  documentUnit: { rules: [], otherwise: { kind: "unit", unit: "daySummary" } },
});

const saleOf = (n: number, change: Partial<CanonicalSale> = {}): CanonicalSale => ({
  ...saleGb,
  source: { ...saleGb.source, id: String(n), number: `00000000${n}` },
  receipts: saleGb.receipts.map((receipt) => ({ ...receipt, key: `ch_${n}`, transactionId: `ch_${n}` })),
  ...change,
});
/** One mug given back. */
const refunded = (sale: CanonicalSale): CanonicalSale => ({
  ...sale,
  creditMemos: [memoOf()],
  totals: { ...sale.totals, refunded: "12.00" },
});
const inputOf = (sale: CanonicalSale, spec = summed): PlanInput => ({ sale, spec, org: orgGb });

function alone(sale: CanonicalSale, spec = summed): DocumentPlan {
  const plan = planAlone(inputOf(sale, spec));
  assert(plan.ok, "the order is planned alone");
  return plan.value;
}

const summaryOf = (members: readonly DocumentPlan[], sequence = 1): DocumentPlan =>
  planDaySummary({
    spec: summed,
    org: orgGb,
    store: "1",
    day: "2026-10-31",
    currency: "GBP",
    sequence,
    members,
  });

const bodyOf = (plan: DocumentPlan, step: string) => {
  const document = plan.documents.find((one) => one.step === step);
  assert(document !== undefined, `${step} is planned`);
  return document.body;
};

describe("which orders wait for the day's summary", () => {
  const outcomeOf = (change: Partial<CanonicalSale>, spec = summed): string => {
    const plan = planSale(inputOf(saleOf(1, change), spec));
    return plan.ok ? "singly" : plan.error.hold;
  };

  test("a consumer's order in the base currency that is paid in full, and by its day", () => {
    expect(outcomeOf({})).toBe("inDaySummary");
    const plan = alone(saleOf(1));
    expect([summaryDay(plan), inDaySummary(plan).detail]).toEqual([
      "2026-10-31",
      expect.stringContaining("2026-10-31"),
    ]);
  });

  test("the day is that of the event that dates invoices, in the organisation's time zone", () => {
    const sydney = { ...orgGb, timezone: "Australia/Sydney" };
    const dayOf = (spec = summed) => {
      const plan = planAlone({ sale: saleOf(1), spec, org: sydney });
      return plan.ok ? summaryDay(plan.value) : plan.error.hold;
    };
    expect([dayOf(), dayOf(withSettings(summed, { invoiceDate: "paid" }))]).toEqual([
      "2026-11-01",
      "2026-11-01",
    ]);
    expect(summaryDay(alone(saleOf(1), withSettings(summed, { invoiceDate: "paid" })))).toBe("2026-11-01");
  });

  test("a business goes singly, by its name or its VAT number", () => {
    const { billing, customer } = saleGb;
    assert(billing !== null, "the sale has an address");
    expect(outcomeOf({ billing: { ...billing, company: "Ada Ltd" } })).toBe("singly");
    expect(outcomeOf({ customer: { ...customer, vatId: "GB123456789" } })).toBe("singly");
  });

  test("what is not paid in full goes singly: nothing, a part, or money that is not booked", () => {
    const [receipt] = saleGb.receipts;
    assert(receipt !== undefined, "the sale is paid");
    expect(outcomeOf({ receipts: [] })).toBe("singly");
    expect(outcomeOf({ receipts: [{ ...receipt, amount: "41.99" }] })).toBe("singly");
    const onTerms = withTables(summed, { payment: { rules: [], otherwise: { kind: "unpaid" } } });
    expect(outcomeOf({}, onTerms)).toBe("singly");
  });

  test("a draft, another currency and a refunded order go singly", () => {
    const drafts = withTables(summed, {
      invoiceStatus: { rules: [], otherwise: { kind: "status", status: "DRAFT" } },
      payment: { rules: [], otherwise: { kind: "unpaid" } },
    });
    expect(outcomeOf({}, drafts)).toBe("singly");
    const euro = withSettings(summed, { currencies: ["GBP", "EUR"], rateFrom: "store" });
    expect(outcomeOf({ currency: "EUR", storeRate: "1.17" }, euro)).toBe("singly");
    expect(outcomeOf(refunded(saleOf(1)))).toBe("singly");
  });

  test("where the ledger computes all tax itself no order is summed", () => {
    expect(outcomeOf({}, withSettings(summed, { taxAmounts: "never" }))).toBe("singly");
  });

  test("an order that moves stock goes singly, since a sum names no item", () => {
    const spec = withSettings(summed, { items: "link" });
    const withItem = (tracked: boolean) => {
      const items = new Map([["SKU-1", { code: "SKU-1", tracked, onHand: tracked ? "9" : null }]]);
      const plan = planSale({ ...inputOf(saleOf(1), spec), items });
      return plan.ok ? plan.value.documents.flatMap(({ resource }) => resource) : plan.error.hold;
    };
    expect(withItem(true)).toContain("Invoices");
    expect(withItem(false)).toBe("inDaySummary");
  });

  test("what would be held alone is held for its own reason", () => {
    expect(outcomeOf({ totals: { ...saleGb.totals, grandTotal: "50.00" } })).not.toBe("inDaySummary");
    const locked = planSale({ ...inputOf(saleOf(1)), org: { ...orgGb, periodLockDate: "2026-10-31" } });
    expect(locked).toMatchObject({ ok: false, error: { hold: "periodLocked" } });
  });
});

describe("the day's summary", () => {
  const reduced = { lines: [lineOf({ id: "1", net: "30.00", tax: "1.50", taxRate: "5" })], shipping: null };
  const other = saleOf(3, {
    ...reduced,
    receipts: [
      { key: "ch_3", amount: "31.50", at: "2026-11-01T09:00:00Z", transactionId: "ch_3", invoiceId: null },
    ],
    payment: { method: "paypal_express", title: "PayPal" },
    totals: { ...saleGb.totals, grandTotal: "31.50", tax: "1.50", subtotal: "30.00", paid: "31.50" },
  });
  const members = [saleOf(1), saleOf(2), other].map((sale) => alone(sale));

  test("has one line for each account and tax type, with the sums of the orders' cents", () => {
    const plan = summaryOf(members);
    const lines = bodyOf(plan, "invoice").LineItems as { [key: string]: string }[];
    expect(lines.map((line) => [line.AccountCode, line.TaxType, line.LineAmount, line.TaxAmount])).toEqual([
      ["200", "OUTPUT2", "72.00", "12.00"],
      ["200", "RROUTPUT", "31.50", "1.50"],
      ["202", "OUTPUT2", "12.00", "2.00"],
    ]);
    expect(plan.checks).toEqual([
      { step: "invoice", name: "total", expected: "115.50", actual: "115.50", currency: "GBP" },
      { step: "invoice", name: "tax", expected: "15.50", actual: "15.50", currency: "GBP" },
      { step: "invoice", name: "paid", expected: "115.50", actual: "115.50", currency: "GBP" },
    ]);
  });

  test("is for the shared contact, numbered and dated by its day, and every leaf has a lineage", () => {
    const plan = summaryOf(members);
    expect(bodyOf(plan, "contact").Name).toBe("Web sales");
    expect(bodyOf(plan, "invoice")).toMatchObject({
      InvoiceNumber: "DAY-2026-10-31-1-GBP",
      Reference: "3 orders",
      Date: "2026-10-31",
      DueDate: "2026-10-31",
      Status: "AUTHORISED",
    });
    for (const { body, lineage } of plan.documents)
      expect(leafPointers(body).sort()).toEqual(Object.keys(lineage).sort());
  });

  test("money keeps its day: one payment for each account and day of capture", () => {
    const early = saleOf(4, {
      receipts: [
        { key: "ch_4", amount: "42.00", at: "2026-10-31T23:40:00Z", transactionId: "ch_4", invoiceId: null },
      ],
    });
    const plan = summaryOf([...members, alone(early)]);
    const payments = plan.documents.filter(({ resource }) => resource === "Payments");
    const shown = payments.map(({ body }) => [
      (body.Account as { Code: string }).Code,
      body.Date,
      body.Amount,
    ]);
    expect(new Set(shown.map(([code]) => code)).size).toBe(2);
    expect(shown.map(([, date, amount]) => [date, amount]).sort()).toEqual([
      ["2026-10-31", "42.00"],
      ["2026-11-01", "31.50"],
      ["2026-11-01", "84.00"],
    ]);
    expect(new Set(payments.map(({ identity }) => identity.part)).size).toBe(3);
    expect(new Set(payments.map(({ body }) => body.Reference)).size).toBe(3);
  });

  test("the same orders in another order give the same documents, a second summary of the day another number", () => {
    expect(summaryOf(members.toReversed()).documents.map(({ body }) => body.LineItems)).toEqual(
      summaryOf(members).documents.map(({ body }) => body.LineItems),
    );
    const second = summaryOf(members, 2);
    expect(bodyOf(second, "invoice").InvoiceNumber).toBe("DAY-2026-10-31-1-GBP-2");
    const keysOf = (plan: DocumentPlan) =>
      plan.documents.filter(({ step }) => step !== "contact").map(({ identity }) => JSON.stringify(identity));
    expect(keysOf(second).some((key) => keysOf(summaryOf(members)).includes(key))).toBe(false);
  });
});

describe("an order that is in a posted summary", () => {
  const member = alone(saleOf(1));
  const summary = summaryOf([member, alone(saleOf(2))]);
  const posted: PostedDocument[] = summary.documents.map(({ step, resource, identity, body, lineage }) => ({
    step,
    resource,
    identity,
    body,
    lineage,
    ledgerId: `id-${step}`,
    ...(step === "invoice" && { share: shareOf(member) }),
  }));

  test("makes nothing new as long as it does not change, whatever the mapping says now", () => {
    for (const spec of [summed, specGb]) {
      const plan = planSale({ ...inputOf(saleOf(1), spec), posted });
      assert(plan.ok, "the order is planned");
      expect(plan.value.documents.map(({ identity }) => identity)).toEqual(
        posted.map(({ identity }) => identity),
      );
      expect(plan.value.documents.map(({ body }) => body)).toEqual(posted.map(({ body }) => body));
    }
  });

  test("is refunded by a credit note of its own for its own lines, to the summary's contact, from the account of its money", () => {
    const spec = withTables(summed, {
      refund: { rules: [], otherwise: { kind: "payment", account: "092" } },
    });
    const plan = planSale({ ...inputOf(refunded(saleOf(1)), spec), posted });
    assert(plan.ok, "the refund is planned");
    const fresh = plan.value.documents.slice(posted.length);
    expect(fresh.map(({ resource }) => resource)).toEqual(["CreditNotes", "Payments"]);
    const [note, refund] = fresh;
    const lines = note?.body.LineItems as { LineAmount: string }[];
    expect(lines.map(({ LineAmount }) => e4Of(LineAmount)).reduce((a, b) => a + b, 0n)).toBe(e4Of("12.00"));
    expect(note?.lineage["/Contact/ContactID"]).toEqual({
      from: "receipt",
      step: "contact",
      field: "ContactID",
    });
    expect(refund?.body).toMatchObject({ Amount: "12.00", Account: { Code: "092" } });
  });
});
