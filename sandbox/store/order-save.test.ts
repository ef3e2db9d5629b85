import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { ORDER_FIELDS } from "./order-save.ts";

const OPENAPI = resolve(import.meta.dirname, "../../../shared/data/magento/openapi/admin-2.4.8-trimmed.json");
const present = existsSync(OPENAPI);
if (!present && process.env.REQUIRE_ALL === "1")
  throw new Error(`REQUIRE_ALL=1, but ${OPENAPI} is not there.`);
if (!present) console.warn(`SKIPPED: Magento's OpenAPI is not at ${OPENAPI}.`);

test.skipIf(!present)("an order to be saved may have exactly the members that the OpenAPI names", () => {
  const { definitions } = JSON.parse(readFileSync(OPENAPI, "utf8"));
  const named = Object.keys(definitions["sales-data-order-interface"].properties);
  expect([...ORDER_FIELDS].sort()).toEqual(named.sort());
});
