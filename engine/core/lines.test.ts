/** The line algorithm where it must choose: lines of tracked items, lines of nothing, too many lines, discounts, lines apart. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Component } from "./components.ts";
import type { Booked, LineSettings } from "./line-shapes.ts";
import { bookLines } from "./lines.ts";
import { absOf, e4Of, roundToCents, sumOf } from "./money.ts";
import { lineCents } from "./xero-arithmetic.ts";

const SEED = 20_261_124;

const settings: LineSettings = {
  mode: "Inclusive",
  taxAmounts: "whereDifferent",
  discounts: "net",
  discountAccount: "480",
  zeroLines: "keep",
  linesMax: 200,
  rounding: { account: "860", taxType: "NONE", limit: "0.05" },
};

type Part = { readonly gross: string; readonly tax?: string; readonly quantity?: string } & Partial<Booked>;

const bookedOf = ({ gross, tax = "0", quantity = "1", ...more }: Part, index: number): Booked => {
  const [grossE4, taxE4] = [e4Of(gross), e4Of(tax)];
  const component: Component = {
    key: `item-${index}`,
    kind: "item",
    path: `/lines/${index}`,
    index,
    quantityE4: e4Of(quantity),
    grossE4,
    taxE4,
    listNetE4: grossE4 - taxE4,
    discounted: false,
    rateE4: taxE4 === 0n ? 0n : 200_000n,
    taxCodes: [],
  };
  return {
    component,
    accountCode: "200",
    taxType: taxE4 === 0n ? "NONE" : "OUTPUT2",
    rateE4: component.rateE4,
    tracked: false,
    trackingKey: "",
    ...more,
  };
};

function book(parts: readonly Part[], change: Partial<LineSettings> = {}) {
  const booked = parts.map(bookedOf);
  const totalCents = roundToCents(sumOf(booked.map(({ component }) => component.grossE4)));
  const taxCents = roundToCents(sumOf(booked.map(({ component }) => component.taxE4)));
  const target = { totalCents, taxCents, residualCents: 0n, extras: [] };
  const lines = bookLines(booked, target, { ...settings, ...change });
  if (!lines.ok) throw new Error(lines.error.detail);
  return lines.value;
}

describe("an item that is kept in stock", () => {
  test("keeps its quantity on two lines where no unit price gives the amount", () => {
    const { lines } = book([{ gross: "183.51", tax: "30.59", quantity: "3000", tracked: true }]);
    expect(lines.map(({ quantityE4, unitE4, amountCents }) => [quantityE4, unitE4, amountCents])).toEqual([
      [29_990_000n, 611n, 18_324n],
      [10_000n, 2_700n, 27n],
    ]);
  });

  test("keeps its quantity and amount whatever they are, on lines that are never negative", () => {
    const cents = fc.bigInt({ min: 0n, max: 10_000_000n });
    const quantity = fc.bigInt({ min: 1n, max: 50_000_000n });
    fc.assert(
      fc.property(cents, quantity, (amountCents, quantityE4) => {
        const parts = [{ gross: text(amountCents, 2), quantity: text(quantityE4, 4), tracked: true }];
        const { lines } = book(parts);
        expect(sumOf(lines.map((line) => line.quantityE4))).toBe(quantityE4);
        expect(sumOf(lines.map((line) => line.amountCents))).toBe(amountCents);
        for (const line of lines) {
          expect(line.amountCents).toBeGreaterThanOrEqual(0n);
          expect(lineCents(line.quantityE4, line.unitE4)).toBe(line.amountCents);
        }
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});

const text = (units: bigint, decimals: number): string => {
  const digits = units.toString().padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};

describe("lines of nothing", () => {
  const parts: Part[] = [{ gross: "10.00" }, { gross: "0" }];

  test("stay or go as the mapping says; one that is kept in stock stays", () => {
    expect(book(parts).lines).toHaveLength(2);
    expect(book(parts, { zeroLines: "drop" }).lines).toHaveLength(1);
    const kept = [parts[0] ?? { gross: "0" }, { gross: "0", tracked: true }];
    expect(book(kept, { zeroLines: "drop" }).lines).toHaveLength(2);
  });

  test("that carry a cent of tax stay", () => {
    const taxed = { gross: "0.01", tax: "0.01" };
    expect(book([{ gross: "10.00" }, taxed], { zeroLines: "drop", mode: "Exclusive" }).lines).toHaveLength(2);
  });

  test("are all that an order of nothing has", () => {
    expect(book([{ gross: "0" }], { zeroLines: "drop" }).lines).toHaveLength(1);
  });
});

describe("too many lines", () => {
  const many: Part[] = Array.from({ length: 6 }, (_, index) => ({
    gross: "12.00",
    tax: "2.00",
    accountCode: index < 3 ? "200" : "201",
    trackingKey: index % 3 === 0 ? "a" : "b",
  }));

  test("are added up by account, tax type and tracking above the limit, not at it", () => {
    expect(book(many, { linesMax: 6 }).lines).toHaveLength(6);
    const { lines } = book(many, { linesMax: 5 });
    expect(
      lines.map(({ accountCode, count, amountCents, taxCents }) => [
        accountCode,
        count,
        amountCents,
        taxCents,
      ]),
    ).toEqual([
      ["200", 1, 1_200n, 200n],
      ["200", 2, 2_400n, 400n],
      ["201", 1, 1_200n, 200n],
      ["201", 2, 2_400n, 400n],
    ]);
    expect(lines[1]?.paths).toEqual(["/lines/1", "/lines/2"]);
  });

  test("keep every sum, in both modes and with tax rounded on each piece", () => {
    const part = fc.record({
      cents: fc.integer({ min: 0, max: 99_999 }),
      drift: fc.integer({ min: -2, max: 2 }),
      account: fc.constantFrom("200", "201"),
    });
    const mode = fc.constantFrom("Inclusive" as const, "Exclusive" as const);
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 30 }), mode, (drawn, lineMode) => {
        const parts = drawn.map(({ cents, drift, account }): Part => {
          const tax = Math.max(0, Math.round(cents / 6) + drift);
          return { gross: (cents / 100).toFixed(2), tax: (tax / 100).toFixed(2), accountCode: account };
        });
        const [all, few] = [200, 1].map((linesMax) => book(parts, { linesMax, mode: lineMode }));
        expect(sumsOf(few?.lines ?? [])).toEqual(sumsOf(all?.lines ?? []));
        expect([few?.totalCents, few?.taxCents]).toEqual([all?.totalCents, all?.taxCents]);
      }),
      { seed: SEED },
    );
  });

  type Line = ReturnType<typeof book>["lines"][number];
  function sumsOf(lines: readonly Line[]): Map<string, readonly bigint[]> {
    const sums = new Map<string, readonly bigint[]>();
    for (const { accountCode, taxType, amountCents, taxCents } of lines) {
      const key = `${accountCode} ${taxType}`;
      const [amount = 0n, tax = 0n] = sums.get(key) ?? [];
      sums.set(key, [amount + amountCents, tax + taxCents]);
    }
    return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
});

describe("lines that no component stands for", () => {
  test("take their amount off what the components share, and none of the tax", () => {
    const booked = [{ gross: "12.00", tax: "2.00" }, { gross: "8.00" }].map(bookedOf);
    const extra = {
      key: "points",
      text: "Reward points",
      amountCents: -500n,
      accountCode: "480",
      taxType: "NONE",
      account: { from: "fixed", why: "" },
      tax: { from: "fixed", why: "" },
      inputs: ["/tenders/0"],
    } as const;
    const target = { totalCents: 1_500n, taxCents: 200n, residualCents: 0n, extras: [extra] };
    for (const mode of ["Inclusive", "Exclusive"] as const) {
      const lines = bookLines(booked, target, { ...settings, mode });
      expect(lines).toMatchObject({
        ok: true,
        value: { totalCents: 1_500n, taxCents: 200n, overrideCents: 0n },
      });
      expect(lines.ok && lines.value.lines.at(-1)?.amountCents).toBe(-500n);
    }
  });
});

describe("a discount that the store's tax ignores", () => {
  const taxedBefore = (): Booked => {
    const booked = bookedOf({ gross: "110.00", tax: "20.00" }, 0);
    return { ...booked, component: { ...booked.component, listNetE4: 1_000_000n, discounted: true } };
  };
  const target = { totalCents: 11_000n, taxCents: 2_000n, residualCents: 0n, extras: [] };

  test("is a line outside of tax, though net lines are asked for; not where no account is set for it", () => {
    const lines = bookLines([taxedBefore()], target, settings);
    expect(lines).toMatchObject({ ok: true, value: { discountOutside: true, overrideCents: 0n } });
    const without = bookLines([taxedBefore()], target, { ...settings, discountAccount: null });
    expect(without).toMatchObject({ ok: true, value: { discountOutside: false } });
    expect(without.ok && absOf(without.value.overrideCents)).toBe(167n);
  });
});
