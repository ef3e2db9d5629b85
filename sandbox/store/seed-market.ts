import type { Article } from "./catalogue.ts";
import { articlesOf, priceIn } from "./catalogue.ts";
import { befall } from "./fates.ts";
import { textAt } from "./json.ts";
import type { Market } from "./markets/market.ts";
import type { Fate, Occasion } from "./occasions.ts";
import { dealOccasions } from "./occasions.ts";
import type { OrderRequest } from "./order-request.ts";
import { OrderRequest as OrderSchema } from "./order-request.ts";
import { isOnline } from "./payments.ts";
import { round2 } from "./php.ts";
import { placeOrder } from "./place.ts";
import type { Random } from "./random.ts";
import { seededRandom } from "./random.ts";
import type { Buyer, Roster } from "./roster.ts";
import { customerRows, oneOf, rosterOf } from "./roster.ts";
import { orderTimes, SEASON_DAYS } from "./seasons.ts";
import type { SeedInput } from "./seed.ts";
import type { Shop } from "./shop.ts";
import { magentoTime } from "./time.ts";

const DAY_MS = 86_400_000;
const EDITED_AFTER_MS = 40 * 60_000;
const TRADE_SHARE = 0.65;
const STAFF_PERCENT = 25;
const TENDER_AMOUNT = 15;

type Draw = {
  random: Random;
  shop: Shop;
  market: Market;
  roster: Roster;
  /** Whose turn it is among buyers from abroad: every country and currency comes up. */
  turns: { abroad: number; exports: number };
  month: number;
};

/** A year of orders as the shop's country would place them, fixed by seed and time. The shelves are stocked already. */
export function seedMarket(input: SeedInput, market: Market): void {
  const { state, shop, now, orders } = input;
  const random = seededRandom(input.seed);
  const roster = rosterOf(shop, market, orders);
  const opened = magentoTime(new Date(now.getTime() - (SEASON_DAYS + 30) * DAY_MS));
  state.transact((transaction) => {
    for (const customer of customerRows(shop, roster, opened)) transaction.put("customers", customer);
  });
  const deal = dealOccasions(random);
  const turns = { abroad: 0, exports: 0 };
  let earlier: { request: OrderRequest; increment: string; placedMs: number } | undefined;
  for (const time of orderTimes({ random, orders, now, season: market.season })) {
    const occasion = earlier === undefined ? deal() : undefined;
    const draw = { random, shop, market, roster, turns, month: time.getUTCMonth() + 1 };
    const request: OrderRequest = occasion
      ? drawOrder(draw, occasion)
      : { ...(earlier?.request ?? drawOrder(draw, PLAIN)), edits: earlier?.increment };
    const placedMs = occasion
      ? time.getTime()
      : Math.min((earlier?.placedMs ?? time.getTime()) + EDITED_AFTER_MS, now.getTime());
    state.transact((transaction) => {
      const context = { transaction, shop, now: magentoTime(new Date(placedMs)) };
      const order = placeOrder({
        transaction,
        shop,
        scenario: input.scenario,
        request,
        now: context.now,
      });
      const fate: Fate = occasion?.fate ?? "delivered";
      befall({ context, order, fate, random, placedMs, nowMs: now.getTime() });
      const increment = textAt(order, "increment_id");
      earlier = fate === "edited" ? { request: corrected(request), increment, placedMs } : undefined;
    });
  }
}

const PLAIN: Occasion = { buyer: "guests", fate: "delivered" };

/** The customer rang up: one more of the first thing, please. */
function corrected(request: OrderRequest): OrderRequest {
  const [first, ...others] = request.items;
  return first === undefined ? request : { ...request, items: [{ ...first, qty: first.qty + 1 }, ...others] };
}

function drawOrder(draw: Draw, occasion: Occasion): OrderRequest {
  const { random, shop, market, roster } = draw;
  const role = roster[occasion.buyer].length > 0 ? occasion.buyer : "traders";
  const buyer = drawBuyer(draw, role);
  const isTrade = role === "traders" || role === "untaxed";
  const articles = drawArticles(draw, occasion);
  const items = articles.map((own) => drawItem(draw, own, isTrade));
  const worth = items.reduce((sum, { own, item }) => sum + worthOf(shop, own) * item.qty, 0);
  const coupon = occasion.coupon ? random.pick(market.coupons) : undefined;
  return OrderSchema.parse({
    items: items.map(({ item }) => item),
    ...addressed(buyer),
    storeView: viewFor(shop, buyer, isTrade),
    paymentMethod: drawMethod(draw, isTrade || occasion.fate === "waits" || occasion.fate === "edited"),
    shipping: carriage(draw, buyer, occasion.freeShipping === true || worth >= market.carriage.freeFrom),
    ...(coupon === undefined ? {} : { coupon: coupon.code }),
    discounts: discountsOf(shop, coupon, role === "staff"),
    ...(shop.commerce ? tendersOf(shop, occasion) : {}),
  });
}

function drawBuyer({ random, roster, turns }: Draw, role: keyof Roster): Buyer {
  const buyers = roster[role];
  const inTurn = role === "abroad" || role === "exports";
  const buyer = inTurn ? buyers[turns[role]++ % buyers.length] : oneOf(random, buyers);
  if (buyer === undefined) throw new Error(`the market has nobody for ${role}`);
  return buyer;
}

function addressed({ id, groupId, email, person, place }: Buyer): Partial<OrderRequest> {
  const { country, region, ...address } = place;
  return {
    country,
    address: { ...address, ...(region === undefined ? {} : { region: region.code }) },
    customer: { ...(id === undefined ? {} : { id }), groupId, email, ...person },
  };
}

