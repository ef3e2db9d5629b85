import type { Cart, CartItem, DiscountRule, Money, TotalsSettings } from "./cart.ts";
import type { JsonObject } from "./json.ts";
import type { OrderLine } from "./order-items.ts";
import type { Address } from "./order-json.ts";
import { orderJson } from "./order-json.ts";
import { phpRound, round2 } from "./php.ts";
import type { ProductType } from "./products.ts";
import { productJson } from "./products.ts";
import type { Random } from "./random.ts";
import type { Regime, TaxClass } from "./regimes.ts";
import { REGIMES, ratesOf, TAX_CLASSES } from "./regimes.ts";
import type { Algorithm } from "./tax-calculator.ts";
import { computeTotals } from "./totals.ts";

/** One shop of the stress run: every tax mode Magento offers, also those a sane merchant avoids. */
export type StoreSettings = TotalsSettings & {
  store: Regime;
  /** Where the parcel goes; another regime than the store's for cross-border sales and exports. */
  destination: Regime;
  shippingTaxClass: TaxClass;
  baseCurrency: string;
  orderCurrency: string;
  baseToOrderRate: number;
  /** "simple" is nearest to a real shop (accounting.md 4.3); "stress" mixes everything. */
  mix: "simple" | "stress";
};

export type MagentoOrderJson = JsonObject;
export type MagentoProductJson = JsonObject;
export type GeneratedOrder = {
  order: MagentoOrderJson;
  products: MagentoProductJson[];
  storeSettings: StoreSettings;
};

const ALGORITHMS: readonly [Algorithm, ...Algorithm[]] = [
  "UNIT_BASE_CALCULATION",
  "ROW_BASE_CALCULATION",
  "TOTAL_BASE_CALCULATION",
];

const RATES: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ["USD", 1.2744],
  ["EUR", 1.1731],
  ["PLN", 4.9618],
  ["AED", 4.4756],
  ["JPY", 190.215],
];

/** Draws a shop. The same random state gives the same shop. */
export function generateSettings(random: Random): StoreSettings {
  const mix = random.chance(0.4) ? "simple" : "stress";
  const store = random.pick(REGIMES);
  const abroad = random.chance(mix === "simple" ? 0.1 : 0.25);
  const destination = abroad ? random.pick(REGIMES) : store;
  const pricesIncludeTax = random.chance(0.5);
  const [currency, rate] = random.pick(RATES);
  const foreign = random.chance(mix === "simple" ? 0.05 : 0.2) && currency !== store.currency;
  return {
    mix,
    store,
    destination,
    algorithm: random.pick(ALGORITHMS),
    pricesIncludeTax,
    shippingIncludesTax: mix === "simple" ? pricesIncludeTax : random.chance(0.5),
    taxAfterDiscount: random.chance(mix === "simple" ? 1 : 0.85),
    discountOnInclusive: mix === "simple" ? pricesIncludeTax : random.chance(0.5),
    crossBorder: random.chance(0.3),
    fptTaxed: random.chance(0.5),
    fptInSubtotal: random.chance(0.3),
    fptRounding: random.chance(0.5) ? "plain" : "delta",
    shippingTaxClass: random.weighted([
      ["Taxable Goods", 8],
      ["Zero Rated", 2],
    ]),
    baseCurrency: store.currency,
    orderCurrency: foreign ? currency : store.currency,
    baseToOrderRate: foreign ? rate : 1,
  };
}

/** Draws an order of that shop, its products included. */
export function generateOrder(random: Random, settings: StoreSettings): GeneratedOrder {
  const count = lineCount(random, settings.mix);
  const drawn = Array.from({ length: count }, (_, index) => drawLine(random, settings, index + 1));
  const virtual = drawn.every(({ line }) => line.isVirtual);
  const cart = drawCart(random, settings, drawn, virtual);
  const entityId = random.int(1, 9_999_999);
  let itemId = entityId * 1000;
  const address = drawAddress(random, settings.destination);
  const order = orderJson({
    entityId,
    incrementId: String(entityId).padStart(9, "0"),
    createdAt: drawTime(random),
    store: { id: 1, name: "Main Website\nMain Website Store\nDefault Store View" },
    currencies: {
      base: settings.baseCurrency,
      order: settings.orderCurrency,
      global: settings.baseCurrency,
      baseToOrderRate: settings.baseToOrderRate,
    },
    customer: {
      ...(random.chance(0.5) ? { id: random.int(1, 500) } : {}),
      groupId: 0,
      email: `buyer${entityId}@example.com`,
      firstname: address.firstname,
      lastname: address.lastname,
    },
    billing: address,
    ...(virtual ? {} : { shipping: address }),
    shippingMethod: { code: "flatrate_flatrate", description: "Flat Rate - Fixed" },
    lines: drawn.map(({ line }) => line),
    totals: computeTotals(cart, settings),
    payment: { method: "stripe_payments", title: "Card" },
    ...(cart.rules.length > 0 ? { coupon: { code: "SAVE", description: "SAVE" } } : {}),
    nextItemId: () => {
      itemId += 1;
      return itemId;
    },
  });
  return { order, products: drawn.flatMap(({ products }) => products), storeSettings: settings };
}

