/** Which payment is which, whatever the order in which the store lists them, and what of it the invoice takes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MappingSpec } from "./mapping.ts";
import type { PlannedDocument } from "./plan.ts";
import type { PostedDocument } from "./plan-input.ts";
import { planSale } from "./plan-sale.ts";
import type { CanonicalSale, SaleReceipt } from "./sale.ts";
import { orgGb, saleGb, specGb, withSettings, withTables } from "./testing.ts";

const receipt = (invoiceId: string, amount: string, more: Partial<SaleReceipt> = {}): SaleReceipt => ({
  key: `invoice-${invoiceId}`,
  amount,
  at: "2026-11-01T09:00:00Z",
  transactionId: "auth_1",
  invoiceId,
  ...more,
});

type Given = { readonly sale?: Partial<CanonicalSale>; readonly spec?: MappingSpec };

function documentsOf({ sale = {}, spec = specGb }: Given, posted: readonly PostedDocument[] = []) {
  const plan = planSale({ sale: { ...saleGb, ...sale }, spec, org: orgGb, posted });
  if (!plan.ok) throw new Error(plan.error.detail);
  return plan.value.documents.filter(
    ({ resource }) => resource === "Payments" || resource === "BankTransactions",
  );
}

const holdOf = ({ sale = {}, spec = specGb }: Given, posted: readonly PostedDocument[] = []) => {
  const plan = planSale({ sale: { ...saleGb, ...sale }, spec, org: orgGb, posted });
  return plan.ok ? "planned" : plan.error.hold;
};

const posting = ({ step, resource, identity, body, lineage }: PlannedDocument): PostedDocument => ({
  step,
  resource,
  identity,
  body,
  lineage,
  ledgerId: `ledger-${identity.part}`,
});

/** Key and amount of each payment, whatever its place. */
const keyed = (documents: readonly PlannedDocument[]) =>
  new Map(documents.map(({ identity, body }) => [identity.part, body.Amount]));
const references = (documents: readonly PlannedDocument[]) =>
  new Map(documents.map(({ identity, body }) => [identity.part, body.Reference]));

describe("two store invoices with one transaction id", () => {
  const [a, b] = [receipt("7", "30.00", { key: "auth_1" }), receipt("8", "12.00")];

  test("are told apart by their invoices, in either order", () => {
    const expected = new Map([
      ["invoice-7", "30.00"],
      ["invoice-8", "12.00"],
    ]);
    expect(keyed(documentsOf({ sale: { receipts: [a, b] } }))).toEqual(expected);
    expect(keyed(documentsOf({ sale: { receipts: [b, a] } }))).toEqual(expected);
  });

  test("leave the key of a payment that was posted before the second came, whichever it was", () => {
    for (const [first, second] of [
      [a, b],
      [b, a],
    ] as const) {
      const posted = documentsOf({ sale: { receipts: [first] } }).map(posting);
      expect(posted.map(({ identity }) => identity.part)).toEqual(["auth_1"]);
      for (const receipts of [
        [a, b],
        [b, a],
      ]) {
        const now = keyed(documentsOf({ sale: { receipts } }, posted));
        expect(now).toEqual(
          new Map([
            ["auth_1", first.amount],
            [`invoice-${second.invoiceId}`, second.amount],
          ]),
        );
      }
    }
  });

  test("keep the keys that both were posted with", () => {
    const both = { sale: { receipts: [a, b] } };
    const posted = documentsOf(both).map(posting);
    const again = documentsOf({ sale: { receipts: [b, a] } }, posted);
    expect(keyed(again)).toEqual(keyed(documentsOf(both)));
    expect(keyed(documentsOf({ sale: { receipts: [a] } }, posted.slice(0, 1)))).toEqual(
      new Map([["invoice-7", "30.00"]]),
    );
  });

  test("of the same amount and day still have two keys", () => {
    const twins = [receipt("7", "21.00"), receipt("8", "21.00")];
    const posted = documentsOf({ sale: { receipts: twins.slice(0, 1) } }).map(posting);
    expect([...keyed(documentsOf({ sale: { receipts: twins } }, posted)).keys()].sort()).toEqual([
      "auth_1",
      "invoice-8",
    ]);
  });
});

