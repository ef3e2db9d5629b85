/** What the planner makes of requests in the maker's own words: what it changes, what it asks, what it refuses. */
import { beforeAll, describe, expect, it } from "vitest";
import { callTool } from "../../../tools/call.ts";
import { registry } from "../../../tools/registry.ts";
import { demoContext, demoEngine, plainSpec } from "../../testing.ts";
import { type Plan, planRequest } from "./planner.ts";
import { SHOP_TOOLS, type Shop, shopOf } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  const context = demoContext(demoEngine({ spec: plainSpec() }));
  const results = new Map<string, unknown>();
  for (const tool of SHOP_TOOLS) {
    const outcome = await callTool(registry, tool, {}, context);
    if (outcome.ok) results.set(tool, outcome.value);
  }
  const read = shopOf(results);
  if (read === undefined) throw new Error("the shop's lists are incomplete");
  shop = read;
});

/** "revenueAccount order.customerGroup=Wholesale -> 205", one a line. */
function brief(plan: Plan): string[] {
  if (plan.kind !== "edits") return [plan.kind];
  return plan.edits.map((edit) => {
    if (edit.op === "setSetting") return `${edit.setting}=${edit.value}`;
    if (edit.op === "setField") return `${edit.field}=${edit.template}`;
    if (edit.op === "removeRule" || edit.op === "moveRule") return `${edit.op} ${edit.table} ${edit.ruleId}`;
    const outcome = edit.op === "setOtherwise" ? edit.outcome : edit.rule.then;
    const when = edit.op === "setOtherwise" ? [] : edit.rule.when;
    const conditions = when.map((one) => {
      const value = "values" in one ? one.values.join("|") : "value" in one ? one.value : "";
      return `${one.fact} ${one.op} ${value}`.trim();
    });
    const { kind, ...rest } = outcome ?? { kind: "accept" };
    return [edit.table, ...conditions, "->", Object.values(rest).join(" ") || kind].join(" ");
  });
}

