import { customerRow } from "./customer-row.ts";
import type { JsonObject } from "./json.ts";
import type { Firm, Market, Town } from "./markets/market.ts";
import type { Person, Place } from "./people.ts";
import type { Random } from "./random.ts";
import { regionOf } from "./regions.ts";
import type { Shop } from "./shop.ts";

/** Somebody who orders, again and again under the same name; without an id a guest. */
export type Buyer = { id?: number; groupId: number; email: string; person: Person; place: Place };

export type Roster = {
  /** Those in front come back most often. */
  consumers: readonly Buyer[];
  guests: readonly Buyer[];
  traders: readonly Buyer[];
  /** Firms that no tax rule names: reverse charge, resale. */
  untaxed: readonly Buyer[];
  staff: readonly Buyer[];
  abroad: readonly Buyer[];
  exports: readonly Buyer[];
};

const CONSUMERS_MIN = 14;
/** So many orders come from one customer on average. */
const ORDERS_EACH = 4;

/** The people of a market's shop: as many as its orders need, as far as its names go round. */
export function rosterOf(shop: Shop, market: Market, orders: number): Roster {
  const names = market.firstnames.length * market.lastnames.length;
  const consumers = Math.max(CONSUMERS_MIN, Math.min(Math.floor(names / 2), Math.ceil(orders / ORDERS_EACH)));
  const guests = Math.max(CONSUMERS_MIN / 2, Math.floor(consumers / 2));
  let number = 0;
  const next = (of: readonly [Town, ...Town[]], groupId: number): Buyer => {
    const person = personOf(market, number);
    const town = of[number % of.length] ?? of[0];
    const buyer = { groupId, email: emailOf(person), person, place: placeOf(town, number) };
    number += 1;
    return buyer;
  };
  const group = groupIdsOf(shop);
  const list = (count: number, of: readonly [Town, ...Town[]], groupId: number): Buyer[] =>
    Array.from({ length: count }, () => next(of, groupId));
  const registered = {
    consumers: list(consumers, market.towns, 1),
    staff: list(2, market.towns, group.staff),
    abroad: list(Math.max(2, market.abroad.length * 2), market.abroad, 1),
    exports: list(Math.max(2, market.exports.length * 2), market.exports, 1),
    traders: market.firms.filter((firm) => !firm.isUntaxed).map((firm) => firmBuyer(firm, group.trade)),
    untaxed: market.firms.filter((firm) => firm.isUntaxed).map((firm) => firmBuyer(firm, group.untaxed)),
  };
  let id = 0;
  const withIds = Object.fromEntries(
    Object.entries(registered).map(([role, buyers]) => [
      role,
      buyers.map((buyer) => {
        id += 1;
        return { ...buyer, id };
      }),
    ]),
  ) as typeof registered;
  return { ...withIds, guests: list(guests, market.towns, 0) };
}

/** Groups by the words shops use for them; a shop without such a group has everybody in its first. */
function groupIdsOf(shop: Shop): { staff: number; trade: number; untaxed: number } {
  const first = 1;
  const named = (words: RegExp): number => shop.groups.find(({ code }) => words.test(code))?.id ?? first;
  return {
    staff: named(/staff/i),
    trade: named(/wholesale|trade/i),
    untaxed: shop.groups.find(({ taxClass }) => taxClass !== shop.groups[0]?.taxClass)?.id ?? first,
  };
}

/** Every pair of names before one comes again. */
function personOf(market: Market, number: number): Person {
  const { firstnames, lastnames } = market;
  const turn = Math.floor(number / firstnames.length);
  return {
    firstname: firstnames[number % firstnames.length] ?? "",
    lastname: lastnames[(number + turn) % lastnames.length] ?? "",
  };
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

const emailOf = ({ firstname, lastname }: Person): string =>
  `${slug(firstname)}.${slug(lastname)}@example.com`;

const firmBuyer = ({ company, firstname, lastname, taxvat, town }: Firm, groupId: number): Buyer => ({
  groupId,
  email: `orders@${slug(company)}.example.org`,
  person: { firstname, lastname, company, taxvat },
  place: placeOf(town, company.length),
});

/** House and telephone numbers follow the person's number, so that they never change. */
function placeOf(town: Town, number: number): Place {
  const digits = String(number).padStart(8, "0").split("");
  const telephone = town.telephone.replace(/#+/, (signs) => digits.slice(-signs.length).join(""));
  const region = regionOf(town.country, town.region);
  return {
    street: [`${1 + ((number * 37) % 180)} ${town.street}`],
    city: town.city,
    postcode: town.postcode,
    country: town.country,
    telephone,
    ...(region === undefined ? {} : { region }),
  };
}

/** The first of a list orders about three times as often as the middle one. */
export function oneOf(random: Random, buyers: readonly Buyer[]): Buyer | undefined {
  const share = random.next() ** 2;
  return buyers[Math.floor(share * buyers.length)];
}

export const customerRows = (shop: Shop, roster: Roster, createdAt: string): JsonObject[] =>
  Object.values(roster)
    .flat()
    .flatMap(({ id, groupId, person, email, place }) =>
      id === undefined
        ? []
        : [
            customerRow({
              id,
              groupId,
              person,
              email,
              place,
              createdAt,
              createdIn: shop.views[0]?.name ?? "Default Store View",
              isSubscribed: id % 3 === 0,
            }),
          ],
    );
