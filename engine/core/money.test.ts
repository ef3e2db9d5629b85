import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocateCents, divideFloor, divideHalfUp, formatE4, parseE4, roundToCents, sumOf } from "./money.ts";

describe("parseE4", () => {
  test.each([
    ["12.5", 125_000n],
    ["-0.00005", -1n],
    ["0.00004999", 0n],
    ["1e-4", 1n],
    ["1.25e2", 1_250_000n],
    ["34.0000", 340_000n],
    [".5", 5_000n],
    ["0.30000000000000004", 3_000n],
  ])("reads %s", (text, expected) => expect(parseE4(text)).toBe(expected));

  test.each(["", ".", "abc", "1,5", "12.5 GBP", "NaN", "Infinity", "1e999", "--1", "0x10"])(
    "refuses %j",
    (text) => expect(parseE4(text)).toBeUndefined(),
  );

  test("reads the usual amount as it reads any other", () => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789."), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(digits, (text) => {
        // A sign in front is read the general way.
        expect(parseE4(text)).toBe(parseE4(`+${text}`));
        const negative = parseE4(`-${text}`);
        expect(negative).toBe(negative === undefined ? undefined : -(parseE4(`+${text}`) ?? 0n));
      }),
      { numRuns: 2_000 },
    );
  });

  test("reads back what formatE4 prints", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        (amount) => parseE4(formatE4(amount)) === amount,
      ),
    );
  });
});

describe("rounding", () => {
  test("goes half away from zero", () => {
    expect(roundToCents(50n)).toBe(1n);
    expect(roundToCents(49n)).toBe(0n);
    expect(roundToCents(-50n)).toBe(-1n);
    expect(divideHalfUp(-5n, 2n)).toBe(-3n);
    expect(divideFloor(-5n, 2n)).toBe(-3n);
  });
});

describe("allocateCents", () => {
  const share = fc.record({ key: fc.string(), amountE4: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }) });

  test("always sums to the total, and moves no share by more than the missing cents require", () => {
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 1, maxLength: 30 }),
        fc.bigInt({ min: -3n, max: 3n }),
        (shares, noise) => {
          const total = roundToCents(sumOf(shares.map((s) => s.amountE4))) + noise;
          const cents = allocateCents(total, shares);
          expect(sumOf(cents)).toBe(total);
          for (const [index, { amountE4 }] of shares.entries()) {
            const distance = (cents[index] ?? 0n) * 100n - amountE4;
            expect(distance > -500n && distance < 500n).toBe(true);
          }
        },
      ),
    );
  });

  test("does not depend on the order of the items", () => {
    const shares = ["a", "b", "c"].map((key) => ({ key, amountE4: 33_333n }));
    const forward = allocateCents(1_000n, shares);
    const backward = allocateCents(1_000n, [...shares].reverse());
    expect(forward).toEqual([334n, 333n, 333n]);
    expect(backward).toEqual([333n, 333n, 334n]);
  });
});
