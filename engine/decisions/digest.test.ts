import { expect, test } from "vitest";
import { replaySpecs } from "../core/replay.ts";
import { orgGb, saleGb, specGb, withSettings, withTables } from "../core/testing.ts";
import { digestOf, orgItems, type Proposed } from "./digest.ts";

const replay = replaySpecs({ base: null, candidate: specGb, sales: [saleGb], org: orgGb });
const proposed: Proposed = {
  connection: "shop",
  kind: "mapping",
  title: "Shipping to 202",
  baseVersion: 3,
  edits: [],
  questions: [],
  candidate: specGb,
  document: null,
  replay,
};
const digest = digestOf(proposed, "set-1", orgGb);

test("the same proposal has the same digest, whatever the order of its keys", () => {
  const turned = Object.fromEntries(Object.entries(proposed).reverse()) as Proposed;
  expect(digestOf(turned, "set-1", orgGb)).toBe(digest);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

test.each<[string, Partial<Proposed>]>([
  ["the base version", { baseVersion: 4 }],
  ["the connection", { connection: "other" }],
  ["the title", { title: "Shipping to 203" }],
  ["a setting of the candidate", { candidate: withSettings(specGb, { numberPrefix: "X" }) }],
  [
    "an edit",
    { edits: [{ op: "setField", field: "invoiceReference", template: "{order.number}", why: "as it is" }] },
  ],
  ["a figure of the replay", { replay: { ...replay, newlyHeld: 1 } }],
])("%s is part of it", (_, change) => {
  expect(digestOf({ ...proposed, ...change }, "set-1", orgGb)).not.toBe(digest);
});

test("the replayed orders are part of it, and so is what the organisation says of a named account", () => {
  expect(digestOf(proposed, "set-2", orgGb)).not.toBe(digest);
  const accounts = (code: string) =>
    orgGb.accounts.map((account) =>
      account.code === code ? { ...account, status: "ARCHIVED" as const } : account,
    );
  expect(digestOf(proposed, "set-1", { ...orgGb, accounts: accounts("202") })).not.toBe(digest);
  // 260 is not named by the mapping: what happens to it is nobody's business here.
  expect(digestOf(proposed, "set-1", { ...orgGb, accounts: accounts("260") })).toBe(digest);
});

test("a tax rate, a tracking option and a currency that are named are in it with their state", () => {
  const spec = withTables(withSettings(specGb, { tracking1Category: "Channel" }), {
    tracking1: { rules: [], otherwise: { kind: "option", option: "Web" } },
  });
  expect(orgItems(spec, orgGb)).toMatchObject({
    options: [{ category: "Channel", option: "Web", active: true }],
    currencies: [
      { code: "GBP", subscribed: true },
      { code: "EUR", subscribed: true },
    ],
  });
  const without = { ...orgGb, tracking: [{ name: "Channel", options: ["Marketplace"] }] };
  expect(orgItems(spec, without)).toMatchObject({ options: [{ active: false }] });
  const lowered = orgGb.taxRates.map((rate) =>
    rate.taxType === "OUTPUT2" ? { ...rate, rate: "17.5" } : rate,
  );
  expect(digestOf(proposed, "set-1", { ...orgGb, taxRates: lowered })).not.toBe(digest);
});
