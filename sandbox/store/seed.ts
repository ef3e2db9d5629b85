import type { Scenario } from "../shared/scenario.ts";
import type { ActionContext } from "./actions.ts";
import { cancelOrder, createInvoice } from "./actions.ts";
import { articleOf, articlesOf, catalogueJson, priceIn } from "./catalogue.ts";
import { customerRow } from "./customer-row.ts";
import { refund, ship } from "./fates.ts";
import type { JsonObject } from "./json.ts";
import { numberAt, objectAt, textAt } from "./json.ts";
import { marketOf } from "./markets/markets.ts";
import type { OrderRequest } from "./order-request.ts";
import { OrderRequest as OrderSchema } from "./order-request.ts";
import { isOnline } from "./payments.ts";
import type { Person } from "./people.ts";
import { addressIn, emailOf, PEOPLE } from "./people.ts";
import { round2 } from "./php.ts";
import { placeOrder } from "./place.ts";
import type { Random } from "./random.ts";
import { seededRandom } from "./random.ts";
import { seedMarket } from "./seed-market.ts";
import type { Shop } from "./shop.ts";
import type { State, Transaction } from "./state.ts";
import { magentoTime } from "./time.ts";

export type SeedInput = {
  state: State;
  shop: Shop;
  scenario: Scenario;
  seed: number;
  orders: number;
  now: Date;
};

const DAYS_BACK = 45;
const EDITED_EVERY = 20;
const DAY_MS = 86_400_000;

/** Fills an empty store: catalogue, customers and orders over the last 45 days, fixed by seed and time. */
export function seedStore(input: SeedInput): void {
  const { state, shop, now } = input;
  const random = seededRandom(input.seed);
  const opened = magentoTime(new Date(now.getTime() - 400 * DAY_MS));
  const market = marketOf(shop);
  stockShelves(input, opened);
  if (market !== undefined) {
    seedMarket(input, market);
    return;
  }
  state.transact((transaction) => {
    for (const customer of customers(shop, opened)) transaction.put("customers", customer);
  });
  const times = Array.from({ length: input.orders }, () =>
    Math.floor(random.next() * DAYS_BACK * DAY_MS),
  ).sort((a, b) => b - a);
  const waiting: number[] = [];
  times.forEach((agoMs, index) => {
    const placed = new Date(now.getTime() - agoMs - 60_000);
    state.transact((transaction) => {
      const context = { transaction, shop, now: magentoTime(placed) };
      const drawn = drawOrder(random, shop, index);
      // Now and then a customer calls and the order is edited: cancelled and placed again (accounting.md 1.2, 9).
      const edits = index % EDITED_EVERY === EDITED_EVERY - 1 ? lastWaiting(transaction, waiting) : undefined;
      const request = edits === undefined ? drawn : { ...drawn, edits };
      const order = placeOrder({ transaction, shop, scenario: input.scenario, request, now: context.now });
      waiting.push(numberAt(order, "entity_id"));
      live({ context, order, random, placedMs: placed.getTime(), nowMs: now.getTime() });
    });
  });
}

/** Goods of the catalogue and how many of each are there; only what has a shape of its own is counted. */
function stockShelves({ state, shop }: SeedInput, opened: string): void {
  state.transact((transaction) => {
    for (const product of catalogueJson(shop, opened)) transaction.put("products", product);
    for (const own of articlesOf(shop).filter(({ type }) => type === "simple" || type === "virtual")) {
      transaction.put("sourceItems", {
        key: `${own.sku}/default`,
        sku: own.sku,
        source_code: "default",
        quantity: 40 + own.id,
        status: 1,
      });
    }
  });
}

/** The newest order that is still waiting; those behind it that no longer do are dropped for good. */
function lastWaiting(transaction: Transaction, candidates: number[]): string | undefined {
  for (let id = candidates.pop(); id !== undefined; id = candidates.pop()) {
    const order = transaction.get("orders", id);
    if (order?.state === "new") return textAt(order, "increment_id");
  }
  return undefined;
}

/** What happened to the order since: paid, shipped, refunded, cancelled, or still waiting. */
function live(input: {
  context: ActionContext;
  order: JsonObject;
  random: Random;
  placedMs: number;
  nowMs: number;
}): void {
  const { context, order, random } = input;
  const id = numberAt(order, "entity_id");
  const at = (minutes: number): ActionContext => ({
    ...context,
    now: magentoTime(new Date(Math.min(input.placedMs + minutes * 60_000, input.nowMs))),
  });
  const old = input.nowMs - input.placedMs > 3 * DAY_MS;
  const method = textAt(objectAt(order, "payment"), "method");
  const fate = random.next();
  if (!isOnline(method)) {
    // A transfer waits some days; the older ones have been paid or given up.
    if (!old || fate < 0.35) return;
    if (fate < 0.55) {
      cancelOrder(at(5 * 1440), id);
      return;
    }
  }
  if (isOnline(method) && fate < 0.04) {
    cancelOrder(at(45), id);
    return;
  }
  createInvoice(at(isOnline(method) ? 1 : 2 * 1440), { orderId: id, items: [], capture: isOnline(method) });
  if (input.nowMs - input.placedMs > DAY_MS && fate < 0.9) ship(at(1440), id);
  if (old && random.chance(0.14)) {
    const isWhole = random.chance(0.35);
    refund(at(2 * 1440 + 60), { id, online: isOnline(method), random, isWhole });
  }
}