function drawCart(
  random: Random,
  settings: StoreSettings,
  drawn: readonly DrawnLine[],
  virtual: boolean,
): Cart {
  const items = drawn.map(({ item }) => item);
  const shippingBase = virtual || random.chance(0.15) ? 0 : random.int(199, 2999) / 100;
  const cart: Cart = {
    items,
    baseToOrderRate: settings.baseToOrderRate,
    rules: drawRules(
      random,
      settings,
      items.map(({ key }) => key),
    ),
  };
  if (virtual) return cart;
  return {
    ...cart,
    shipping: {
      price: toMoney(shippingBase, settings),
      rates: ratesOf(settings.destination, settings.shippingTaxClass),
      storePercent: ratesOf(settings.store, settings.shippingTaxClass).percent,
    },
  };
}

/** Mostly small baskets, some of a hundred lines and more (accounting.md 4.3: 1 to 159 lines). */
function lineCount(random: Random, mix: StoreSettings["mix"]): number {
  if (mix === "simple") return random.int(1, 6);
  return random.weighted<() => number>([
    [() => random.int(1, 8), 88],
    [() => random.int(9, 40), 10],
    [() => random.int(41, 159), 2],
  ])();
}

type DrawnLine = { item: CartItem; line: OrderLine; products: JsonObject[] };
type LineKind =
  | "simple"
  | "configurable"
  | "bundleFixed"
  | "bundleDynamic"
  | "grouped"
  | "virtual"
  | "downloadable";

function drawLine(random: Random, settings: StoreSettings, index: number): DrawnLine {
  const kind = random.weighted<LineKind>([
    ["simple", 60],
    ["configurable", 15],
    ["bundleFixed", 4],
    ["bundleDynamic", 8],
    ["grouped", 5],
    ["virtual", 4],
    ["downloadable", 4],
  ]);
  const base = drawOne(random, settings, `L${index}`, kind);
  if (kind === "configurable") {
    // The parent's row bears the child's sku and the configurable's product id (magento.md 3).
    const child: OrderLine = { ...base.line, key: `${base.line.key}-v`, productType: "simple", quantity: 1 };
    const line = { ...base.line, productType: "configurable", productId: base.line.productId + 500_000 };
    return {
      item: base.item,
      line: { ...line, children: [{ ...child, name: `${child.name}-Red`, children: [] }] },
      // The row's sku finds the variant; the configurable has a sku of its own.
      products: base.products.flatMap((variant) => [
        variant,
        { ...variant, id: line.productId, sku: `${line.sku}-ALL`, type_id: "configurable" },
      ]),
    };
  }
  if (kind === "bundleFixed" || kind === "bundleDynamic") return drawBundle(random, settings, base, kind);
  return base;
}

function drawBundle(
  random: Random,
  settings: StoreSettings,
  base: DrawnLine,
  kind: "bundleFixed" | "bundleDynamic",
): DrawnLine {
  const parts = Array.from({ length: random.int(2, 4) }, (_, index) => {
    const part = drawOne(random, settings, `${base.line.key}-${index + 1}`, "simple");
    const quantity = random.weighted<number>([
      [1, 8],
      [2, 2],
    ]);
    const { fpt: _fpt, ...item } = part.item;
    return { item: { ...item, quantity }, line: { ...part.line, quantity }, products: part.products };
  });
  const line: OrderLine = {
    ...base.line,
    productType: "bundle",
    quantity: Math.max(1, Math.floor(base.line.quantity)),
    children: parts.map((part) => part.line),
  };
  const { fpt: _fpt, ...item } = base.item;
  const dynamic = kind === "bundleDynamic" ? { children: parts.map((part) => part.item) } : {};
  return {
    item: { ...item, quantity: line.quantity, ...dynamic },
    line,
    products: [...base.products, ...parts.flatMap((part) => part.products)],
  };
}

