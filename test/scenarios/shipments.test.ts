import { expect } from "vitest";
import { toBankTransactions } from "../../engine/adapters/xero/bodies.ts";
import { checkSpec } from "../../engine/core/check-spec.ts";
import type { Outcome } from "../../engine/core/mapping.ts";
import { withSettings, withTables } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { type Books, endChapter, scenario } from "./harness.ts";
import { ACCOUNT, ORG, SPEC } from "./organisation.ts";
import { account, before, CARD_ORDER, is, only, taxType } from "./rules.ts";
import { invoiceNumbered, linesOf, ofAccount } from "./seen.ts";
import { itemId } from "./store.ts";

/** As GET /V1/shipments answers one; what a label module adds is in its extension attributes. */
const shipment = (id: number, own: { [key: string]: string | number } = {}, track = `1Z ${id}`) => ({
  entity_id: id,
  increment_id: `70000000${id}`,
  order_id: 501,
  created_at: "2026-05-06 09:00:00",
  items: [{ order_item_id: itemId(0), qty: 1 }],
  tracks: [{ track_number: track, title: "Royal Post", carrier_code: "royalpost" }],
  extension_attributes: { source_code: "LON", ...own },
});

const LABEL = { label_cost: "6.40", label_cost_tax: "1.28" };
const bankTransaction = (code: string, type: string): Outcome => ({
  kind: "bankTransaction",
  bank: ACCOUNT.bank,
  account: code,
  taxType: type,
});
const costed = withTables(SPEC, { carrierCost: only(bankTransaction(ACCOUNT.carrierCost, "INPUT2")) });
const charging = withTables(costed, { shippingFee: only(bankTransaction(ACCOUNT.shipping, "OUTPUT2")) });
const movesOf = (ledger: Books): Body[] =>
  ledger.call("GET", "BankTransactions?page=1&unitdp=4").BankTransactions;

/** Goods of 59.88 with tax and no shipping. */
const COLLECTED = {
  rows: [{ sku: "MUG", qty: 2, rowTotal: 49.9, tax: 9.98, percent: 20 }],
  grandTotal: 59.88,
  tax: 9.98,
};

scenario(
  "SHIP-01",
  "Shipping revenue",
  "Shipping of 6.00 with tax on the order, shipped with a fee of 6.00 that a module repeats on the shipment.",
  ({ books, says }) => {
    const ledger = books({ spec: charging });
    const fee = { shipping_fee: "5.00", shipping_fee_tax: "1.00" };
    const plan = ledger.post({ ...CARD_ORDER, shipments: [shipment(1, fee)] });
    says("shipping is a line of the invoice", () =>
      expect(linesOf({ LineItems: ofAccount(ledger.invoice(), ACCOUNT.shipping) })).toEqual([
        [1, 6, 6, "OUTPUT2", ACCOUNT.shipping],
      ]),
    );
    says("no bank transaction for revenue that is on the invoice, and a person is told", () => {
      expect(movesOf(ledger)).toEqual([]);
      expect(ledger.balance(ACCOUNT.shipping)).toBe(-5);
      expect(plan.warnings).toEqual([expect.stringMatching(/^shippingTwice: shipment 700000001 /)]);
    });
  },
);

