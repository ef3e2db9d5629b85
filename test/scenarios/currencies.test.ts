import { expect } from "vitest";
import type { MappingSpec } from "../../engine/core/mapping.ts";
import { proposeSpec } from "../../engine/core/setup.ts";
import { withSettings } from "../../engine/core/testing.ts";
import { endChapter, outOfScope, type StoreOrder, scenario } from "./harness.ts";
import { memoJson, refunded } from "./memos.ts";
import { ACCOUNT, ORG, ORG_JSON, PROFILE, SPEC } from "./organisation.ts";
import { before, is, payment, specOf } from "./rules.ts";
import { linesOf } from "./seen.ts";

const STORE_RATE = withSettings(SPEC, { rateFrom: "store" });

/** 120.00 EUR with 20 % inside; the store's base currency is the ledger's. */
const EURO_ORDER: StoreOrder = {
  currency: "EUR",
  baseCurrency: "GBP",
  rate: 1.17,
  rows: [
    {
      sku: "MUG",
      qty: 2,
      rowTotal: 100,
      tax: 20,
      percent: 20,
      more: { base_row_total: 85.47, base_tax_amount: 17.09 },
    },
  ],
  grandTotal: 120,
  tax: 20,
  paid: 120,
  transaction: "ch_1",
  more: {
    base_grand_total: 102.56,
    base_subtotal: 85.47,
    base_tax_amount: 17.09,
    base_total_paid: 102.56,
    base_shipping_amount: 0,
  },
};

/** Debits less credits of the ledger's own accounts, in its currency. */
const SYSTEM_ACCOUNTS = {
  accounts: [
    ...ORG_JSON.accounts,
    { code: "820", name: "VAT control", type: "CURRLIAB", systemAccount: "GST" },
    { code: "499", name: "Realised gains", type: "EXPENSE", systemAccount: "REALISEDCURRENCYGAIN" },
  ],
};

scenario(
  "FX-01",
  "Order currency != base = ledger",
  "120.00 EUR at the store's rate of 1.17; base_grand_total is 102.56 GBP.",
  ({ books, says }) => {
    const ledger = books({ spec: STORE_RATE });
    ledger.post(EURO_ORDER);
    const invoice = ledger.invoice();
    says("the invoice is in EUR with the store's rate, euros for one pound", () =>
      expect([invoice.CurrencyCode, invoice.CurrencyRate, invoice.Total]).toEqual(["EUR", 1.17, 120]),
    );
    says("|Total / rate - base_grand_total| <= 0.005 x lines + 0.01", () =>
      expect(Math.abs(invoice.Total / invoice.CurrencyRate - 102.56)).toBeLessThanOrEqual(0.005 + 0.01),
    );
    says("sales in the ledger's currency are Magento's base totals", () =>
      expect(Math.abs(ledger.balance(ACCOUNT.sales) + 85.47)).toBeLessThanOrEqual(0.01),
    );
  },
);

scenario(
  "FX-02",
  "Charged in base",
  "The buyer saw 120.00 EUR, but the payment says that it was taken in GBP: 102.56.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      ...EURO_ORDER,
      extension: { payment_additional_info: [{ key: "currency", value: "GBP" }] },
    });
    const invoice = ledger.invoice();
    says("the currency of the document is that of the capture", () =>
      expect([invoice.CurrencyCode, invoice.Total, invoice.TotalTax]).toEqual(["GBP", 102.56, 17.09]),
    );
    says("clearing has what the gateway took", () => expect(ledger.balance(ACCOUNT.stripe)).toBe(102.56));
  },
);

const DOLLARS: StoreOrder = {
  currency: "USD",
  baseCurrency: "USD",
  rows: [{ sku: "MUG", rowTotal: 100, tax: 20, percent: 20 }],
  grandTotal: 120,
  tax: 20,
  paid: 120,
  transaction: "ch_1",
};

scenario(
  "FX-03",
  "Ledger currency differs from both",
  "A store in USD posts 120.00 USD into a ledger in GBP.",
  ({ books, says }) => {
    const ledger = books({ org: SYSTEM_ACCOUNTS });
    ledger.post(DOLLARS);
    says("the rate's source is explicit: by setting rateFrom it is Xero's of the day", () => {
      expect(SPEC.settings.rateFrom).toBe("xero");
      expect([ledger.invoice().CurrencyCode, ledger.invoice().CurrencyRate]).toEqual(["USD", 1.3]);
    });
    says("the VAT in GBP is that of the rate, to be reproduced from the invoice", () =>
      expect(ledger.balance("820")).toBe(-15.38),
    );
    says("the store's own rate is none to GBP: asked for it, the order is held and nothing is guessed", () =>
      expect(books({ spec: STORE_RATE }).held(DOLLARS).hold).toBe("currencyRateMissing"),
    );
  },
);

