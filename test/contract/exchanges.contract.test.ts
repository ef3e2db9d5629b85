/**
 * Everything that the demo servers answered in the end-to-end tests, and everything that our clients asked, against the
 * vendors' OpenAPI. `npm test` runs this after the end-to-end tests: CONTRACT_EXCHANGES names what they recorded, and
 * CONTRACT_WHOLE=1 says that all of them ran.
 */
import { expect, test } from "vitest";
import { readMounts } from "./apis.ts";
import { createChecker } from "./check.ts";
import { EXCEPTIONS } from "./exceptions.ts";
import { isOurs, readExchanges } from "./recorded.ts";
import { judge, renderFaults, renderSummary, type Verdict } from "./report.ts";

const exchanges = readExchanges(process.env.CONTRACT_EXCHANGES ?? "");
const verdict: Verdict = judge(exchanges, createChecker(readMounts(), isOurs));
console.log(renderSummary(verdict));
console.log(`${exchanges.filter(isOurs).length} of them were asked by our clients`);

const faultsOf = (apis: readonly string[], part: "request" | "answer"): string[] =>
  renderFaults(verdict.faults.filter((fault) => apis.includes(fault.api) && fault.part === part));

test("both demo servers were asked, and by our clients too", () => {
  expect(exchanges.length).toBeGreaterThan(0);
  if (process.env.CONTRACT_WHOLE !== "1") return;
  expect([...new Set(exchanges.map(({ server }) => server))].sort()).toEqual(["ledger", "store"]);
  expect([...new Set(exchanges.filter(isOurs).map(({ server }) => server))].sort()).toEqual([
    "ledger",
    "store",
  ]);
});

test("every answer of the demo ledger is what Xero's OpenAPI describes", () => {
  expect(faultsOf(["xero", "identity"], "answer")).toEqual([]);
});

test("every answer of the demo store is what Magento's OpenAPI describes", () => {
  expect(faultsOf(["magento"], "answer")).toEqual([]);
});

test("every request of our clients is what the OpenAPI of both describes", () => {
  expect(faultsOf(["xero", "identity", "magento"], "request")).toEqual([]);
});

test.skipIf(process.env.CONTRACT_WHOLE !== "1")("no exception is kept that nothing uses", () => {
  expect(EXCEPTIONS.filter((exception) => !verdict.usesOf.has(exception)).map(({ id }) => id)).toEqual([]);
});