scenario(
  "SHIP-02",
  "Carrier cost",
  'Two parcels of an order, each with a label of 6.40 and 1.28 of tax, tracks 1Z 1 and 1Z "2".',
  ({ books, says }) => {
    const ledger = books({ spec: costed });
    const shipments = [shipment(1, LABEL), shipment(2, LABEL, '1Z "2\\')];
    const order = { ...CARD_ORDER, shipments };
    const plan = ledger.post(order);
    const moves = movesOf(ledger);
    says(
      "one bank transaction per shipment, from the bank to the carrier, with the tax that the ledger computes",
      () => {
        expect(moves.map(({ Type, Total, TotalTax }) => [Type, Total, TotalTax])).toEqual([
          ["SPEND", 7.68, 1.28],
          ["SPEND", 7.68, 1.28],
        ]);
        expect(linesOf(moves[0])).toEqual([[1, 6.4, 6.4, "INPUT2", ACCOUNT.carrierCost]]);
        expect([ledger.balance(ACCOUNT.carrierCost), ledger.balance(ACCOUNT.bank)]).toEqual([12.8, -15.36]);
        expect(new Set(moves.map(({ Contact }) => Contact.Name))).toEqual(new Set(["Royal Post"]));
      },
    );
    says(
      "never twice: the identity is the shipment's id, the reference has its track and its number and no quotes",
      () => {
        ledger.post(order);
        expect(movesOf(ledger)).toHaveLength(2);
        expect(moves.map(({ Reference }) => Reference)).toEqual([
          "100000501 1Z 1 700000001",
          "100000501 1Z 2 700000002",
        ]);
        const costs = plan.documents.filter(({ resource }) => resource === "BankTransactions");
        expect(
          costs.map(({ identity, lookup, body }) => [identity.sourceId, lookup?.value === body.Reference]),
        ).toEqual([
          ["1", true],
          ["2", true],
        ]);
        expect(toBankTransactions(costs.map(({ body }) => body))).toHaveLength(2);
      },
    );
    const wrong = withTables(SPEC, { carrierCost: only(bankTransaction(ACCOUNT.carrierCost, "OUTPUT2")) });
    says(
      "the class of the TaxType matches the direction: a tax type of sales is refused before any call",
      () => {
        expect(books({ spec: wrong }).held(order).hold).toBe("taxTypeNotUsable");
        expect(checkSpec(wrong, ORG)).toEqual([
          expect.objectContaining({
            path: "/tables/carrierCost/otherwise",
            message: expect.stringMatching(/OUTPUT2/),
          }),
        ]);
        expect(checkSpec(costed, ORG)).toEqual([]);
      },
    );
    const untaxed = books({ spec: costed }).held({
      ...CARD_ORDER,
      shipments: [shipment(1, { label_cost: "6.40" })],
    });
    says("a tax that the type does not give is held, since no tax can be stated here", () =>
      expect([untaxed.hold, untaxed.field]).toEqual(["taxDiffersFromRate", "/shipments/0/cost"]),
    );
    const silent = books();
    silent.post(order);
    says("without a rule for carriers nothing is booked", () => expect(movesOf(silent)).toEqual([]));
  },
);

scenario(
  "SHIP-03",
  "Shipping revenue not on the invoice",
  "An order without shipping; the courier's fee of 5.00 and 1.00 of tax is charged with the parcel, from the source LON.",
  ({ books, says }) => {
    const fee = { shipping_fee: "5.00", shipping_fee_tax: "1.00" };
    const spec = withSettings(charging, { tracking1Category: "Channel" });
    const tracked = withTables(spec, {
      tracking1: only({ kind: "noOption" }, [[is("line.source", "LON")], { kind: "option", option: "Web" }]),
    });
    const ledger = books({ spec: tracked });
    ledger.post({ ...COLLECTED, shipments: [shipment(1, fee)] });
    const [received] = movesOf(ledger);
    says("money received from the customer, to shipping income", () => {
      expect([received.Type, received.Total, received.TotalTax]).toEqual(["RECEIVE", 6, 1]);
      expect(linesOf(received)).toEqual([[1, 5, 5, "OUTPUT2", ACCOUNT.shipping]]);
      expect(received.Contact.ContactID).toBe(ledger.invoice().Contact.ContactID);
      expect(received.LineItems[0].Tracking).toMatchObject([{ Name: "Channel", Option: "Web" }]);
    });
    says("the invoice has none of it", () => {
      expect(ledger.invoice().Total).toBe(59.88);
      expect(ledger.balance(ACCOUNT.shipping)).toBe(-5);
    });
    const onInvoice = books({ spec: charging });
    onInvoice.post({ ...CARD_ORDER, shipments: [shipment(1, fee)] });
    says("either this or the line of the invoice, never both", () =>
      expect([movesOf(onInvoice).length, onInvoice.balance(ACCOUNT.shipping)]).toEqual([0, -5]),
    );
  },
);

