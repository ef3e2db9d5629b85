import fc from "fast-check";
import { expect, test } from "vitest";
import { onePiece, stockPieces } from "./exact-pieces.ts";
import { sumOf } from "./money.ts";
import { isLineTie, lineCents } from "./xero-arithmetic.ts";

const quantity = fc.bigInt({ min: 1n, max: 50_000_000n });
const amount = fc.bigInt({ min: 0n, max: 10_000_000n });

test("pieces of an item in stock keep the quantity and the amount, never on half a cent, never below zero", () => {
  fc.assert(
    fc.property(quantity, amount, (quantityE4, amountCents) => {
      const pieces = stockPieces(quantityE4, amountCents);
      if (pieces === undefined) return quantityE4 <= 10_000n;
      expect(sumOf(pieces.map((piece) => piece.quantityE4))).toBe(quantityE4);
      expect(sumOf(pieces.map((piece) => piece.amountCents))).toBe(amountCents);
      for (const piece of pieces) {
        expect(lineCents(piece.quantityE4, piece.unitE4)).toBe(piece.amountCents);
        expect(isLineTie(piece.quantityE4, piece.unitE4)).toBe(false);
        expect(piece.unitE4 >= 0n && piece.quantityE4 > 0n).toBe(true);
      }
      return true;
    }),
  );
});

test("a piece of less than one is never without a unit price either, in whole cents", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10_000n }), amount, (quantityE4, amountCents) => {
      expect(stockPieces(quantityE4, amountCents)).toHaveLength(1);
    }),
  );
});

test("one line where a unit price carries it, none where it does not", () => {
  expect(onePiece(30_000n, 1_000n)).toEqual({ quantityE4: 30_000n, unitE4: 33_333n, amountCents: 1_000n });
  expect(onePiece(3_000_000n, 10_001n)).toBeUndefined();
  expect(stockPieces(3_000_000n, 10_001n)?.map(({ quantityE4 }) => quantityE4)).toEqual([
    2_990_000n,
    10_000n,
  ]);
});
