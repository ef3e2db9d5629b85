import type { Article, Category } from "../catalogue.ts";
import type { OrderRequest } from "../order-request.ts";

/** Everything by which a seeded shop shows its country: goods, people, places, prices and seasons, all invented. */
export type Market = {
  categories: readonly Category[];
  articles: readonly Article[];
  firstnames: readonly string[];
  lastnames: readonly string[];
  /** Where its consumers live. */
  towns: Towns;
  /** Consumers of other countries, who pay the shop's tax, their own country's, or none: the tax rates decide. */
  abroad: Towns;
  /** Parcels that leave the shop's tax territory. */
  exports: Towns;
  firms: readonly [Firm, ...Firm[]];
  coupons: readonly [Coupon, ...Coupon[]];
  carriage: Carriage;
  season: Season;
};

type Towns = readonly [Town, ...Town[]];

/** Streets are invented and have no number yet; `#` in a telephone number is a digit of a range that is kept free. */
export type Town = {
  country: string;
  street: string;
  city: string;
  /** A region's code, where the country has regions. */
  region?: string;
  postcode: string;
  telephone: string;
};

type TownRow = readonly [street: string, city: string, postcode: string, telephone: string, region?: string];

export const town = (country: string, row: TownRow): Town => {
  const [street, city, postcode, telephone, region] = row;
  return { country, street, city, postcode, telephone, ...(region === undefined ? {} : { region }) };
};

export const towns = (country: string, rows: readonly [TownRow, ...TownRow[]]): [Town, ...Town[]] => {
  const [first, ...others] = rows;
  return [town(country, first), ...others.map((row) => town(country, row))];
};

export type Firm = {
  company: string;
  firstname: string;
  lastname: string;
  taxvat: string;
  town: Town;
  /** Buys without tax: another member state's business, or a reseller. */
  isUntaxed?: boolean;
};

export type Coupon = {
  code: string;
  action: OrderRequest["discounts"][number]["action"];
  amount: number;
  toShipping?: boolean;
  step?: number;
};

/** In base currency and in the shop's convention, with or without tax; free from a basket of that worth. */
export type Carriage = { home: number; abroad: number; title: string; freeFrom: number };

/** How a year sells: a factor for each month from January, and days that stand out. */
export type Season = {
  months: readonly number[];
  peaks: readonly { from: string; to: string; factor: number }[];
  utcOffsetHours: number;
};

type Rest = Partial<Article> & { price: number };

/** An article of a market's list; ids follow the list. */
export const goods = (sku: string, name: string, rest: Rest): Omit<Article, "id"> => ({
  sku,
  name,
  type: "simple",
  kind: "standard",
  categories: [HOME],
  attributeSet: 4,
  weight: 0.4,
  popularity: rest.hidden ? 0 : 6,
  ...rest,
});

/** A configurable product and its hidden variants, one for each size. */
export function sized(
  sku: string,
  name: string,
  sizes: readonly string[],
  rest: Rest,
): Omit<Article, "id">[] {
  const variants = sizes.map((size) =>
    goods(`${sku}-${size}`, `${name}-${size}`, { attributeSet: 9, ...rest, hidden: true, popularity: 0 }),
  );
  const parts = variants.map((variant) => ({ sku: variant.sku, quantity: 1 }));
  return [...variants, goods(sku, name, { attributeSet: 9, ...rest, type: "configurable", parts })];
}

const FIRST_ID = 101;

export const numbered = (list: readonly Omit<Article, "id">[]): Article[] =>
  list.map((own, index) => ({ id: FIRST_ID + index, ...own }));

export const [HOME, PANTRY, BOOKS, CLOTHING, CHILDREN, GIFTS, GIFT_BOXES, OUTDOORS, DIGITAL, CHRISTMAS] = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
] as const;

export const MARKET_CATEGORIES: readonly Category[] = [
  { id: HOME, name: "Kitchen and home" },
  { id: PANTRY, name: "Pantry" },
  { id: BOOKS, name: "Books" },
  { id: CLOTHING, name: "Clothing" },
  { id: CHILDREN, name: "Children" },
  { id: GIFTS, name: "Gifts" },
  { id: GIFT_BOXES, name: "Gift Boxes" },
  { id: OUTDOORS, name: "Garden and outdoors" },
  { id: DIGITAL, name: "Classes and downloads" },
  { id: CHRISTMAS, name: "Christmas" },
];

/** November builds up, mid-December is the height, and nothing leaves the warehouse around Christmas Day. */
export const CHRISTMAS_PEAKS = [
  { from: "11-23", to: "11-30", factor: 1.8 },
  { from: "12-08", to: "12-18", factor: 1.7 },
  { from: "12-22", to: "12-25", factor: 0.35 },
  { from: "12-26", to: "12-31", factor: 0.9 },
] as const;

export const FESTIVE_MONTHS = [10, 11, 12] as const;
