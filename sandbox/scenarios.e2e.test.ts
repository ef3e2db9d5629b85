import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import axios from "axios";
import { afterEach, expect, test } from "vitest";
import { readScenario } from "./shared/scenario.ts";
import { call } from "./store/test-client.ts";

const FOLDER = resolve(import.meta.dirname, "../scenarios");
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** Starts one of the two servers as a process of its own and waits for its line. */
async function run(which: "store" | "ledger", scenario: string): Promise<Record<string, never>> {
  const main = resolve(import.meta.dirname, which, "main.ts");
  const child = spawn(process.execPath, [main, "--scenario", scenario, "--port", "0"]);
  started.push(child);
  let problem = "";
  child.stderr.on("data", (chunk: Buffer) => {
    problem += chunk.toString();
  });
  const line = await new Promise<string>((done, fail) => {
    child.stdout.once("data", (chunk: Buffer) => done(chunk.toString()));
    child.once("exit", (code) => fail(new Error(`${which} ended with ${code}: ${problem}`)));
  });
  return JSON.parse(line);
}

test.each(FILES)("both servers start with %s and serve what it says", async (file) => {
  const path = resolve(FOLDER, file);
  const scenario = readScenario(path);
  const [store, ledger] = await Promise.all([run("store", path), run("ledger", path)]);
  const caller = { url: String(store.store), integration: store.integration ?? ({} as never) };
  const now = (): Date => new Date();
  const orders = await call(caller, "/rest/V1/orders?searchCriteria%5BpageSize%5D=1", { now });
  expect([orders.status, orders.data.total_count]).toEqual([200, 50]);
  const configs = await call(caller, "/rest/V1/store/storeConfigs", { now });
  expect(configs.data.map(({ code }: { code: string }) => code)).toEqual(
    scenario.store.storeViews?.map(({ code }) => code),
  );
  const rates = await call(caller, "/rest/V1/taxRates/search?searchCriteria=", { now });
  const stated = scenario.store.taxRates;
  if (stated !== undefined) expect(rates.data.total_count).toBe(stated.length);
  const { data: state } = await axios.get(`${ledger.ledger}/__sandbox/state`);
  expect(JSON.stringify(state)).toContain(scenario.org.accounts[0]?.name);
});
