import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { withBehaviour } from "../shared/behaviour.ts";
import { createCalls, createFaults, createSandboxClock } from "../shared/control.ts";
import { recordExchanges } from "../shared/exchanges.ts";
import type { Scenario } from "../shared/scenario.ts";
import { textAt } from "./json.ts";
import { openNonces } from "./nonces.ts";
import type { IntegrationKeys } from "./oauth.ts";
import { oauthVerifier } from "./oauth.ts";
import { answerRequest, consumeBulk } from "./pipeline.ts";
import { seedStore } from "./seed.ts";
import { toShop } from "./shop.ts";
import type { State } from "./state.ts";
import { openState } from "./state.ts";

export type StoreOptions = {
  scenario: Scenario;
  /** 0 takes a free port. */
  port: number;
  /** With it every change is journaled there before it is answered; without it the store lives in memory. */
  dataDir?: string;
  orders?: number;
  seed?: number;
  now?: () => Date;
};

export type RunningStore = {
  url: string;
  port: number;
  integration: IntegrationKeys;
  close(): Promise<void>;
};

const ORDERS_DEFAULT = 50;
const SEED_DEFAULT = 1;

/** Serves the demo store on 127.0.0.1. */
export async function startStore(options: StoreOptions): Promise<RunningStore> {
  const seed = options.seed ?? SEED_DEFAULT;
  const integration = integrationKeys(seed);
  const scenario = withBehaviour(options.scenario);
  const shop = toShop(scenario);
  const clock = createSandboxClock(options.now ?? (() => new Date()));
  const state = openState(options.dataDir === undefined ? undefined : join(options.dataDir, "store.jsonl"));
  const seedNow = (): void => {
    seedStore({
      state,
      shop,
      scenario,
      seed,
      orders: options.orders ?? ORDERS_DEFAULT,
      now: clock.now(),
    });
    // Written last: a store that died while it was being filled is filled again from the start.
    state.transact((transaction) => transaction.put("settings", { name: "seeded", seed }));
  };
  if (state.read.get("settings", "seeded") === undefined) {
    if (!state.isEmpty()) state.reset();
    seedNow();
  }
  restoreClock(state, clock);
  if (options.dataDir !== undefined) writeIntegration(options.dataDir, integration);
  const server = createServer(recordExchanges("store", (request, response) => void serve(request, response)));
  const sandbox = {
    state,
    shop,
    scenario,
    clock,
    calls: createCalls(),
    faults: createFaults(),
    integration,
    url: () => url,
    reseed: () => {
      state.reset();
      seedNow();
    },
  };
  const nonces = openNonces(
    options.dataDir === undefined ? undefined : join(options.dataDir, "nonces.jsonl"),
  );
  const verifier = oauthVerifier(integration, nonces);
  const serve = (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    answerRequest({ request, response, sandbox, verifier, integration, url: () => url });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  for (const bulk of state.read.all("bulks")) consumeBulk(sandbox, url, textAt(bulk, "bulk_uuid"));
  return {
    url,
    port,
    integration,
    close: () =>
      new Promise((resolve) => {
        // Faults leave sockets open on purpose; they must not keep the server from closing.
        server.closeAllConnections();
        server.close(() => {
          state.close();
          nonces.close();
          resolve();
        });
      }),
  };
}

/** Well-known demo keys: 32 characters each, as Magento's are, and the same for every start with one seed. */
function integrationKeys(seed: number): IntegrationKeys {
  const key = (name: string): string =>
    createHash("sha256").update(`counterfoil demo store/${seed}/${name}`).digest("hex").slice(0, 32);
  return {
    consumerKey: key("consumerKey"),
    consumerSecret: key("consumerSecret"),
    accessToken: key("accessToken"),
    accessTokenSecret: key("accessTokenSecret"),
  };
}

function writeIntegration(dataDir: string, keys: IntegrationKeys): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, "integration.json"), `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
}

function restoreClock(state: State, clock: ReturnType<typeof createSandboxClock>): void {
  const saved = state.read.get("settings", "clock");
  if (typeof saved?.offsetMs === "number") clock.restore(saved.offsetMs);
}