scenario(
  "FX-04",
  "Realised gain",
  "Invoiced at 1.17 on 4 May; the store invoice of 6 May says that the money came at 1.15.",
  ({ books, says }) => {
    const spec = before(STORE_RATE, "payment", [
      [is("order.currency", "EUR")],
      payment(ACCOUNT.euroClearing),
    ]);
    const ledger = books({ spec, org: SYSTEM_ACCOUNTS });
    const plan = ledger.post({
      ...EURO_ORDER,
      invoices: [
        {
          entity_id: 9,
          increment_id: "900000009",
          order_id: 501,
          state: 2,
          created_at: "2026-05-06 10:00:00",
          grand_total: 120,
          base_to_order_rate: 1.15,
          transaction_id: "ch_1",
        },
      ],
    });
    says("no manual journal: invoice and payment are all that is posted", () => {
      expect(plan.documents.map(({ resource }) => resource)).toEqual(["Contacts", "Invoices", "Payments"]);
      expect(ledger.call("GET", "ManualJournals").ManualJournals).toEqual([]);
    });
    says("the payment states its own rate, and the ledger books the gain of 1.79 by itself", () => {
      expect(plan.documents[2]?.body.CurrencyRate).toBe("1.15");
      expect(ledger.balance("499")).toBe(-1.79);
    });
    says("the clearing account is in EUR", () =>
      expect(plan.documents[2]?.body.Account).toEqual({ Code: ACCOUNT.euroClearing }),
    );
    says("a payment of another day without a rate of its own is left to Xero's rate", () => {
      const later = books({ spec });
      const invoice = { entity_id: 9, increment_id: "9", order_id: 501, state: 2, grand_total: 120 };
      const sent = later.post({
        ...EURO_ORDER,
        invoices: [{ ...invoice, created_at: "2026-05-06 10:00:00" }],
      });
      expect(sent.documents[2]?.body).not.toHaveProperty("CurrencyRate");
    });
  },
);

const WHOLE = { rows: [{ qty: 2, rowTotal: 100, tax: 20 }], grandTotal: 120, tax: 20 };

scenario(
  "FX-05",
  "Refund at a different rate",
  "Sold at 1.25; given back when the ledger's rate is 1.17.",
  ({ books, says }) => {
    const order = { ...EURO_ORDER, rate: 1.25 };
    const post = (spec: MappingSpec, sold: StoreOrder) => {
      const ledger = books({ spec, org: SYSTEM_ACCOUNTS });
      ledger.post(sold);
      return { ledger, plan: ledger.post(refunded(sold, WHOLE)) };
    };
    const { ledger, plan } = post(STORE_RATE, order);
    says("VAT reversed in base = VAT charged in base: the note has the invoice's rate", () => {
      expect(ledger.creditNote("credit-note-31").CurrencyRate).toBe(1.25);
      expect([ledger.balance("820"), ledger.balance(ACCOUNT.sales)]).toEqual([0, 0]);
    });
    says("the money goes at the rate of its day", () =>
      expect(plan.documents.find(({ step }) => step === "refund-31")?.body).not.toHaveProperty(
        "CurrencyRate",
      ),
    );
    says("where Xero gave the invoice its rate, the note takes that one", () => {
      const other = post(SPEC, order);
      const note = other.plan.documents.find(({ step }) => step === "credit-note-31");
      expect(note?.body.CurrencyRate).toBe(String(other.ledger.invoice().CurrencyRate));
      expect(other.ledger.balance("820")).toBe(0);
    });
    says(
      "a mapping may want the rate of the day instead; then VAT is left, which is why it is no default",
      () => {
        const daily = post(withSettings(STORE_RATE, { refundRate: "xero" }), order);
        expect(daily.ledger.creditNote("credit-note-31").CurrencyRate).toBe(1.17);
        expect(daily.ledger.balance("820")).not.toBe(0);
      },
    );
  },
);

scenario(
  "FX-06",
  "Currency not enabled",
  "The first order in SEK; neither the mapping nor the organisation has the currency.",
  ({ books, says }) => {
    const order = { ...DOLLARS, currency: "SEK", baseCurrency: "SEK" };
    const ledger = books();
    const held = ledger.held(order);
    says("no document", () => {
      expect(held.hold).toBe("currencyNotAllowed");
      expect(ledger.call("GET", "Invoices").Invoices).toEqual([]);
    });
    says("a person decides: adding a currency to Xero cannot be undone and needs the plan for it", () => {
      const allowed = books({
        spec: withSettings(SPEC, { currencies: [...SPEC.settings.currencies, "SEK"] }),
      });
      const refused = allowed.held(order);
      expect(refused.hold).toBe("currencyNotSubscribed");
      expect(refused.action).toContain("cannot be undone");
    });
  },
);

