import type { Shop } from "../shop.ts";
import { AUSTRALIA } from "./australia.ts";
import { BRITAIN } from "./britain.ts";
import { IRELAND } from "./ireland.ts";
import type { Market } from "./market.ts";
import { NEW_ZEALAND } from "./new-zealand.ts";
import { UNITED_STATES } from "./united-states.ts";

const MARKETS = {
  GB: BRITAIN,
  AU: AUSTRALIA,
  NZ: NEW_ZEALAND,
  IE: IRELAND,
  US: UNITED_STATES,
} satisfies Record<NonNullable<Shop["market"]>, Market>;

/** The market a shop's scenario names, or none: then it sells one of everything to anybody. */
export const marketOf = (shop: Pick<Shop, "market">): Market | undefined =>
  shop.market === undefined ? undefined : MARKETS[shop.market];
