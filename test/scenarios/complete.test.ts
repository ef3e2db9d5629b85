/**
 * All scenarios of facts/accounting.md are in docs/accounting.md, which the tests write: each asserted, or named as out with the
 * reason, and of those at most eight.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const FACTS = join(import.meta.dirname, "../../../shared/facts/accounting.md");
const PAGE = join(import.meta.dirname, "../../docs/accounting.md");
const OUT_MAX = 8;
const SCENARIOS = 155;

const isThere = existsSync(FACTS);
if (!isThere) console.warn(`SKIPPED: the scenario catalogue is not at ${FACTS}`);

const page = readFileSync(PAGE, "utf8");
const entries = [...page.matchAll(/^### ([A-Z]+-\d+) .*\n\n(.*)/gm)].map(([, id = "", first = ""]) => ({
  id,
  out: first.startsWith("Not built:"),
}));

test.skipIf(!isThere)("every scenario of the catalogue is a test, once", () => {
  const wanted = [...readFileSync(FACTS, "utf8").matchAll(/^\*\*([A-Z]+-\d+) /gm)].map(([, id]) => id);
  expect(wanted).toHaveLength(SCENARIOS);
  expect(entries.map(({ id }) => id).toSorted()).toEqual(wanted.toSorted());
});

test("at most eight are out", () => {
  const out = entries.filter((entry) => entry.out).map(({ id }) => id);
  expect(out.length, out.join(", ")).toBeLessThanOrEqual(OUT_MAX);
});
