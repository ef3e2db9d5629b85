import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ITEM_CODE_MAX, itemCodeOf, reusedItemCode } from "./item-code.ts";

/** Skus as shops have them: families that differ in their last letters, capitals and spaces. */
const sku = fc
  .tuple(
    fc.constantFrom(
      "",
      "CHAIR-OAK-DARK-LEATHER-XXL-20",
      "chair-oak-dark-leather-xxl-20",
      "Ümläut 家 ",
      'A"B',
    ),
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.constantFrom("", " ", "~0123abcd"),
  )
  .map((parts) => parts.join(""));

describe("the code of a sku", () => {
  test("is never shared by two skus of a catalogue, and has at most 30 characters", () => {
    fc.assert(
      fc.property(fc.uniqueArray(sku, { maxLength: 60 }), (skus) => {
        const codes = skus.map(itemCodeOf);
        expect(new Set(codes).size).toBe(skus.length);
        expect(codes.every((code) => code.length <= ITEM_CODE_MAX && !/["\\<>]|^\s|\s$/.test(code))).toBe(
          true,
        );
        expect(skus.map(itemCodeOf)).toEqual(codes);
      }),
    );
  });

  test("of thousands of variants of one product is another one each", () => {
    const skus = Array.from({ length: 5_000 }, (_, index) => `CHAIR-OAK-DARK-LEATHER-XXL-${2_000 + index}`);
    expect(new Set(skus.map(itemCodeOf)).size).toBe(skus.length);
  });

  test.each([
    ["MUG", "MUG"],
    ["CHAIR-OAK-DARK-LEATHER-XXL-202", "CHAIR-OAK-DARK-LEATHER-XXL-202"],
    ["RED MUG", "RED MUG"],
    ["Tasse-Größe", "Tasse-Größe"],
  ])("that is one already stays: %s", (given, code) => {
    expect(itemCodeOf(given)).toBe(code);
  });

  test.each([
    "CHAIR-OAK-DARK-LEATHER-XXL-2026",
    "MUG ",
    " MUG",
    "RED  MUG",
    'MUG "9"',
    "MUG\t1",
    "",
    "MUG~0123abcd",
  ])("that is none ends in a hash: %j", (given) => {
    expect(itemCodeOf(given)).toMatch(/^\S{0,21}~[0-9a-f]{8}$/);
  });

  test("is 21 characters and the hash for a long one, and never changes", () => {
    expect(itemCodeOf("CHAIR-OAK-DARK-LEATHER-XXL-2026")).toMatch(/^CHAIR-OAK-DARK-LEATHE~/);
    expect(itemCodeOf("CHAIR-OAK-DARK-LEATHER-XXL-2026")).toMatchInlineSnapshot(
      `"CHAIR-OAK-DARK-LEATHE~eada1835"`,
    );
  });

  test("of a product with another's old sku is neither the old one nor that of a third", () => {
    const codes = [itemCodeOf("MUG"), reusedItemCode("MUG", "9"), reusedItemCode("MUG", "10")];
    expect(new Set(codes).size).toBe(3);
    expect(codes[1]).toMatch(/^MUG~[0-9a-f]{8}$/);
  });
});