describe("the reference of a payment", () => {
  test("is the same whether or not an earlier payment is there", () => {
    const [a, b] = [receipt("7", "30.00", { key: "invoice-7" }), receipt("8", "12.00")];
    const unshared = [a, { ...b, transactionId: null }];
    const all = references(documentsOf({ sale: { receipts: unshared } }));
    const [, second] = unshared;
    const alone = references(documentsOf({ sale: { receipts: second ? [second] : [] } }));
    expect(all.get("invoice-8")).toBe("000000017 paid (invoice-8)");
    expect(alone.get("invoice-8")).toBe(all.get("invoice-8"));
  });

  test("differs for each payment of an order, whatever the template says", () => {
    const spec = { ...specGb, fields: { ...specGb.fields, paymentReference: "{order.number}" } };
    const receipts = [
      receipt("1", "1.00", { key: "7", transactionId: "7" }),
      receipt("2", "2.00", { key: "17", transactionId: "17" }),
      receipt("3", "3.00", { transactionId: null }),
    ];
    const seen = references(documentsOf({ sale: { receipts }, spec }));
    expect([...seen.values()]).toEqual(["000000017 (7)", "000000017 (17)", "000000017 (invoice-3)"]);
  });
});

describe("money above the amount due", () => {
  const bank = withTables(withSettings(specGb, { overpayments: "overpayment" }), {
    payment: { rules: [], otherwise: { kind: "payment", account: "090" } },
  });
  const paid = (...amounts: string[]) => ({
    receipts: amounts.map((amount, index) => receipt(String(index + 1), amount, { transactionId: null })),
  });

  test.each([
    ["41.99", [["Payments", "41.99"]]],
    ["42.00", [["Payments", "42.00"]]],
    [
      "42.01",
      [
        ["Payments", "42.00"],
        ["BankTransactions", "0.01"],
      ],
    ],
  ])("of %s on 42.00 is an overpayment", (amount, expected) => {
    expect(documentsOf({ sale: paid(amount), spec: bank }).map(amountOf)).toEqual(expected);
  });

  test("is what the last payments are above it; one that comes when nothing is due is all overpayment", () => {
    expect(documentsOf({ sale: paid("40.00", "5.00", "1.00"), spec: bank }).map(amountOf)).toEqual([
      ["Payments", "40.00"],
      ["Payments", "2.00"],
      ["BankTransactions", "3.00"],
      ["BankTransactions", "1.00"],
    ]);
  });

  test("is never lost or made: payments and overpayments sum to what arrived", () => {
    const cents = fc.integer({ min: 1, max: 6_000 });
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1, maxLength: 4 }), (amounts) => {
        const documents = documentsOf({
          sale: paid(...amounts.map((amount) => (amount / 100).toFixed(2))),
          spec: bank,
        });
        const sums = { Payments: 0, BankTransactions: 0 };
        for (const [resource, amount] of documents.map(amountOf))
          sums[resource as keyof typeof sums] += Math.round(Number(amount) * 100);
        const arrived = amounts.reduce((sum, amount) => sum + amount, 0);
        expect(sums.Payments).toBe(Math.min(arrived, 4_200));
        expect(sums.Payments + sums.BankTransactions).toBe(arrived);
      }),
      { seed: 20_261_124 },
    );
  });

  test("waits for a person by default, and where the account is no bank", () => {
    expect(holdOf({ sale: paid("42.01") })).toBe("paidMoreThanTotal");
    const clearing = withSettings(specGb, { overpayments: "overpayment" });
    expect(holdOf({ sale: paid("42.01"), spec: clearing })).toBe("accountNotUsable");
  });
});

const amountOf = ({ resource, body }: PlannedDocument) => {
  const [line] = Array.isArray(body.LineItems) ? body.LineItems : [];
  return [resource, body.Amount ?? (line as { UnitAmount?: string } | undefined)?.UnitAmount];
};

describe("a payment in the ledger that the store no longer shows", () => {
  test("is held, and planned again when it is back", () => {
    const posted = documentsOf({}).map(posting);
    expect(holdOf({ sale: { receipts: [] } }, posted)).toBe("paymentWithdrawn");
    expect(holdOf({}, posted)).toBe("planned");
  });

  test("of another order says nothing about this one", () => {
    const other = documentsOf({}).map((document) => ({
      ...posting(document),
      identity: { ...document.identity, sourceId: "18" },
    }));
    expect(holdOf({ sale: { receipts: [] } }, other)).toBe("planned");
  });
});