const CHANGES: readonly (readonly [string, readonly string[]])[] = [
  ["202 for shipping please", ["shippingAccount -> 202"]],
  ["shiping fees shoud go in acount 202", ["shippingAccount -> 202"]],
  ["Change the account for shipping from 200 to 202", ["shippingAccount -> 202"]],
  [
    "For Wholesale customers put delivery charges in 260",
    ["shippingAccount order.customerGroup is Wholesale -> 260"],
  ],
  ["I want postage for orders shipped to Ireland on 260", ["shippingAccount order.shipCountry is IE -> 260"]],
  [
    "Book sales to customers in Germany and France to 260",
    ["revenueAccount order.shipCountry oneOf DE|FR -> 260"],
  ],
  ["All sales in euros should be coded to 260", ["revenueAccount order.currency is EUR -> 260"]],
  ["sales outside the UK go to 260", ["revenueAccount order.shipCountry isNot GB -> 260"]],
  ["non-UK sales to 260 please", ["revenueAccount order.shipCountry isNot GB -> 260"]],
  ["Everything except Wholesale goes to 260", ["revenueAccount order.customerGroup isNot Wholesale -> 260"]],
  ["Anything we sell to guests should land in Other revenue", ["revenueAccount order.guest isTrue -> 260"]],
  ["goods taxed at 5% go to account 260", ["revenueAccount line.taxRate equals 5 -> 260"]],
  ["product SKU MUG-STRIPED should go to 260", ["revenueAccount line.sku is MUG-STRIPED -> 260"]],
  ["Wholsale customers' sales belong in 205", ["revenueAccount order.customerGroup is Wholesale -> 205"]],
  [
    "Put Kitchen and Books in 201",
    [
      "revenueAccount line.categories includes Kitchen -> 201",
      "revenueAccount line.categories includes Books -> 201",
    ],
  ],
  [
    "PayPal → 091, Stripe → 092",
    ["payment payment.method is paypal_express -> 091", "payment payment.method is stripe_payments -> 092"],
  ],
  [
    "Gift card redemptions should be booked against Gift card liability",
    ["payment payment.method is giftCard -> 810"],
  ],
  ["Cheque payments: leave the invoice open", ["payment payment.method is checkmo -> unpaid"]],
  ["don't book any payments at all", ["payment -> unpaid"]],
  ["Give Retailer 14 days", ["terms order.customerGroup is Retailer -> 14 invoiceDate"]],
  ["Retailers pay within two weeks", ["terms order.customerGroup is Retailer -> 14 invoiceDate"]],
  [
    "Payment terms for Wholesale: 60 days end of month",
    ["terms order.customerGroup is Wholesale -> 60 endOfMonth"],
  ],
  [
    "Wholesale is due on the 20th of the following month",
    ["terms order.customerGroup is Wholesale -> 20 endOfMonth"],
  ],
  [
    "Wholesale orders should come in as drafts",
    [
      "invoiceStatus order.customerGroup is Wholesale -> DRAFT",
      "payment order.customerGroup is Wholesale -> unpaid",
    ],
  ],
  ["put discounts in 203", ["discounts=visible", "discountAccount -> 203"]],
  ["Set Region to UK for all orders", ["tracking1Category=Region", "tracking1 -> UK"]],
  [
    "tracking category Channel = Web for uk_en and Marketplace for eu_en",
    [
      "tracking1Category=Channel",
      "tracking1 order.storeView is uk_en -> Web",
      "tracking1 order.storeView is eu_en -> Marketplace",
    ],
  ],
  [
    "Track Wholesale orders as Marketplace in Channel",
    ["tracking1Category=Channel", "tracking1 order.customerGroup is Wholesale -> Marketplace"],
  ],
  ["Books are zero rated", ["taxType line.categories includes Books -> ZERORATEDOUTPUT"]],
  ["5% VAT for products in Home energy", ["taxType line.categories includes Home energy -> RROUTPUT"]],
  ["put guest orders under one contact named Online Sales", ["contact order.guest isTrue -> Online Sales"]],
  [
    "park anything above 10k until I've checked it",
    ["acceptOrder order.grandTotal above 10000 -> Held for review: orders with a total above 10000"],
  ],
  [
    "hold orders with products from Gift Boxes",
    ["revenueAccount line.categories includes Gift Boxes -> Held for review: category Gift Boxes"],
  ],
  [
    "Line descriptions should show the SKU and then the item name",
    ["lineDescription={line.sku} {line.name}"],
  ],
  ["put the SKU in the line description before the product name", ["lineDescription={line.sku} {line.name}"]],
  ["use the company name as contact name", ["contactName={customer.company}"]],
  ["Prefix invoices with M-", ["numberPrefix=M-"]],
  ["Send orders to Xero when they have shipped", ["trigger=complete"]],
  ["we go live on 2026-11-01, skip anything older", ["cutOverDate=2026-11-01"]],
  ["stop taking orders in EUR", ["currencies=GBP,USD"]],
  ["allow rounding of up to 2p", ["roundingLimit=0.02"]],
  ["amounts should be net of VAT", ["lineAmountTypes=Exclusive"]],
  ["shipping should go under 202, not 200", ["shippingAccount -> 202"]],
  ["put shipping on its own line in account 202", ["shippingAccount -> 202"]],
  [
    "Stop netting discounts against sales, use Discounts given",
    ["discounts=visible", "discountAccount -> 480"],
  ],
  ["Don't create a contact for every guest; use Web Guests", ["contact order.guest isTrue -> Web Guests"]],
  [
    "Wholesale to 205 unless they are in France",
    ["revenueAccount order.customerGroup is Wholesale order.shipCountry isNot FR -> 205"],
  ],
  ["orders from the uk store go to 260", ["revenueAccount order.storeView is uk_en -> 260"]],
  [
    "SKUs MUG-1 and MUG-2 go to 260",
    ["revenueAccount line.sku is MUG-1 -> 260", "revenueAccount line.sku is MUG-2 -> 260"],
  ],
  ["Zero rated products go to 260", ["revenueAccount line.taxRate equals 0 -> 260"]],
  ["PayPal into its clearing account", ["payment payment.method is paypal_express -> 091"]],
  [
    "Only the Kitchen category of Wholesale customers should go to 205",
    ["revenueAccount order.customerGroup is Wholesale line.categories includes Kitchen -> 205"],
  ],
  [
    "From 2026-12-01 Wholesale sales go to 205",
    ["revenueAccount order.customerGroup is Wholesale order.placedOn onOrAfter 2026-12-01 -> 205"],
  ],
  [
    "Book shipping to 202 and discounts to 480.",
    ["shippingAccount -> 202", "discounts=visible", "discountAccount -> 480"],
  ],
  [
    "For Wholesale, use account 205 and give 30 days.",
    [
      "revenueAccount order.customerGroup is Wholesale -> 205",
      "terms order.customerGroup is Wholesale -> 30 invoiceDate",
    ],
  ],
  [
    "Sales go to 260 and Wholesale sales to 205",
    ["revenueAccount -> 260", "revenueAccount order.customerGroup is Wholesale -> 205"],
  ],
  [
    "drafts for wholesale; 14 days for retailer; hold orders over 5000",
    [
      "invoiceStatus order.customerGroup is Wholesale -> DRAFT",
      "payment order.customerGroup is Wholesale -> unpaid",
      "terms order.customerGroup is Retailer -> 14 invoiceDate",
      "acceptOrder order.grandTotal above 5000 -> Held for review: orders with a total above 5000",
    ],
  ],
];

