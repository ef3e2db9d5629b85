import { describe, expect, test } from "vitest";
import { checkSpec } from "./check-spec.ts";
import { MappingSpec } from "./mapping.ts";
import { proposeSpec } from "./setup.ts";
import { orgGb, storeGb } from "./testing.ts";

const setup = (answers: Readonly<Record<string, string>> = {}, org = orgGb, store = storeGb) =>
  proposeSpec({ org, store, answers });

describe("the first spec", () => {
  test("is sound and reads the accounts by what they are called", () => {
    const { spec, evidence } = setup();
    expect(MappingSpec.safeParse(spec).success).toBe(true);
    expect(checkSpec(spec, orgGb)).toEqual([]);
    expect(spec.tables.revenueAccount.otherwise).toEqual({ kind: "account", code: "200" });
    expect(spec.tables.shippingAccount.otherwise).toEqual({ kind: "account", code: "202" });
    expect(spec.tables.discountAccount.otherwise).toEqual({ kind: "account", code: "480" });
    expect(spec.settings.roundingAccount).toBe("860");
    expect(evidence).toContainEqual({
      path: "/tables/shippingAccount",
      because: 'account 202 is called "Shipping income"',
    });
  });

  test("books each payment method to the account that shares its name", () => {
    const { rules } = setup().spec.tables.payment;
    expect(rules.map((rule) => [rule.id, rule.then])).toEqual([
      ["pay-stripe-payments", { kind: "payment", account: "092" }],
      ["pay-paypal-express", { kind: "payment", account: "091" }],
      ["pay-banktransfer", { kind: "payment", account: "090" }],
    ]);
  });

  test("asks which of several zero rates is meant, and takes the answer", () => {
    const question = setup().questions.find(({ id }) => id === "taxType.0");
    expect(question?.options.map(({ value }) => value)).toEqual(["ZERORATEDOUTPUT", "NONE"]);
    const answered = setup({ "taxType.0": "NONE" });
    expect(answered.questions.some(({ id }) => id === "taxType.0")).toBe(false);
    expect(answered.spec.tables.taxType.rules.find(({ id }) => id === "rate-0")?.then).toEqual({
      kind: "taxType",
      taxType: "NONE",
    });
  });

  test("keeps asking when the answer is not one of the options", () => {
    expect(setup({ "taxType.0": "OUTPUT2" }).questions.some(({ id }) => id === "taxType.0")).toBe(true);
  });

  test("holds sales rather than guess an account where there is none", () => {
    const { spec } = setup(
      {},
      { ...orgGb, accounts: orgGb.accounts.filter(({ type }) => type !== "REVENUE") },
    );
    expect(spec.tables.revenueAccount.otherwise?.kind).toBe("hold");
  });

  test("leaves invoices unpaid where no account takes payments", () => {
    const accounts = orgGb.accounts.filter(({ type, enablePayments }) => type !== "BANK" && !enablePayments);
    expect(setup({}, { ...orgGb, accounts }).spec.tables.payment.otherwise).toEqual({ kind: "unpaid" });
  });
});
