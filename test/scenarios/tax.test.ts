import { expect } from "vitest";
import { withSettings } from "../../engine/core/testing.ts";
import { endChapter, scenario } from "./harness.ts";
import { SPEC } from "./organisation.ts";

scenario(
  "TAX-01",
  "Exclusive prices, one rate",
  "UK, prices without tax: 2 x 24.95, shipping 5.00, tax 10.98, charged 65.88.",
  ({ books, says }) => {
    const ledger = books({ spec: withSettings(SPEC, { lineAmountTypes: "Exclusive" }) });
    ledger.post({
      rows: [{ sku: "MUG", qty: 2, rowTotal: 49.9, tax: 9.98, percent: 20 }],
      shipping: { amount: 5, tax: 1, taxes: [{ code: "VAT 20", percent: 20, amount: 1 }] },
      grandTotal: 65.88,
      tax: 10.98,
      paid: 65.88,
      transaction: "ch_1",
    });
    const invoice = ledger.invoice();
    says("Total = T", () => expect(invoice.Total).toBe(65.88));
    says("TotalTax = t", () => expect(invoice.TotalTax).toBe(10.98));
    says("SubTotal = subtotal + shipping_amount", () => expect(invoice.SubTotal).toBe(54.9));
    says("AmountDue = 0 after the payment", () =>
      expect([invoice.AmountDue, invoice.Status]).toEqual([0, "PAID"]),
    );
    says("clearing holds the gross", () => expect(ledger.balance("091")).toBe(65.88));
  },
);

endChapter("01-tax", "Tax");
