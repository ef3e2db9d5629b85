import type { ProductType } from "./products.ts";
import type { Random } from "./random.ts";
import type { Roster } from "./roster.ts";

/** What becomes of an order after it was placed. */
export type Fate =
  | "delivered"
  | "canceled"
  | "waits"
  | "edited"
  | "partlyInvoiced"
  | "partlyRefunded"
  | "refunded";

/** One kind of order that a shop sees: who buys, what must be in it, how it is paid and what becomes of it. */
export type Occasion = {
  buyer: keyof Roster;
  first?: ProductType;
  /** Of a bundle: charged by its parts. */
  dynamic?: true;
  coupon?: true;
  freeShipping?: true;
  tender?: "giftCard" | "storeCredit" | "points";
  fate: Fate;
};

/** Twenty-eight orders in which everything happens that a shop of the country must be able to show. */
const DECK: readonly Occasion[] = [
  { buyer: "consumers", first: "configurable", fate: "delivered" },
  { buyer: "guests", first: "configurable", fate: "delivered" },
  { buyer: "guests", first: "bundle", fate: "delivered" },
  { buyer: "consumers", first: "bundle", dynamic: true, freeShipping: true, fate: "delivered" },
  { buyer: "consumers", first: "bundle", coupon: true, fate: "delivered" },
  { buyer: "guests", first: "downloadable", fate: "delivered" },
  { buyer: "consumers", first: "virtual", fate: "delivered" },
  { buyer: "consumers", first: "grouped", fate: "delivered" },
  { buyer: "guests", coupon: true, fate: "delivered" },
  { buyer: "consumers", coupon: true, freeShipping: true, fate: "delivered" },
  { buyer: "traders", fate: "delivered" },
  { buyer: "traders", fate: "partlyInvoiced" },
  { buyer: "untaxed", fate: "delivered" },
  { buyer: "staff", fate: "delivered" },
  { buyer: "exports", fate: "delivered" },
  { buyer: "exports", first: "simple", fate: "delivered" },
  { buyer: "abroad", fate: "delivered" },
  { buyer: "abroad", first: "configurable", fate: "delivered" },
  { buyer: "consumers", fate: "partlyRefunded" },
  { buyer: "guests", fate: "refunded" },
  { buyer: "consumers", fate: "canceled" },
  { buyer: "consumers", fate: "edited" },
  { buyer: "guests", fate: "waits" },
  { buyer: "consumers", tender: "giftCard", fate: "delivered" },
  { buyer: "consumers", tender: "storeCredit", fate: "delivered" },
  { buyer: "consumers", first: "giftcard", fate: "delivered" },
  { buyer: "consumers", tender: "points", fate: "delivered" },
  { buyer: "guests", fate: "delivered" },
];

/** Deals occasions like cards: all of them once, in a new order each time. */
export function dealOccasions(random: Random): () => Occasion {
  let left: Occasion[] = [];
  return () => {
    if (left.length === 0) left = [...DECK];
    const [drawn] = left.splice(random.int(0, left.length - 1), 1);
    return drawn ?? { buyer: "guests", fate: "delivered" };
  };
}
