import { describe, expect, test } from "vitest";
import { anomalies, medianOf, type SalesHistory } from "./anomalies.ts";
import type { CanonicalSale } from "./sale.ts";
import { orgGb, saleGb, specGb, withTables } from "./testing.ts";

const ORDINARY: SalesHistory = {
  totalsCents: Array.from({ length: 60 }, (_, index) => 3_000n + BigInt(index) * 50n),
  orders: 60,
  currencies: ["GBP"],
  twins: [],
};

const NOW = "2026-11-01T10:00:00Z";

const holdOf = (sale: Partial<CanonicalSale>, history: Partial<SalesHistory> = {}, spec = specGb) =>
  anomalies({
    sale: { ...saleGb, ...sale },
    spec,
    org: orgGb,
    history: { ...ORDINARY, ...history },
    now: NOW,
  })?.hold;

const totalling = (grandTotal: string) => ({ totals: { ...saleGb.totals, grandTotal } });

test("an ordinary order is not unusual", () => {
  expect(holdOf({})).toBeUndefined();
});

describe("hard rules", () => {
  test("a second order of the same customer over the same amount within minutes", () => {
    expect(holdOf({}, { twins: ["000000016"] })).toBe("duplicateOrder");
  });

  test.each([
    ["2026-11-02T09:00:00Z", undefined],
    ["2026-11-04T10:00:00Z", "dateFarOff"],
    ["2016-11-04T10:00:00Z", undefined],
    ["2016-11-02T09:00:00Z", "dateFarOff"],
  ])("an order dated %s gives %s", (placedAt, hold) => {
    expect(holdOf({ placedAt })).toBe(hold);
  });

  test("a currency that the shop has never taken, once enough orders are known", () => {
    expect(holdOf({ currency: "SEK" })).toBe("currencySurprise");
    expect(holdOf({ currency: "SEK" }, { orders: 49 })).toBeUndefined();
  });

  test("tax on an order that leaves the tax territory", () => {
    const to = (country: string) => ({
      shipTo: saleGb.billing && { ...saleGb.billing, country },
    });
    expect(holdOf(to("US"))).toBe("taxAbroad");
    expect(holdOf(to("IM"))).toBeUndefined();
    expect(holdOf({ ...to("US"), totals: { ...saleGb.totals, tax: "0.00" } })).toBeUndefined();
  });
});

describe("the total against the store's history", () => {
  // The median is 44.50 and the deviation 15.00, so the limits are 600.45 and, by the median, 890.00.
  test.each([
    ["889.99", undefined],
    ["890.00", undefined],
    ["890.01", "unusualTotal"],
  ])("%s gives %s", (total, hold) => {
    expect(holdOf(totalling(total))).toBe(hold);
  });

  test("says nothing of a young shop", () => {
    expect(holdOf(totalling("99999.00"), { totalsCents: ORDINARY.totalsCents.slice(0, 29) })).toBeUndefined();
    expect(holdOf(totalling("99999.00"), { totalsCents: ORDINARY.totalsCents.slice(0, 30) })).toBe(
      "unusualTotal",
    );
  });

  test("a few odd orders in the history do not move it", () => {
    const odd = [...ORDINARY.totalsCents.slice(0, 50), ...Array.from({ length: 10 }, () => 90_000_000n)];
    expect(holdOf(totalling("5000.00"), { totalsCents: odd })).toBe("unusualTotal");
  });
});

test("a rule accepts orders of a kind as they are", () => {
  const acceptOrder = {
    rules: [
      {
        id: "general",
        note: "known customers",
        when: [{ op: "is" as const, fact: "order.customerGroup" as const, value: "General" }],
        then: { kind: "accept" as const },
      },
    ],
    otherwise: null,
  };
  expect(holdOf(totalling("99999.00"), {}, withTables(specGb, { acceptOrder }))).toBeUndefined();
});

test("the median is a value that occurred", () => {
  expect(medianOf([5n, 1n, 9n])).toBe(5n);
  expect(medianOf([4n, 1n, 2n, 3n])).toBe(2n);
  expect(medianOf([])).toBe(0n);
});
