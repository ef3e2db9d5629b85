import { createRequire } from "node:module";
import type magentoApiRest from "magento-api-rest";
import type { IMagentoRestApiOptions } from "magento-api-rest";
import { parseScenario } from "../shared/scenario.ts";
import type { RunningStore } from "../store/server.ts";
import { startStore } from "../store/server.ts";
import { demoScenario, sandbox } from "../store/test-client.ts";

export type MagentoClient = magentoApiRest.default;

/** magento-api-rest 2.0.4 as it is published; its README requires it like this. */
const { default: Client } = createRequire(import.meta.url)("magento-api-rest") as {
  default: new (options: IMagentoRestApiOptions) => MagentoClient;
};

/** Clients sign with the time of day, so the store must not live on another day. */
export function openStore(settings: Record<string, unknown> = {}): Promise<RunningStore> {
  const scenario = parseScenario({ ...demoScenario, store: { ...demoScenario.store, ...settings } });
  return startStore({ scenario, port: 0, orders: 12 });
}

/** `sha` is the library's own option: 1, its default, is HMAC-SHA1, which Magento refuses since 2.4.4. */
export function clientOf(store: RunningStore, more: Partial<IMagentoRestApiOptions> = {}): MagentoClient {
  const { consumerKey, consumerSecret, accessToken, accessTokenSecret: tokenSecret } = store.integration;
  return new Client({
    url: store.url,
    consumerKey,
    consumerSecret,
    accessToken,
    tokenSecret,
    sha: 256,
    ...more,
  });
}

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as a client would, without a schema.
type Body = any;

/** What a customer's checkout would do; the order as the shop stored it. */
export async function placeOrder(store: RunningStore, order: Record<string, unknown>): Promise<Body> {
  const { status, data } = await sandbox(store, "order", order);
  if (status !== 200) throw new Error(`the order was refused: ${JSON.stringify(data)}`);
  return data;
}

export type Goods = { sku: string; name: string };

/** Plain goods that customers can see, and something that is never shipped: no tour depends on one catalogue. */
export async function goodsOf(client: MagentoClient): Promise<{ plain: Goods[]; virtual: Goods }> {
  const of = async (type_id: string): Promise<(Goods & { visibility: number })[]> =>
    (await client.get("products", { type_id, $sort: { entity_id: "asc" } })).data.items;
  const [plain, [virtual]] = [await of("simple"), await of("virtual")];
  if (virtual === undefined) throw new Error("the shop sells nothing virtual");
  return { plain: plain.filter(({ visibility }) => visibility > 1), virtual };
}

/** The library rejects with its axios error. */
export async function refusalOf(promise: Promise<unknown>): Promise<[status: number, body: Body]> {
  const thrown = await promise.then(
    () => undefined,
    (error: { response?: { status: number; data: Body } }) => error,
  );
  if (thrown?.response === undefined) throw new Error(`expected a refusal, got ${String(thrown)}`);
  return [thrown.response.status, thrown.response.data];
}
