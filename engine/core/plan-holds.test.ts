/** Sales that would be booked wrong in silence: each is held with its reason, and the sale on the other side of the border is planned. */
import { describe, expect, test } from "vitest";
import type { Hold } from "./hold.ts";
import type { DecisionTable, MappingSpec, Rule } from "./mapping.ts";
import { planSale } from "./plan-sale.ts";
import type { CanonicalSale } from "./sale.ts";
import type { Json } from "./shapes.ts";
import { lineOf, orgGb, saleGb, specGb, withSettings, withTables } from "./testing.ts";

type Given = { readonly sale?: Partial<CanonicalSale>; readonly spec?: MappingSpec };

const planOf = ({ sale = {}, spec = specGb }: Given) =>
  planSale({ sale: { ...saleGb, ...sale }, spec, org: orgGb });

/** The hold and its field, or "planned". */
function outcomeOf(given: Given): Hold | "planned" {
  const plan = planOf(given);
  return plan.ok ? "planned" : plan.error.hold;
}

function bodyOf(given: Given, step: string): { [key: string]: Json } {
  const plan = planOf(given);
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value.documents.find((document) => document.step === step)?.body ?? {};
}

const totalOf = (grandTotal: string, tax: string) => ({ ...saleGb.totals, grandTotal, tax, paid: "0" });

/** One line and nothing else, unpaid. */
const only = (line: Partial<CanonicalSale["lines"][number]>, grandTotal: string, tax: string) => ({
  lines: [lineOf({ id: "1", ...line })],
  shipping: null,
  receipts: [],
  totals: totalOf(grandTotal, tax),
});

const ruled = (when: Rule["when"], then: Rule["then"], otherwise: DecisionTable["otherwise"]) => ({
  rules: [{ id: "r", note: "", when, then }],
  otherwise,
});

describe("what happened to the order since", () => {
  const since = (totals: Partial<CanonicalSale["totals"]>, state = "processing"): Given => ({
    sale: { state, totals: { ...saleGb.totals, ...totals } },
  });

  test("a refund, even of a cent, waits for a person, since no credit note is written yet", () => {
    expect(outcomeOf(since({ refunded: "0.01" }))).toBe("refunded");
    expect(outcomeOf(since({ refunded: "0.00" }))).toBe("planned");
  });

  test("a closed order was refunded, also where that went to store credit and no total tells it", () => {
    expect(outcomeOf(since({}, "closed"))).toBe("refunded");
    const free = { net: "10.00", tax: "0", discount: "10.00" };
    expect(outcomeOf({ sale: { ...only(free, "0.00", "0"), state: "closed" } })).toBe("planned");
  });

  test("a part that was cancelled is not invoiced", () => {
    expect(outcomeOf(since({ cancelled: "0.01" }))).toBe("partlyCancelled");
    expect(outcomeOf(since({}, "canceled"))).toBe("partlyCancelled");
  });

  test("an order that is not booked for another reason says that one", () => {
    const spec = withSettings(specGb, { cutOverDate: "2026-11-01" });
    expect(outcomeOf({ ...since({ refunded: "1.00" }), spec })).toBe("beforeCutOver");
  });
});