describe("changes", () => {
  it.each(CHANGES)("%s", (request, edits) => {
    expect(brief(planRequest(request, shop))).toEqual(edits);
  });
});

const ASKED: Record<string, RegExp> = {
  "Book shipping somewhere else": /Which account/,
  "Book shipping to Postal Income": /Which account/,
  "Sales to group Dealers go to 205": /no customer group called "Dealers".*Retailer/,
  "Book shipping for Dealers to 202": /called "Dealers"/,
  "category Toys goes to 260": /no category called "Toys"/,
  "No payments for purchase orders": /no payment method called "purchase order"/,
  "send paypal money to 200": /200 \(Sales\) does not take payments.*091/,
  "use account 9999 for gift boxes": /9999 is not in the chart/,
  "exports are zero rated": /Which countries/,
  "Everything is zero rated": /Which orders or products/,
  "Shipping to the US is zero-rated": /shipping charge only, or the whole order/,
  "Change the tax rate": /Which tax type/,
  "track by channel": /Which option of Channel.*Web, Marketplace/,
  "use one contact for guests": /What should the shared contact/,
  "leave invoices unpaid": /every method/,
  "Wholesale sales go to 205 or 260": /205.*or 260/,
  "Sales to Ireland except Dublin go to 260": /leave out/,
  "Orders in January go to 260": /"January"/,
  "heavy products go to 260": /Does "heavy" mean only some products/,
  "express shipping goes to 202": /Does "express" mean only some shipping/,
  "general sales go to 260": /"general"/,
  "Sales reps get commission to 401": /401.*is no income account/,
  "Do not book shipping to 202": /instead of 202/,
  "don't put Wholesale in 205": /instead of 205/,
  "Wholesale should not get 30 days": /due instead/,
  "delete the wholesale rule and book everything to 200": /Which rule should go/,
  "tag Rest of world for orders outside the UK and EU": /Which option/,
};

describe("questions", () => {
  it.each(Object.entries(ASKED))("%s", (request, question) => {
    const plan = planRequest(request, shop);
    expect(plan).toMatchObject({ kind: "ask", question: expect.stringMatching(question) });
  });
});

const REFUSED = [
  "void all old invoices",
  "Email the customer their invoice",
  "create a new account called Web Sales in Xero",
  "pay our rent",
  "approve everything",
  "change the price of the teapot",
  "file our VAT return",
  "correct the invoices already posted last month",
  "transfer 500 pounds to savings",
  "make payment terms for the Books category 30 days",
  "Book half of shipping to 202",
  "Split shipping between 202 and 260",
  "Move last month's sales to 205",
  "refunds should be booked to Refund adjustments",
  "Stripe fees go to 405",
];

describe("refusals", () => {
  it.each(REFUSED)("%s", (request) => {
    const plan = planRequest(request, shop);
    expect(plan).toMatchObject({ kind: "refuse", text: expect.stringMatching(/nearest I can do/i) });
  });

  it.each(["make it better", "what's the weather like", "", "asdf qwer", "200"])(
    "does not pretend to understand %j",
    (request) => {
      expect(planRequest(request, shop).kind).toBe("unclear");
    },
  );
});

describe("what is left over", () => {
  it("is named, never lost in silence", () => {
    const plan = planRequest("All invoices as drafts 205", shop);
    expect(plan).toMatchObject({
      kind: "edits",
      remarks: expect.arrayContaining([expect.stringContaining("205")]),
    });
  });
});
