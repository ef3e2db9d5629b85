/** The demo ledger's organisation, read over HTTP and from its scenario file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type RunningLedger, startLedger } from "../../../sandbox/ledger/server.ts";
import { createTokenSource, fetchTenants } from "./auth.ts";
import { createXeroLedger } from "./ledger.ts";
import { orgOfScenario } from "./scenario.ts";

const scenarioOf = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../scenarios", name), "utf8"));

const running: RunningLedger[] = [];
const logged: string[] = [];

async function serve(name: string) {
  const server = await startLedger({ scenario: scenarioOf(name), port: 0, seed: "org" });
  running.push(server);
  const tokens = createTokenSource({
    identityUrl: server.url,
    clientId: "app",
    clientSecret: "secret",
    grant: { kind: "clientCredentials" },
    clock: { now: () => new Date() },
  });
  const ledger = (tenantId: string | null) =>
    createXeroLedger({ apiUrl: server.url, tokens, tenantId, log: (event) => void logged.push(event) });
  return { url: server.url, tokens, ledger };
}

beforeEach(() => {
  logged.length = 0;
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

test.each(["demo-gb.json", "real.json"])("%s is the same from the ledger and from the file", async (name) => {
  const { ledger } = await serve(name);
  expect(await ledger(null).fetchOrg()).toEqual({ ok: true, value: orgOfScenario(scenarioOf(name).org) });
  expect(logged).toEqual([]);
});

test("the organisation is one of those that the token covers, and is read by its id", async () => {
  const { url, tokens, ledger } = await serve("demo-gb.json");
  const token = await tokens.token();
  const tenants = token.ok ? await fetchTenants({ apiUrl: url, accessToken: token.value }) : token;
  const [tenant] = tenants.ok ? tenants.value : [];
  expect(tenant?.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(await ledger(tenant?.id ?? "").fetchOrg()).toMatchObject({
    ok: true,
    value: { name: tenant?.name },
  });
});

test("another organisation is refused", async () => {
  const { ledger } = await serve("demo-gb.json");
  const answer = await ledger("5a2ed8c5-0000-4000-8000-000000000000").fetchOrg();
  expect(answer).toMatchObject({ ok: false, error: { kind: "unauthorised" } });
});
