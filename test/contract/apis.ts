/** The vendors' documents, read from beside the repository, and where the demo servers serve them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Mount } from "./check.ts";
import { type Api, readApi, type Schema } from "./openapi.ts";

const DATA = join(import.meta.dirname, "../../../shared/data");
const XERO = join(DATA, "xero/openapi/xero_accounting.yaml");
const IDENTITY = join(DATA, "xero/openapi/xero-identity.yaml");
const MAGENTO = join(DATA, "magento/openapi/admin-2.4.8-trimmed.json");

export function readMounts(): Mount[] {
  const xero = readApi("xero", parse(readFileSync(XERO, "utf8")));
  const identity = withTokens(readApi("identity", parse(readFileSync(IDENTITY, "utf8"))));
  const magento = readApi("magento", JSON.parse(readFileSync(MAGENTO, "utf8")));
  return [
    { api: xero, server: "ledger", base: /^\/api\.xro\/2\.0/i },
    { api: identity, server: "ledger", base: /^(?!\/api\.xro)/i },
    { api: magento, server: "store", base: /^\/rest(\/(?!V1\/|async\/)[^/]+)?(?=\/V1\/)/ },
  ];
}

/** The identity document has the shapes of the token endpoint, and not its path (facts/xero.md section 1 has it). */
function withTokens(api: Api): Api {
  const answer = (schema: Schema) => ({ mediaTypes: ["application/json"], schema });
  return {
    ...api,
    operations: [
      ...api.operations,
      {
        api: api.name,
        id: "token",
        method: "POST",
        path: "/connect/token",
        parameters: [],
        body: { isRequired: true, schema: { $ref: "#/components/schemas/RefreshToken" } },
        answers: new Map([["200", answer({ $ref: "#/components/schemas/AccessToken" })]]),
      },
    ],
  };
}
