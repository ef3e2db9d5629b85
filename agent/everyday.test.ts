/**
 * Everyday requests, worded by someone who has not read this code, through the real loop, gate and tools on the built-in
 * model. A wish counts as met when the resulting mapping decides what it says: rules are executed on facts, never compared.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { decide } from "../engine/core/decide.ts";
import type { Facts } from "../engine/core/facts.ts";
import { fillTemplate, type MappingSpec, type Outcome, type TableName } from "../engine/core/mapping.ts";
import { e4Of } from "../engine/core/money.ts";
import { demoEngine, demoSpec, plainSpec } from "./testing.ts";
import { ask, type Said } from "./testing-loop.ts";

const Request = z.object({
  id: z.string(),
  wordings: z.array(z.string()),
  expect: z.enum(["proposal", "question", "refusal"]).default("proposal"),
});
const Phrases = z.object({ requests: z.array(Request), extra: z.array(Request) });
const phrases = Phrases.parse(
  JSON.parse(readFileSync(new URL("everyday.phrases.json", import.meta.url), "utf8")),
);
const requests = [...phrases.requests, ...phrases.extra];

/** An ordinary order of a registered customer at home, and one of its lines. */
const HOME: Facts = {
  "order.storeView": "uk_en",
  "order.website": "base",
  "order.currency": "GBP",
  "order.customerGroup": "General",
  "order.customerTaxClass": "Retail Customer",
  "order.shipCountry": "GB",
  "order.shipRegion": null,
  "order.shipPostcode": "EX1 1EX",
  "order.billCountry": "GB",
  "order.state": "processing",
  "order.status": "processing",
  "order.shippingMethod": "flatrate_flatrate",
  "order.coupon": null,
  "order.grandTotal": e4Of("42.00"),
  "order.placedOn": "2026-11-01",
  "order.guest": false,
  "order.business": false,
  "order.vatIdValid": null,
  "order.virtual": false,
  "payment.method": "checkmo",
  "line.sku": "MUG-1",
  "line.productType": "simple",
  "line.taxClass": "Taxable Goods",
  "line.attributeSet": "Default",
  "line.categories": ["Kitchen"],
  "line.appliedTaxes": [],
  "line.taxRate": e4Of("20"),
};

function outcome(spec: MappingSpec, table: TableName, facts: Facts = {}): Outcome | null {
  const decision = decide(spec.tables[table], { ...HOME, ...facts });
  if (!decision.ok) throw new Error(`${table} is not decided: ${decision.error.fact}`);
  return decision.value.outcome;
}

const account = (code: string) => ({ kind: "account", code });
const wholesale: Facts = { "order.customerGroup": "Wholesale" };
const METHODS = ["stripe_payments", "paypal_express", "banktransfer", "checkmo"];

