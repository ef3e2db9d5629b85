import { expect, test } from "vitest";
import { paidOutside } from "./paid-outside.ts";

const own = { amount: "65.88", date: "2026-05-04", account: "091" };
const other = (change = {}) => ({ id: "p1", amount: "65.88", date: "2026-05-04", account: "091", ...change });

test("a payment up to the amount due is sent, one cent above it is not", () => {
  expect(paidOutside(own, "65.88", [])).toEqual({ kind: "due" });
  expect(paidOutside(own, "65.87", [])).toMatchObject({ kind: "held", hold: { hold: "paidOutside" } });
});

test("an invoice whose amount due is not known is left to the ledger", () => {
  expect(paidOutside(own, null, [other()])).toEqual({ kind: "due" });
});

test.each([
  ["of the same amount, account and day", {}, "linked"],
  ["three days earlier", { date: "2026-05-01" }, "linked"],
  ["four days earlier", { date: "2026-04-30" }, "held"],
  ["three days later", { date: "2026-05-07" }, "linked"],
  ["four days later", { date: "2026-05-08" }, "held"],
  ["a cent less", { amount: "65.87" }, "held"],
  ["from another account", { account: "090" }, "held"],
  ["from an account that is not known", { account: null }, "held"],
])("the payment of somebody else %s is %s", (_, change, kind) => {
  expect(paidOutside(own, "0.00", [other(change)]).kind).toBe(kind);
});