const JAPAN = {
  country: "JP",
  taxRates: [
    { taxType: "OUTPUT", name: "Consumption tax 10 %", rate: 10 },
    { taxType: "NONE", name: "No tax", rate: 0 },
  ],
};

scenario(
  "FX-07",
  "Zero-decimal (JPY)",
  "Magento rounds to hundredths: 9,999.99 JPY with tax of 909.09; the gateway charges 10,000.",
  ({ books, says }) => {
    const order: StoreOrder = {
      currency: "JPY",
      baseCurrency: "JPY",
      rows: [{ sku: "MUG", rowTotal: 9090.9, tax: 909.09, percent: 10 }],
      grandTotal: 9999.99,
      tax: 909.09,
      paid: 9999.99,
      transaction: "ch_1",
    };
    const spec = specOf(JAPAN);
    const ledger = books({ org: JAPAN, spec });
    ledger.post(order);
    const invoice = ledger.invoice();
    says("ISO 4217 drives the rounding: T = what was captured, 10,000, and nothing is due", () =>
      expect([invoice.Total, invoice.AmountPaid, invoice.AmountDue]).toEqual([10000, 10000, 0]),
    );
    says("the residual of less than one unit is a rounding line, the tax stays the store's", () => {
      expect(linesOf(invoice).at(-1)).toEqual([1, 0.01, 0.01, "NONE", ACCOUNT.rounding]);
      expect(invoice.TotalTax).toBe(909.09);
    });
    says("a refund in parts pays whole units too, and ends at the invoice", () => {
      const half = { rows: [{ qty: 0.5, rowTotal: 4545.45, tax: 454.55 }], grandTotal: 5000, tax: 454.55 };
      const rest = {
        id: 32,
        rows: [{ qty: 0.5, rowTotal: 4545.45, tax: 454.54 }],
        grandTotal: 4999.99,
        tax: 454.54,
      };
      ledger.post(refunded(order, half, rest));
      const notes = ["31", "32"].map((id) => ledger.creditNote(`credit-note-${id}`));
      expect(notes.map(({ Total, RemainingCredit }) => [Total, RemainingCredit])).toEqual([
        [5000, 0],
        [5000, 0],
      ]);
    });
  },
);

scenario(
  "FX-08",
  "Three-decimal (KWD, BHD)",
  "12.345 KWD are shown and stored as 12.3450; the ledger keeps two decimals.",
  ({ books, says }) => {
    const ledger = books();
    ledger.post({
      currency: "KWD",
      baseCurrency: "KWD",
      rows: [{ sku: "MUG", rowTotal: 12.345, percent: 0 }],
      grandTotal: "12.3450",
      paid: "12.3450",
      transaction: "ch_1",
    });
    const invoice = ledger.invoice();
    says("|difference to the capture| < 0.01, and nothing is due", () => {
      expect(Math.abs(invoice.Total - 12.345)).toBeLessThan(0.01);
      expect(invoice.AmountDue).toBe(0);
    });
    says("amounts are never scaled by a fixed 100 or 1,000", () => expect(invoice.Total).toBe(12.35));
    says("setup warns of it, and of no currency that has two decimals", () => {
      const warned = proposeSpec({ org: ORG, store: PROFILE, answers: {} }).evidence.filter(
        ({ path }) => path === "/settings/currencies",
      );
      expect(warned.map(({ because }) => because.slice(0, 3))).toEqual(["KWD"]);
    });
  },
);

scenario(
  "FX-09",
  "Allocation across currencies",
  "An invoice was posted in GBP; the credit memo of its order is in EUR.",
  ({ books, says }) => {
    const pounds: StoreOrder = { ...EURO_ORDER, currency: "GBP", rate: 1, paid: 0 };
    const ledger = books();
    ledger.post(pounds);
    const held = ledger.held({ ...EURO_ORDER, paid: 0, creditMemos: [memoJson(WHOLE)] });
    says("the engine never tries: the same currency is checked first", () => {
      expect(held.hold).toBe("currencyDiffers");
      expect(ledger.call("GET", "CreditNotes").CreditNotes).toEqual([]);
    });
  },
);

outOfScope(
  "FX-10",
  "Settlement in another currency",
  "Magento does not know in which currency a gateway settles, nor the rate of its balance transactions.",
);

endChapter("06-currencies", "Currencies");