function drawOne(random: Random, settings: StoreSettings, key: string, kind: LineKind): DrawnLine {
  const taxClass = random.weighted<TaxClass>([
    [TAX_CLASSES[0], 70],
    [TAX_CLASSES[1], 20],
    [TAX_CLASSES[2], 10],
  ]);
  const fourPlaces = settings.mix === "stress" && random.chance(0.1);
  const cents = random.chance(0.05) ? random.int(0, 99) : random.int(100, 29_999);
  const price = fourPlaces ? random.int(1_000, 999_999) / 10_000 : cents / 100;
  const quantity = drawQuantity(random, settings.mix, kind);
  const money = toMoney(price, settings);
  const productId = random.int(1, 400_000);
  const sku = `DEMO-${productId}`;
  const name = `Demo article ${productId}`;
  const virtual = kind === "virtual" || kind === "downloadable";
  const hasFpt = settings.mix === "stress" && !virtual && random.chance(0.06);
  const fpt = hasFpt
    ? [{ title: "recycling_fee", amount: toMoney(random.int(1, 499) / 100, settings) }]
    : undefined;
  const productType: ProductType = kind === "bundleFixed" || kind === "bundleDynamic" ? "bundle" : kind;
  return {
    item: {
      key,
      quantity,
      price: money,
      rates: ratesOf(settings.destination, taxClass),
      storePercent: ratesOf(settings.store, taxClass).percent,
      ...(fpt ? { fpt } : {}),
    },
    line: {
      key,
      productId,
      sku,
      name,
      productType,
      isVirtual: virtual,
      isQtyDecimal: !Number.isInteger(quantity),
      quantity,
      weight: virtual ? 0 : 0.5,
      originalPrice: { base: phpRound(money.base, 4), order: phpRound(money.order, 4) },
      children: [],
    },
    products: [
      productJson({
        id: productId,
        sku,
        name,
        type: productType === "grouped" || productType === "configurable" ? "simple" : productType,
        attributeSetId: 4,
        price,
        weight: 0.5,
        taxClassId: TAX_CLASSES.indexOf(taxClass) + 2,
        categoryIds: [3],
        createdAt: "2026-01-02 09:00:00",
        stock: 100,
      }),
    ],
  };
}

function drawQuantity(random: Random, mix: StoreSettings["mix"], kind: LineKind): number {
  if (mix === "simple" || kind !== "simple")
    return random.weighted<number>([
      [1, 7],
      [2, 2],
      [3, 1],
    ]);
  return random.weighted<() => number>([
    [() => random.int(1, 5), 75],
    [() => random.int(6, 2100), 15],
    [() => random.int(1, 99_999) / 10_000, 10],
  ])();
}

function drawRules(random: Random, settings: StoreSettings, keys: readonly string[]): DiscountRule[] {
  if (!random.chance(settings.mix === "simple" ? 0.25 : 0.5)) return [];
  const count = settings.mix === "stress" && random.chance(0.2) ? 2 : 1;
  return Array.from({ length: count }, (_, index): DiscountRule => {
    const action = random.weighted<DiscountRule["action"]>([
      ["by_percent", 60],
      ["by_fixed", 12],
      ["cart_fixed", 18],
      ["buy_x_get_y", 10],
    ]);
    const percents = [5, 10, 12.5, 15, 20, 25, 33, 50, 90, 100] as const;
    const money = random.int(50, 3_000) / 100;
    const amount = action === "by_percent" ? random.pick(percents) : action === "buy_x_get_y" ? 1 : money;
    return {
      id: index + 1,
      action,
      amount,
      ...(action === "buy_x_get_y" ? { step: random.int(1, 3) } : {}),
      toShipping: random.chance(0.25),
      stop: random.chance(0.2),
      ...(random.chance(0.2) ? { only: keys.filter(() => random.chance(0.6)) } : {}),
    };
  });
}

/** Prices are converted by the rate of the day and may be set by hand, so neither side follows from the other. */
const toMoney = (base: number, settings: StoreSettings): Money => ({
  base,
  order: settings.baseToOrderRate === 1 ? base : round2(base * settings.baseToOrderRate),
});

function drawAddress(random: Random, to: Regime): Address {
  return {
    firstname: random.pick(["Testa", "Modella", "Fictor", "Exempla", "Placebo"]),
    lastname: random.pick(["Specimen", "Sampleton", "Dummyson", "Mockford"]),
    street: [`${random.int(1, 99)} Example Street`],
    city: "Sampletown",
    postcode: to.postcode,
    country: to.country,
    telephone: "01632 960000",
    ...(to.region ? { region: to.region } : {}),
  };
}

const STRESS_START_MS = Date.UTC(2026, 0, 1);

const drawTime = (random: Random): string =>
  new Date(STRESS_START_MS + random.int(0, 299) * 86_400_000 + random.int(0, 86_399) * 1000)
    .toISOString()
    .slice(0, 19)
    .replace("T", " ");
