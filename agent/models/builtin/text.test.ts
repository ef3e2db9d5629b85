import { describe, expect, it } from "vitest";
import { comparisonOf, dateOf, daysOf, numberOf } from "./quantities.ts";
import { editDistance, nearest, similarity } from "./similarity.ts";
import { speller } from "./spelling.ts";
import { findAll, rawOf, read, slice, stem, textAfter, textBefore } from "./text.ts";

describe("reading", () => {
  it("keeps codes, amounts and quotes whole, and punctuation apart", () => {
    expect(read(`Book "Gift Boxes" (SUB-1), £5,000 and 20% to 202.`).tokens.map(({ raw }) => raw)).toEqual([
      "Book",
      "Gift",
      "Boxes",
      "(",
      "SUB-1",
      ")",
      ",",
      "£5,000",
      "and",
      "20%",
      "to",
      "202",
      ".",
    ]);
  });

  it("keeps a hyphen at the end of a prefix, and the person's own capitals", () => {
    const reading = read("Put WEB- in front, SUB-");
    expect(reading.text).toBe("put web- in front , sub-");
    expect(rawOf(reading, { from: 1, to: 2 })).toBe("WEB-");
  });

  it("marks what stands in quotes, straight, curly or single", () => {
    for (const text of ['a "b c" d', "a “b c” d", "a 'b c' d"])
      expect(
        read(text)
          .tokens.filter(({ quoted }) => quoted)
          .map(({ raw }) => raw),
      ).toEqual(["b", "c"]);
    expect(read("don't and isn't").tokens.some(({ quoted }) => quoted)).toBe(false);
  });

  it("finds patterns in tokens and gives the text around them", () => {
    const reading = read("sales to Wholesale go to 205");
    const [found] = findAll(reading, /\bgo to\b/);
    expect(found).toMatchObject({ from: 3, to: 5 });
    expect(textBefore(reading, { from: 3, to: 5 })).toBe("sales to wholesale ");
    expect(textAfter(reading, { from: 3, to: 5 })).toBe("205");
    expect(slice(reading, { from: 2, to: 4 }).text).toBe("wholesale go");
  });

  it("takes one and many for the same word, and a shop's name for what it is", () => {
    expect(["boxes", "categories", "sales", "wholesaler's", "boss", "bus"].map(stem)).toEqual([
      "box",
      "category",
      "sale",
      "wholesaler",
      "boss",
      "bus",
    ]);
  });

  it("corrects slips towards the trade's and the shop's words and leaves everyday words alone", () => {
    const spell = speller(["Wholesale", "Gift Boxes"]);
    expect(["shiping", "dicsounts", "wholsale", "acount"].map(spell)).toEqual([
      "shipping",
      "discounts",
      "wholesale",
      "account",
    ]);
    for (const word of ["change", "posted", "charge", "statement", "listing", "web", "SUB-"])
      expect(spell(word)).toBe(word);
  });
});

describe("figures", () => {
  it.each([
    ["5,000", "5000"],
    ["£5000", "5000"],
    ["5k", "5000"],
    ["five thousand", "5000"],
    ["two hundred and fifty", "250"],
    ["twenty-one", "21"],
    ["1,234.50", "1234.50"],
  ])("%s is %s", (text, value) => expect(numberOf(text)).toBe(value));

  it.each(["", "and", "lots", "5%"])("%j is no number", (text) => expect(numberOf(text)).toBeUndefined());

  it.each([
    ["orders over £5,000", "above", "5000", "GBP"],
    ["anything over five thousand pounds", "above", "5000", "GBP"],
    ["more than 5000 gbp", "above", "5000", "GBP"],
    ["at least 100", "atLeast", "100", null],
    ["up to 20 euros", "atMost", "20", "EUR"],
    ["under £1", "below", "1", "GBP"],
    ["10k or more", "atLeast", "10000", null],
  ])("%s compares", (text, op, amount, currency) =>
    expect(comparisonOf(read(text))).toMatchObject({ op, amount, currency }),
  );

  it.each(["over 30 days", "under one contact", "from 1 October", "over 20%", "more than two orders"])(
    "%s compares no amount",
    (text) => expect(comparisonOf(read(text))).toBeUndefined(),
  );

  it.each([
    ["30 days", 30],
    ["net 45", 45],
    ["30-day terms", 30],
    ["within two weeks", 14],
    ["thirty days after", 30],
  ])("%s counts days", (text, days) => expect(daysOf(read(text))).toMatchObject({ days }));

  it.each(["any day in May", "one day I will", "400 days"])("%s counts none that terms can have", (text) => {
    const found = daysOf(read(text));
    expect(found === undefined || found.days === 1).toBe(true);
  });

  it.each([
    ["2026-10-01", "2026-10-01"],
    ["1 October 2026", "2026-10-01"],
    ["the 1st of Oct 2026", "2026-10-01"],
    ["October 1, 2026", "2026-10-01"],
  ])("%s is a date", (text, date) => expect(dateOf(read(text))).toMatchObject({ date }));

  it("leaves a date with two readings alone", () =>
    expect(dateOf(read("before 01/10/2026"))).toBeUndefined());
});

describe("similarity", () => {
  it("is one for the same and nought for nothing in common", () => {
    expect(similarity("Wholesale", "wholesale")).toBe(1);
    expect(similarity("abc", "xyz")).toBe(0);
  });

  it("counts slips, a swap as one, and gives up early", () => {
    expect(editDistance("discounts", "dicsounts", 2)).toBe(1);
    expect(editDistance("shipping", "shiping", 2)).toBe(1);
    expect(editDistance("sales", "shipping", 2)).toBe(3);
  });

  it("names the nearest first", () => {
    expect(nearest("Dealers", ["General", "Retailer", "Dealer"], (name) => name, 1)).toEqual(["Dealer"]);
  });
});
