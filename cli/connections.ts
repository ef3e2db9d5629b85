/** The stores and ledgers of this process: the demo servers of the data folder, or real accounts of the environment. */
import { z } from "zod";
import { err, ok, type Result } from "../engine/core/result.ts";
import type { ConnectionCredentials } from "../engine/index.ts";
import type { Environment } from "./environment.ts";
import { badInput, type Failure, failed } from "./exit.ts";
import type { DemoServers } from "./owner/demo-servers.ts";

/** The demo ledger gives any app a token, as a custom connection would. */
const DEMO_APP = { clientId: "counterfoil-demo", clientSecret: "demo" };
const Token = z.object({ access_token: z.string() });
const Tenants = z.array(z.object({ tenantId: z.string(), tenantName: z.string() })).min(1);

/** The demo store bound to the demo ledger; its organisation is asked for its lasting id. */
export async function demoConnection({
  store,
  ledger,
}: DemoServers): Promise<Result<ConnectionCredentials, Failure>> {
  try {
    const [tenant] = await tenantsOf(ledger.ledger);
    if (tenant === undefined) throw new Error("it has no organisation");
    return ok({
      id: "demo",
      name: "Demo store",
      environment: "sandbox",
      store: {
        id: "demo-store",
        url: store.store,
        oauth: store.integration,
        importUrl: new URL("/__sandbox/import", store.store).href,
      },
      ledger: {
        id: tenant.tenantId,
        name: tenant.tenantName,
        apiUrl: ledger.ledger,
        identityUrl: ledger.ledger,
        ...DEMO_APP,
      },
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return err(
      failed("demoServer", `The demo ledger at ${ledger.ledger} does not answer: ${why}.`, "Start again."),
    );
  }
}

async function tenantsOf(url: string): Promise<z.infer<typeof Tenants>> {
  const basic = Buffer.from(`${DEMO_APP.clientId}:${DEMO_APP.clientSecret}`).toString("base64");
  const token = await fetch(new URL("/connect/token", url), {
    method: "POST",
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token } = Token.parse(await token.json());
  const tenants = await fetch(new URL("/connections", url), {
    headers: { authorization: `Bearer ${access_token}` },
  });
  return Tenants.parse(await tenants.json());
}

const XERO_API_URL = "https://api.xero.com";
const XERO_IDENTITY_URL = "https://identity.xero.com";

/** Real accounts by MAGENTO_* and XERO_*; undefined when none of them is set. */
export function environmentConnection({
  store,
  ledger,
}: Environment): Result<ConnectionCredentials | undefined, Failure> {
  const { url, consumerKey, consumerSecret, accessToken, accessTokenSecret } = store;
  const { tenantId, clientId, clientSecret } = ledger;
  const needed = {
    MAGENTO_URL: url,
    MAGENTO_CONSUMER_KEY: consumerKey,
    MAGENTO_CONSUMER_SECRET: consumerSecret,
    MAGENTO_ACCESS_TOKEN: accessToken,
    MAGENTO_ACCESS_TOKEN_SECRET: accessTokenSecret,
    XERO_TENANT_ID: tenantId,
    XERO_CLIENT_ID: clientId,
    XERO_CLIENT_SECRET: clientSecret,
  };
  const missing = Object.entries(needed).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length === Object.keys(needed).length) return ok(undefined);
  if (missing.length > 0) {
    return err(
      badInput(
        `The environment names a store or a ledger, and lacks ${missing.join(", ")}.`,
        "Set them all.",
      ),
    );
  }
  const { origin } = new URL(url ?? "");
  return ok({
    id: "main",
    name: new URL(origin).host,
    environment: "production",
    store: {
      id: new URL(origin).host,
      url: origin,
      oauth: {
        consumerKey: consumerKey ?? "",
        consumerSecret: consumerSecret ?? "",
        accessToken: accessToken ?? "",
        accessTokenSecret: accessTokenSecret ?? "",
      },
      importUrl: null,
    },
    ledger: {
      id: tenantId ?? "",
      name: "Xero organisation",
      apiUrl: ledger.apiUrl ?? XERO_API_URL,
      identityUrl: ledger.identityUrl ?? XERO_IDENTITY_URL,
      clientId: clientId ?? "",
      clientSecret: clientSecret ?? "",
    },
  });
}
