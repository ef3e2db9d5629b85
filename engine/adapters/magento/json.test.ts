import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExactJson } from "./json.ts";

const parsed = (text: string) => {
  const result = parseExactJson(text);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

const mistake = (text: string) => {
  const result = parseExactJson(text);
  if (result.ok) throw new Error("a mistake was expected");
  return result.error;
};

describe("exact JSON", () => {
  test("an amount keeps its digits as text, whole numbers stay numbers", () => {
    expect(parsed('{"a": 12.3456, "b": 5, "c": -0.1, "d": "34.0000", "e": 1e-4}')).toEqual({
      a: "12.3456",
      b: 5,
      c: "-0.1",
      d: "34.0000",
      e: "0.0001",
    });
  });

  test("an id beyond the safe integers is not rounded", () => {
    expect(parsed("[9007199254740993, 9007199254740991]")).toEqual(["9007199254740993", 9007199254740991]);
  });

  test("a byte order mark is no mistake", () => {
    expect(parsed("\uFEFF{}")).toEqual({});
  });

  test("every number that JavaScript can print comes back digit for digit", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const source = JSON.stringify(number);
        const [value] = parsed(`[${source}]`) as [string | number];
        expect(typeof value === "number" ? Object.is(value, Number(source)) : value === source).toBe(true);
      }),
    );
  });
});

describe("broken JSON", () => {
  test.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a "," or "}" was expected'],
    ['{"a": 1,}', 1, 9, "a name in double quotes was expected"],
    ["[1, 2", 1, 6, 'the text ends where a "," or "]" was expected'],
    ["", 1, 1, "the text ends where a value was expected"],
    ["<html>", 1, 1, "a value was expected"],
    ['{"a" 1}', 1, 6, 'a ":" was expected'],
    ["{} {}", 1, 4, "the end of the text was expected"],
    ['{"a": 01}', 1, 7, "a value was expected"],
    ['{"a": "b\nc"}', 1, 7, "a value was expected"],
    ["[NaN]", 1, 2, 'a value or "]" was expected'],
  ])("%j is refused with its line and column", (text, line, column, expectation) => {
    expect(mistake(text)).toMatchObject({ kind: "invalidJson", line, column });
    expect(mistake(text).message).toContain(expectation);
  });

  test("the message repeats nothing of the text", () => {
    expect(mistake('{"name": secret-buyer}').message).not.toContain("secret");
  });

  test("cutting any JSON short is always a mistake with a place inside the text", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, seed) => {
        const cut = json.slice(0, seed % Math.max(json.length, 1));
        const result = parseExactJson(cut);
        if (result.ok) return;
        expect(result.error.line).toBeGreaterThan(0);
        expect(result.error.column).toBeLessThanOrEqual(cut.length + 1);
      }),
    );
  });
});