describe("tax that its rate does not give", () => {
  test.each([
    ["a line at a lower tax than its rate", only({ tax: "0.50" }, "10.50", "0.50"), "taxDiffersFromRate"],
    ["a line at a higher tax", only({ tax: "2.50" }, "12.50", "2.50"), "taxDiffersFromRate"],
    ["a taxed line at 0 %", only({ taxRate: "0" }, "12.00", "2.00"), "taxDiffersFromRate"],
    ["a line within the rounding of its pieces", only({ tax: "2.03" }, "12.03", "2.03"), "planned"],
    ["a line beyond it", only({ tax: "2.04" }, "12.04", "2.04"), "taxDiffersFromRate"],
    [
      "tax rounded on each of many pieces",
      only({ quantity: "500", net: "235.00", tax: "45.00" }, "280.00", "45.00"),
      "planned",
    ],
    [
      "tax taken before the discount",
      only({ net: "100.00", tax: "20.00", discount: "90.00" }, "30.00", "20.00"),
      "planned",
    ],
    [
      "a fixed product tax at another rate",
      only({ fixedTaxNet: "5.00", fixedTaxTax: "0.25" }, "17.25", "2.25"),
      "taxDiffersFromRate",
    ],
  ])("%s", (_, sale, outcome) => {
    expect(outcomeOf({ sale })).toBe(outcome);
  });

  const shippedAt = (tax: string, taxRate: string | null, grandTotal: string, total: string): Given => ({
    sale: {
      shipping: saleGb.shipping && { ...saleGb.shipping, tax, taxRate },
      receipts: [],
      totals: totalOf(grandTotal, total),
    },
  });

  test("shipping is never given the rate of the goods when its tax is another", () => {
    expect(outcomeOf(shippedAt("0.25", null, "41.25", "6.25"))).toBe("taxRateUnknown");
    expect(outcomeOf(shippedAt("0.25", "20", "41.25", "6.25"))).toBe("taxDiffersFromRate");
    expect(outcomeOf(shippedAt("1.00", "20", "42.00", "7.00"))).toBe("planned");
  });

  const feeSpec = (taxType: string) =>
    withTables(specGb, {
      feeAccount: { rules: [], otherwise: { kind: "account", code: "260" } },
      feeTaxType: { rules: [], otherwise: { kind: "taxType", taxType } },
    });
  const withFee = (gross: string, tax: string, grandTotal: string, total: string) => ({
    fees: [{ code: "giftWrap", gross, tax }],
    receipts: [],
    totals: totalOf(grandTotal, total),
  });

  test("a taxed fee needs a tax type of its rate, an untaxed one a type of 0 %", () => {
    const taxed = withFee("2.40", "0.40", "44.40", "7.40");
    expect(outcomeOf({ sale: taxed, spec: feeSpec("NONE") })).toBe("taxDiffersFromRate");
    expect(outcomeOf({ sale: taxed, spec: feeSpec("RROUTPUT") })).toBe("taxDiffersFromRate");
    expect(outcomeOf({ sale: taxed, spec: feeSpec("OUTPUT2") })).toBe("planned");
    const untaxed = withFee("2.40", "0", "44.40", "7.00");
    expect(outcomeOf({ sale: untaxed, spec: feeSpec("OUTPUT2") })).toBe("taxDiffersFromRate");
    expect(outcomeOf({ sale: untaxed, spec: feeSpec("NONE") })).toBe("planned");
  });

  test("without stated tax amounts, Xero's own tax may differ by the rounding limit and no more", () => {
    const spec = withSettings(specGb, { taxAmounts: "never" });
    const pieces = (tax: string, total: string) => only({ quantity: "10", net: "10.00", tax }, total, tax);
    expect(outcomeOf({ sale: pieces("2.06", "12.06"), spec })).toBe("planned");
    expect(outcomeOf({ sale: pieces("2.10", "12.10"), spec })).toBe("totalsDiffer");
    const exclusive = withSettings(spec, { lineAmountTypes: "Exclusive" });
    expect(outcomeOf({ sale: pieces("2.05", "12.05"), spec: exclusive })).toBe("planned");
    expect(outcomeOf({ sale: pieces("2.06", "12.06"), spec: exclusive })).toBe("totalsDiffer");
  });

  test("noise of the tax and noise of the total are not added up to a rounding line", () => {
    const lines = Array.from({ length: 50 }, (_, index) => lineOf({ id: String(index) }));
    const sale = { lines, shipping: null, receipts: [], totals: totalOf("599.9840", "99.9900") };
    const items = bodyOf({ sale }, "invoice").LineItems as { Description: string }[];
    expect(items).toHaveLength(50);
  });

  test("a few cents of nothing are no invoice", () => {
    const sale = { lines: [], shipping: null, receipts: [], totals: totalOf("0.02", "0") };
    expect(outcomeOf({ sale })).toBe("unmappedTotal");
    expect(outcomeOf({ sale: { ...sale, totals: totalOf("0", "0") } })).toBe("nothingToPost");
  });

  test("half a cent of tax that no part lists is held, not thrown", () => {
    const lines = Array.from({ length: 20 }, (_, index) =>
      lineOf({ id: String(index), net: "1.00", tax: "0", taxRate: "0" }),
    );
    const sale = { lines, shipping: null, receipts: [], totals: totalOf("20.00", "0.0055") };
    expect(outcomeOf({ sale })).toBe("totalsDiffer");
  });
});