/** What each wish says, tried on the mapping: what it asks for, and that nothing else moved from `before`. */
const MET: Readonly<Record<string, (spec: MappingSpec, before: MappingSpec) => void>> = {
  shippingAccount: (spec, before) => {
    for (const facts of [{}, wholesale, { "order.shipCountry": "US" }])
      expect(outcome(spec, "shippingAccount", facts)).toEqual(account("202"));
    same(spec, before, ["revenueAccount", "taxType", "payment"]);
  },
  wholesaleAccount: (spec, before) => {
    expect(outcome(spec, "revenueAccount", wholesale)).toEqual(account("205"));
    same(spec, before, ["revenueAccount", "shippingAccount", "terms"]);
  },
  categoryAccount: (spec, before) => {
    expect(outcome(spec, "revenueAccount", { "line.categories": ["Kitchen", "Gift Boxes"] })).toEqual(
      account("260"),
    );
    same(spec, before, ["revenueAccount", "shippingAccount"]);
  },
  skuPrefixAccount: (spec, before) => {
    expect(outcome(spec, "revenueAccount", { "line.sku": "SUB-001" })).toEqual(account("260"));
    expect(outcome(spec, "revenueAccount", { "line.sku": "ASUB-1" })).toEqual(
      outcome(before, "revenueAccount"),
    );
    same(spec, before, ["revenueAccount", "shippingAccount"]);
  },
  paypalClearing: (spec, before) => {
    expect(outcome(spec, "payment", { "payment.method": "paypal_express" })).toEqual({
      kind: "payment",
      account: "091",
    });
    same(spec, before, ["payment", "revenueAccount"]);
  },
  bankTransferUnpaid: (spec, before) => {
    expect(outcome(spec, "payment", { "payment.method": "banktransfer" })).toEqual({ kind: "unpaid" });
    expect(outcome(spec, "acceptOrder", { "payment.method": "banktransfer" })).toBeNull();
    same(spec, before, ["payment", "invoiceStatus"]);
  },
  drafts: (spec) => {
    for (const method of METHODS) {
      for (const facts of [{}, wholesale])
        expect(outcome(spec, "invoiceStatus", { ...facts, "payment.method": method })).toEqual({
          kind: "status",
          status: "DRAFT",
        });
      // A draft with a payment would be held: draftWithPayment.
      expect(outcome(spec, "payment", { "payment.method": method })).toEqual({ kind: "unpaid" });
    }
  },
  wholesaleTerms: (spec, before) => {
    expect(outcome(spec, "terms", wholesale)).toEqual({ kind: "terms", days: 30, from: "invoiceDate" });
    same(spec, before, ["terms", "payment"]);
  },
  visibleDiscounts: (spec, before) => {
    expect(spec.settings.discounts).toBe("visible");
    expect(outcome(spec, "discountAccount")).toEqual(account("480"));
    same(spec, before, ["revenueAccount", "shippingAccount"]);
  },
  trackStore: (spec) => {
    expect(tracked(spec, "Channel", {})).toEqual({ kind: "option", option: "Web" });
    expect(tracked(spec, "Channel", SHIPPING_LINE)).toEqual({ kind: "option", option: "Web" });
    expect(tracked(spec, "Channel", { "order.storeView": "eu_en" })).toEqual({ kind: "noOption" });
  },
  exportZeroRated: (spec, before) => {
    const abroad: Facts = { "order.shipCountry": "US" };
    for (const table of ["taxType", "shippingTaxType"] as const)
      expect(outcome(spec, table, abroad)).toEqual({ kind: "taxType", taxType: "ZERORATEDOUTPUT" });
    same(spec, before, ["taxType", "shippingTaxType", "revenueAccount"]);
  },
  numberPrefix: (spec) => expect(spec.settings.numberPrefix).toBe("WEB-"),
  guestContact: (spec, before) => {
    expect(outcome(spec, "contact", { "order.guest": true })).toEqual({
      kind: "sharedContact",
      name: "Web Guests",
    });
    same(spec, before, ["contact"]);
  },
  taxExclusive: (spec) => expect(spec.settings.lineAmountTypes).toBe("Exclusive"),
  holdLargeOrders: (spec) => {
    expect(outcome(spec, "acceptOrder", { "order.grandTotal": e4Of("5000.01") })).toMatchObject({
      kind: "hold",
    });
    expect(outcome(spec, "acceptOrder", { "order.grandTotal": e4Of("5000.00") })).toBeNull();
  },
  referenceText: (spec) => {
    const filled = fillTemplate(spec.fields.invoiceReference, (fact) =>
      fact === "order.number" ? "000000017" : null,
    );
    expect(filled).toBe("Web order 000000017");
  },
  endOfMonthTerms: (spec, before) => {
    expect(outcome(spec, "terms", { "order.customerGroup": "Retailer" })).toEqual({
      kind: "terms",
      days: 0,
      from: "endOfNextMonth",
    });
    same(spec, before, ["terms"]);
  },
  productTypeAccount: (spec, before) => {
    expect(outcome(spec, "revenueAccount", { "line.productType": "downloadable" })).toEqual(account("260"));
    same(spec, before, ["revenueAccount"]);
  },
  stripeAndRegion: (spec) => {
    expect(outcome(spec, "payment", { "payment.method": "stripe_payments" })).toEqual({
      kind: "payment",
      account: "092",
    });
    expect(tracked(spec, "Region", { "order.storeView": "eu_en" })).toEqual({ kind: "option", option: "EU" });
    expect(tracked(spec, "Region", {})).toEqual({ kind: "noOption" });
  },
};

const SHIPPING_LINE: Facts = {
  "line.sku": null,
  "line.productType": null,
  "line.taxClass": null,
  "line.categories": [],
};

/** The ordinary order is decided as before. */
function same(spec: MappingSpec, before: MappingSpec, tables: readonly TableName[]): void {
  for (const table of tables) expect(outcome(spec, table), table).toEqual(outcome(before, table));
}

function tracked(spec: MappingSpec, category: string, facts: Facts): Outcome | null {
  const table = spec.settings.tracking1Category === category ? "tracking1" : "tracking2";
  expect(spec.settings[`${table}Category`]).toBe(category);
  return outcome(spec, table, facts);
}

const bases = { "a plain mapping": plainSpec(), "the mapping that setup proposes": demoSpec() };

describe.each(Object.entries(bases))("everyday requests on %s", (_, before) => {
  describe.each(requests.filter((request) => request.expect === "proposal"))("$id", ({ id, wordings }) => {
    it.each(wordings)("%s", async (wording) => {
      const engine = demoEngine({ spec: before });
      const said = await ask(engine, wording);
      // Where the mapping does it already, nothing is proposed, and it has to hold as it is.
      const alreadySo = said.text.includes("does this already");
      expect(said.proposals, said.text).toHaveLength(alreadySo ? 0 : 1);
      const candidate = alreadySo ? before : engine.made.get(said.proposals[0]?.id ?? "")?.candidate;
      const met = MET[id];
      expect(met, `no check for ${id}`).toBeDefined();
      expect(candidate, said.text).toBeTruthy();
      if (candidate) met?.(candidate, before);
    });
  });
});

const noChange = (said: Said) => {
  expect(said.proposals, said.text).toEqual([]);
  expect(said.tools).not.toContain("propose_mapping");
};

describe.each(requests.filter((request) => request.expect === "question"))(
  "asks about $id",
  ({ id, wordings }) => {
    it.each(wordings)("%s", async (wording) => {
      const said = await ask(demoEngine({ spec: plainSpec() }), wording);
      noChange(said);
      expect(said.text).toMatch(/\?/);
      if (id === "unknownAccount") expect(said.text).toMatch(/999.*202/s);
      if (id === "vagueOverseas") expect(said.text).toMatch(/account.*countries/is);
    });
  },
);

describe.each(requests.filter((request) => request.expect === "refusal"))("refuses $id", ({ wordings }) => {
  it.each(wordings)("%s", async (wording) => {
    const said = await ask(demoEngine({ spec: plainSpec() }), wording);
    noChange(said);
    expect(said.text).toMatch(/beyond me.*nearest I can do/is);
  });
});