type Weighted<T> = readonly [readonly [T, number], ...(readonly [T, number])[]];

const BASKET: Weighted<string> = [
  ["MUG-STRIPED", 12],
  ["TEAPOT-ROUND", 6],
  ["KETTLE-HOB", 4],
  ["TEA-BREAKFAST", 10],
  ["COFFEE-HARBOUR", 8],
  ["BOOK-TEAS", 6],
  ["BOOK-KNOTS", 5],
  ["DRAUGHT-ROLL", 5],
  ["LOFT-PANEL", 3],
  ["LAMP-DESK", 3],
  ["CANDLE-FIG", 9],
  ["TOWEL-LINEN", 8],
  ["SHIRT", 10],
  ["SET-BREAKFAST", 4],
  ["HAMPER-PICNIC", 5],
  ["CLASS-TASTING", 2],
  ["PATTERN-SCARF", 3],
  ["FAMILY-TABLE", 4],
];

type Coupon = {
  code: string;
  action: OrderRequest["discounts"][number]["action"];
  amount: number;
  toShipping: boolean;
  step?: number;
};

const COUPONS: readonly [Coupon, ...Coupon[]] = [
  { code: "WELCOME10", action: "by_percent", amount: 10, toShipping: false },
  { code: "FIVEROFF", action: "cart_fixed", amount: 5, toShipping: false },
  { code: "AUTUMN15", action: "by_percent", amount: 15, toShipping: true },
  { code: "MUGS3FOR2", action: "buy_x_get_y", amount: 1, step: 2, toShipping: false },
];

function drawOrder(random: Random, shop: Shop, index: number): OrderRequest {
  const destination = random.weighted<string>([
    [shop.country, 80],
    [shop.destinations[1] ?? shop.country, 7],
    [shop.destinations[2] ?? shop.country, 6],
    [shop.destinations.at(-1) ?? shop.country, 7],
  ]);
  const person = random.pick(PEOPLE);
  const business = person.company !== undefined && shop.groups.length > 2;
  const registered = business || random.chance(0.5);
  const personId = PEOPLE.indexOf(person) + 1;
  const lines = random.int(1, 4);
  const items = Array.from({ length: lines }, () => drawItem(random, shop));
  const free = random.chance(0.2);
  const carriage = priceIn(shop, destination === shop.country ? 4.95 : 14.9);
  const coupon = random.chance(0.25) ? random.pick(COUPONS) : undefined;
  return OrderSchema.parse({
    items,
    country: destination,
    storeView: viewFor(shop, destination, business),
    customer: {
      ...(registered ? { id: personId } : {}),
      groupId: registered ? groupOf(shop, person) : 0,
      email: emailOf(person),
      firstname: person.firstname,
      lastname: person.lastname,
      ...(person.company ? { company: person.company } : {}),
      ...(person.taxvat ? { taxvat: person.taxvat } : {}),
    },
    paymentMethod: shop.paymentMethods[index % 10 < 6 ? 0 : index % shop.paymentMethods.length],
    shipping: free
      ? { code: "freeshipping_freeshipping", description: "Free Shipping - Free", amount: 0 }
      : { code: "flatrate_flatrate", description: "Flat Rate - Fixed", amount: carriage },
    ...(coupon
      ? {
          coupon: coupon.code,
          discounts: [
            {
              action: coupon.action,
              amount: coupon.action === "cart_fixed" ? priceIn(shop, coupon.amount) : coupon.amount,
              toShipping: coupon.toShipping,
              ...(coupon.step === undefined ? {} : { step: coupon.step }),
            },
          ],
        }
      : {}),
    ...(shop.commerce && random.chance(0.15)
      ? { giftCards: [{ code: "DEMOGIFT", amount: priceIn(shop, 10) }] }
      : {}),
  });
}

function drawItem(random: Random, shop: Shop): OrderRequest["items"][number] {
  const bought = random.weighted(BASKET);
  const own = articleOf(shop, bought);
  const onSale = random.chance(0.1) && own?.type === "simple";
  return {
    sku: bought,
    qty: random.weighted<number>([
      [1, 70],
      [2, 20],
      [3, 7],
      [6, 3],
    ]),
    ...(bought === "SHIRT" ? { variant: random.pick(["SHIRT-S", "SHIRT-M", "SHIRT-L"]) } : {}),
    ...(onSale && own ? { price: round2(priceIn(shop, own.price) * 0.85) } : {}),
  };
}

const groupOf = (shop: Shop, person: Person): number => (person.company && shop.groups.length > 2 ? 2 : 1);

/** Businesses use a trade view where there is one; buyers abroad a view in another currency. */
function viewFor(shop: Shop, destination: string, business: boolean): string | undefined {
  const trade = shop.views.find(({ code }) => /trade|wholesale|b2b/.test(code));
  if (business && trade) return trade.code;
  const abroad = shop.views.find((view) => view.currency !== shop.baseCurrency);
  if (destination !== shop.country && destination !== "US" && abroad) return abroad.code;
  return shop.views[0]?.code;
}

const customers = (shop: Shop, createdAt: string): JsonObject[] =>
  PEOPLE.map((person, index) =>
    customerRow({
      id: index + 1,
      groupId: groupOf(shop, person),
      person,
      email: emailOf(person),
      place: addressIn(person.taxvat?.startsWith("DE") ? "DE" : shop.country),
      createdAt,
      createdIn: shop.views[0]?.name ?? "Default Store View",
      isSubscribed: index % 3 === 0,
    }),
  );