/** What must be in it, and up to two more of what sells in that month. Downloads and visits are bought alone. */
function drawArticles({ random, shop, month }: Draw, occasion: Occasion): Article[] {
  const shelf = articlesOf(shop).filter((own) => own.hidden !== true);
  const first = shelf.filter(
    (own) => own.type === occasion.first && (own.dynamic === true) === (occasion.dynamic === true),
  );
  const must = first[random.int(0, Math.max(0, first.length - 1))];
  if (must !== undefined && ["virtual", "downloadable", "giftcard"].includes(must.type)) return [must];
  const others = shelf.filter(
    ({ sku, months, popularity }) =>
      sku !== must?.sku && (popularity ?? 0) > 0 && (months === undefined || months.includes(month)),
  );
  const more = Array.from({ length: random.int(must === undefined ? 1 : 0, 2) }, () =>
    popularOf(random, others),
  );
  return [...new Set([must, ...more])].filter((own) => own !== undefined);
}

function popularOf(random: Random, articles: readonly Article[]): Article | undefined {
  const [first, ...others] = articles.map((own) => [own, own.popularity ?? 0] as const);
  return first === undefined ? undefined : random.weighted([first, ...others]);
}

function drawItem(draw: Draw, own: Article, isTrade: boolean): DrawnItem {
  const { random, shop } = draw;
  const variant = own.type === "configurable" ? random.int(0, (own.parts?.length ?? 1) - 1) : undefined;
  const qty = isTrade ? random.pick([6, 12, 24]) : random.weighted(QUANTITIES);
  const isPriced = own.type === "simple" || own.type === "configurable";
  const share = isTrade ? TRADE_SHARE : own.type === "simple" && random.chance(0.08) ? 0.85 : 1;
  return {
    own,
    item: {
      sku: own.sku,
      qty: own.type === "giftcard" ? 1 : qty,
      ...(variant === undefined ? {} : { variant: own.parts?.[variant]?.sku }),
      ...(isPriced && share !== 1 ? { price: round2(priceIn(shop, own.price) * share) } : {}),
    },
  };
}

type DrawnItem = { own: Article; item: OrderRequest["items"][number] };

const QUANTITIES = [
  [1, 75],
  [2, 18],
  [3, 7],
] as const satisfies [readonly [number, number], ...(readonly [number, number])[]];

/** A basket's worth decides on free carriage; a set of parts is worth its parts. */
function worthOf(shop: Shop, own: Article): number {
  if (own.price > 0) return priceIn(shop, own.price);
  const shelf = articlesOf(shop);
  return (own.parts ?? []).reduce((sum, { sku, quantity }) => {
    const part = shelf.find((other) => other.sku === sku);
    return sum + priceIn(shop, part?.price ?? 0) * quantity;
  }, 0);
}

function carriage({ shop, market }: Draw, buyer: Buyer, isFree: boolean): OrderRequest["shipping"] {
  const atHome = buyer.place.country === shop.country;
  if (isFree && atHome)
    return { code: "freeshipping_freeshipping", description: "Free Shipping - Free", amount: 0 };
  const { home, abroad, title } = market.carriage;
  return {
    code: "flatrate_flatrate",
    description: `Flat Rate - ${title}`,
    amount: priceIn(shop, atHome ? home : abroad),
  };
}

function discountsOf(
  shop: Shop,
  coupon: Market["coupons"][number] | undefined,
  isStaff: boolean,
): OrderRequest["discounts"] {
  const rule = { toShipping: false, stop: false };
  return [
    ...(isStaff ? [{ ...rule, action: "by_percent" as const, amount: STAFF_PERCENT }] : []),
    ...(coupon === undefined
      ? []
      : [
          {
            ...rule,
            action: coupon.action,
            amount: coupon.action === "cart_fixed" ? priceIn(shop, coupon.amount) : coupon.amount,
            toShipping: coupon.toShipping === true,
            ...(coupon.step === undefined ? {} : { step: coupon.step }),
          },
        ]),
  ];
}

function tendersOf(shop: Shop, { tender }: Occasion): Partial<OrderRequest> {
  const amount = priceIn(shop, TENDER_AMOUNT);
  switch (tender) {
    case "giftCard":
      return { giftCards: [{ code: "DEMOGIFT", amount }] };
    case "storeCredit":
      return { customerBalance: amount };
    case "points":
      return { reward: { points: TENDER_AMOUNT * 10, amount: round2(amount / 2) } };
    case undefined:
      return {};
    default:
      return tender satisfies never;
  }
}

/** Firms and the undecided pay later; of the gateways the first is everybody's favourite. */
function drawMethod({ random, shop }: Draw, isLater: boolean): string | undefined {
  const later = shop.paymentMethods.filter((method) => !isOnline(method));
  const online = shop.paymentMethods.filter(isOnline);
  if (isLater && later.length > 0) return later[random.int(0, later.length - 1)];
  return online[Math.floor(random.next() ** 2 * online.length)] ?? later[0];
}

const CURRENCY_OF: Readonly<Record<string, string>> = {
  GB: "GBP",
  DE: "EUR",
  FR: "EUR",
  NL: "EUR",
  IE: "EUR",
  US: "USD",
  CA: "CAD",
  AU: "AUD",
  NZ: "NZD",
  JP: "JPY",
  SG: "SGD",
};

/** A trade view for firms, else the view in the buyer's own currency, else the first. */
function viewFor(shop: Shop, buyer: Buyer, isTrade: boolean): string | undefined {
  const trade = shop.views.find(({ code }) => /trade|wholesale|b2b/.test(code));
  if (isTrade && trade) return trade.code;
  const own = shop.views.find(({ currency }) => currency === CURRENCY_OF[buyer.place.country]);
  return (own ?? shop.views[0])?.code;
}
