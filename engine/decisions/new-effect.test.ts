import { expect, test } from "vitest";
import type { MappingSpec } from "../core/mapping.ts";
import { replaySpecs } from "../core/replay.ts";
import type { CanonicalSale } from "../core/sale.ts";
import { orgGb, saleGb, specGb, withTables } from "../core/testing.ts";
import { newEffect } from "./new-effect.ts";

const shippingElsewhere = withTables(specGb, {
  shippingAccount: { rules: [], otherwise: { kind: "account", code: "260" } },
});
const holdsCoupons: MappingSpec["tables"]["acceptOrder"] = {
  rules: [
    {
      id: "coupons",
      note: "",
      when: [{ op: "is", fact: "order.coupon", value: "LATE" }],
      then: { kind: "hold", reason: "look at it" },
    },
  ],
  otherwise: null,
};
const withCoupon: CanonicalSale = { ...saleGb, coupon: "LATE" };
/** Held by every mapping: the organisation does not know the currency. */
const inKrona: CanonicalSale = { ...saleGb, currency: "SEK" };
const withoutShipping: CanonicalSale = {
  ...saleGb,
  shipping: null,
  receipts: [],
  totals: { ...saleGb.totals, grandTotal: "36.00", tax: "6.00", paid: "0" },
};

const effect = (candidate: MappingSpec, seen: readonly CanonicalSale[], now: readonly CanonicalSale[]) =>
  newEffect({
    base: specGb,
    candidate,
    sales: now,
    org: orgGb,
    shown: replaySpecs({ base: specGb, candidate, sales: seen, org: orgGb }),
  });

test("more of the same is no new effect", () => {
  expect(effect(shippingElsewhere, [saleGb], [saleGb, saleGb, withoutShipping])).toBeUndefined();
});

test("a field that changes on no order that was shown is one", () => {
  expect(effect(shippingElsewhere, [withoutShipping], [withoutShipping, saleGb])).toBe(
    '"invoice AccountCode" would now change on 1 order',
  );
});

test("an order that the candidate would hold is one, until such a hold was shown", () => {
  const candidate = withTables(specGb, { acceptOrder: holdsCoupons });
  expect(effect(candidate, [saleGb], [saleGb, withCoupon])).toBe("1 order would now be held (ruleHolds)");
  expect(effect(candidate, [withCoupon], [saleGb, withCoupon, withCoupon])).toBeUndefined();
});

test("an order that is held today as well is no effect of the change, shown or not", () => {
  expect(effect(shippingElsewhere, [saleGb], [saleGb, inKrona])).toBeUndefined();
  const candidate = withTables(specGb, { acceptOrder: holdsCoupons });
  expect(effect(candidate, [inKrona], [inKrona, withCoupon])).toBe("1 order would now be held (ruleHolds)");
});

test("before the first mapping nothing was posted, so nothing can change", () => {
  const shown = replaySpecs({ base: null, candidate: specGb, sales: [], org: orgGb });
  expect(
    newEffect({ base: null, candidate: specGb, sales: [saleGb, inKrona], org: orgGb, shown }),
  ).toBeUndefined();
});