scenario(
  "SHIP-04",
  "Partial shipments, one shipping charge",
  "Two store invoices of one order; all shipping (5.00 and 1.00 of tax) is on the first, as Magento does it.",
  ({ books, says }) => {
    const part = (id: number, shipping: number) => ({
      entity_id: id,
      increment_id: `90000000${id}`,
      order_id: 501,
      state: 1,
      created_at: "2026-05-05 09:00:00",
      subtotal: 50,
      grand_total: 60 + shipping * 1.2,
      tax_amount: 10 + shipping * 0.2,
      shipping_amount: shipping,
      shipping_tax_amount: shipping * 0.2,
      shipping_incl_tax: shipping * 1.2,
      items: [{ order_item_id: itemId(0), qty: 1, row_total: 50, tax_amount: 10 }],
    });
    const perInvoice = withTables(SPEC, { documentUnit: only({ kind: "unit", unit: "storeInvoice" }) });
    const ledger = books({
      spec: {
        ...perInvoice,
        fields: { ...SPEC.fields, invoiceReference: "{order.number} {shipment.tracking}" },
      },
    });
    ledger.post({
      rows: [{ sku: "LAMP", qty: 2, rowTotal: 100, tax: 20, percent: 20 }],
      shipping: { amount: 5, tax: 1, taxes: [{ code: "VAT 20", percent: 20, amount: 1 }] },
      grandTotal: 126,
      tax: 21,
      invoices: [part(1, 5), part(2, 0)],
      shipments: [shipment(1), shipment(2)],
    });
    const invoices = ["900000001", "900000002"].map((number) => invoiceNumbered(ledger, number));
    says("the sum of shipping over the invoices = the order's shipping_invoiced", () => {
      const shipped = invoices.map((one) =>
        ofAccount(one, ACCOUNT.shipping).map(({ LineAmount }) => LineAmount),
      );
      expect(shipped).toEqual([[6], []]);
      expect(ledger.balance(ACCOUNT.shipping)).toBe(-5);
    });
    says("each invoice has the store invoice's total", () =>
      expect(invoices.map(({ Total, TotalTax }) => [Total, TotalTax])).toEqual([
        [66, 11],
        [60, 10],
      ]),
    );
    says("the tracking numbers are in the reference where the template asks for them", () =>
      expect(invoices[0].Reference).toBe("100000501 1Z 1, 1Z 2"),
    );
  },
);

scenario(
  "SHIP-05",
  "Prepaid duties (DDP)",
  "Goods of 59.88 with tax and a segment duty of 14.00, which customs gets and not the shop.",
  ({ books, says }) => {
    const duty = is("fee.code", "duty");
    const spec = before(before(SPEC, "feeAccount", [[duty], account(ACCOUNT.duty)]), "feeTaxType", [
      [duty],
      taxType("NONE"),
    ]);
    const ledger = books({ spec });
    ledger.post({ ...COLLECTED, grandTotal: 73.88, more: { duty_amount: "14.00" } });
    const invoice = ledger.invoice();
    says(
      "not revenue: the duty is on its clearing account, outside of tax, with a total that is the charge",
      () => {
        expect(linesOf({ LineItems: ofAccount(invoice, ACCOUNT.duty) })).toEqual([
          [1, 14, 14, "NONE", ACCOUNT.duty],
        ]);
        expect([invoice.Total, invoice.TotalTax]).toEqual([73.88, 9.98]);
        expect([ledger.balance(ACCOUNT.duty), ledger.balance(ACCOUNT.shipping)]).toEqual([-14, 0]);
      },
    );
    ledger.call("PUT", "BankTransactions", {
      Type: "SPEND",
      Contact: { Name: "Courier" },
      BankAccount: { Code: ACCOUNT.bank },
      LineAmountTypes: "NoTax",
      LineItems: [
        { Description: "Duty", Quantity: 1, UnitAmount: 14, AccountCode: ACCOUNT.duty, TaxType: "NONE" },
      ],
    });
    says("the carrier's bill clears it", () => expect(ledger.balance(ACCOUNT.duty)).toBe(0));
  },
);

endChapter("10-shipments", "Shipments");