describe("what is no revenue and no card money", () => {
  const tender = {
    receipts: [],
    tenders: [{ kind: "giftCard" as const, amount: "10.00" }],
    totals: totalOf("32.00", "7.00"),
  };
  const paying = (when: Rule["when"]) =>
    withTables(specGb, {
      payment: ruled(when, { kind: "payment", account: "091" }, { kind: "payment", account: "092" }),
    });

  test("a tender goes to an account only by a rule that names it", () => {
    const at = (when: Rule["when"]) => outcomeOf({ sale: tender, spec: paying(when) });
    expect(at([{ op: "is", fact: "payment.method", value: "giftCard" }])).toBe("planned");
    expect(at([{ op: "oneOf", fact: "payment.method", values: ["giftCard", "storeCredit"] }])).toBe(
      "planned",
    );
    expect(at([{ op: "is", fact: "order.currency", value: "GBP" }])).toBe("noRule");
    expect(at([{ op: "isNot", fact: "payment.method", value: "banktransfer" }])).toBe("noRule");
  });

  test("a gift card that is sold is a liability: rules that look at the line decide its account and tax type", () => {
    const sale = only({ productType: "giftcard", net: "50.00", tax: "0", taxRate: "0" }, "50.00", "0");
    const giftCard: Rule["when"] = [{ op: "is", fact: "line.productType", value: "giftcard" }];
    const anyOrder: Rule["when"] = [{ op: "is", fact: "order.currency", value: "GBP" }];
    const spec = (account: Rule["when"], tax: Rule["when"]) =>
      withTables(specGb, {
        revenueAccount: ruled(account, { kind: "account", code: "260" }, { kind: "account", code: "200" }),
        taxType: ruled(tax, { kind: "taxType", taxType: "NONE" }, { kind: "taxType", taxType: "NONE" }),
      });
    expect(outcomeOf({ sale })).toBe("noRule");
    expect(outcomeOf({ sale, spec: spec(anyOrder, giftCard) })).toBe("noRule");
    expect(outcomeOf({ sale, spec: spec(giftCard, anyOrder) })).toBe("noRule");
    expect(outcomeOf({ sale, spec: spec(giftCard, giftCard) })).toBe("planned");
  });

  test("what was paid by gift card counts as paid", () => {
    const plan = planOf({
      sale: tender,
      spec: paying([{ op: "is", fact: "payment.method", value: "giftCard" }]),
    });
    expect(plan.ok && plan.value.checks.find(({ name }) => name === "paid")).toMatchObject({
      expected: "10.00",
      actual: "10.00",
    });
  });
});

describe("taxes that the store does not list", () => {
  const spec = withTables(specGb, {
    taxType: ruled(
      [{ op: "includes", fact: "line.appliedTaxes", value: "FR-OSS" }],
      { kind: "taxType", taxType: "OUTPUT2" },
      { kind: "taxType", taxType: "OUTPUT2" },
    ),
  });

  test("are not known, so a rule that asks for one holds a taxed line", () => {
    expect(outcomeOf({ spec })).toBe("factUnknown");
    const listed = [{ code: "GB-20", percent: "20", amount: "6.00" }];
    const lines = [lineOf({ id: "1", quantity: "3", net: "30.00", tax: "6.00", appliedTaxes: listed })];
    expect(outcomeOf({ spec, sale: { lines } })).toBe("planned");
  });
});

describe("texts", () => {
  const named = (name: string, spec = specGb): Given => ({
    spec,
    sale: { lines: [lineOf({ id: "1", quantity: "3", net: "30.00", tax: "6.00", name })] },
  });
  const nameOf = (firstName: string, contactName: string) =>
    String(
      bodyOf(
        {
          sale: { customer: { ...saleGb.customer, firstName, lastName: "" } },
          spec: { ...specGb, fields: { ...specGb.fields, contactName } },
        },
        "contact",
      ).Name,
    );

  test("are never cut inside a character, and end in an ellipsis where they are cut", () => {
    const [line] = bodyOf(named("\u{1f41d}".repeat(2_001)), "invoice").LineItems as { Description: string }[];
    expect(line?.Description.isWellFormed()).toBe(true);
    expect(line?.Description).toHaveLength(3_999);
    const odd = bodyOf(named(`a${"\u{1f41d}".repeat(2_001)}`), "invoice").LineItems as {
      Description: string;
    }[];
    expect(odd[0]?.Description.isWellFormed()).toBe(true);
    expect(odd[0]?.Description).toHaveLength(4_000);
    expect(odd[0]?.Description.at(-1)).toBe("…");
  });

  test("that hold half a character are cleaned of it", () => {
    const [line] = bodyOf(named("jar \ud83d of honey"), "invoice").LineItems as { Description: string }[];
    expect(line?.Description).toBe("jar of honey");
  });

  test("of a contact have no space that Xero refuses: none at the end, none twice", () => {
    expect(nameOf(`${"x".repeat(254)} y`, "{customer.name}")).toBe("x".repeat(254));
    expect(nameOf("Ada", "{customer.name} {customer.company} {order.storeView}")).toBe("Ada uk_en");
  });

  test("an e-mail address longer than Xero takes is left out", () => {
    const emailOf = (length: number) =>
      bodyOf(
        { sale: { customer: { ...saleGb.customer, email: `${"a".repeat(length - 6)}@ex.uk` } } },
        "contact",
      ).EmailAddress;
    expect(emailOf(255)).toHaveLength(255);
    expect(emailOf(256)).toBeUndefined();
  });

  test("two shared contacts never have one number, whatever script they are written in", () => {
    const numberOf = (name: string) =>
      bodyOf(
        { spec: withTables(specGb, { contact: { rules: [], otherwise: { kind: "sharedContact", name } } }) },
        "contact",
      ).ContactNumber;
    expect(numberOf("Web sales")).toBe("M2-shared-web-sales");
    expect(numberOf("Магазин")).not.toBe(numberOf("Аптека"));
    expect(numberOf("店")).not.toBe("M2-shared-");
  });
});

test("the tax type of a discount outside of tax comes from the setting that names it", () => {
  const sale = only({ net: "100.00", tax: "20.00", discount: "10.00" }, "110.00", "20.00");
  const plan = planOf({ sale, spec: withSettings(specGb, { discounts: "visible" }) });
  if (!plan.ok) throw new Error(plan.error.detail);
  const invoice = plan.value.documents[1];
  expect(invoice?.body.LineItems).toMatchObject([
    { LineAmount: "120.00", TaxType: "OUTPUT2" },
    { LineAmount: "-10.00", TaxType: "NONE" },
  ]);
  expect(invoice?.lineage["/LineItems/0/TaxType"]).toMatchObject({ from: "rule", table: "taxType" });
  expect(invoice?.lineage["/LineItems/1/TaxType"]).toEqual({
    from: "spec",
    path: "/settings/roundingTaxType",
  });
});
