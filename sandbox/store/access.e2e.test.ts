import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axios from "axios";
import { afterAll, expect, test } from "vitest";
import { parseScenario } from "../shared/scenario.ts";
import type { RunningStore } from "./server.ts";
import type { Caller } from "./test-client.ts";
import {
  authorization,
  call,
  demoScenario,
  ORDERS,
  sandbox,
  startTestStore,
  testNow,
} from "./test-client.ts";

const opened: RunningStore[] = [];
async function start(store: Record<string, unknown> = {}): Promise<RunningStore> {
  const scenario = parseScenario({ ...demoScenario, store: { ...demoScenario.store, ...store } });
  const running = await startTestStore({ scenario, orders: 3 });
  opened.push(running);
  return running;
}
afterAll(async () => {
  for (const running of opened) await running.close();
});

const post = (store: Pick<Caller, "url">, path: string, body: unknown, headers = {}) =>
  axios.post(`${store.url}${path}`, body, { headers, validateStatus: () => true });

const ADMIN_TOKEN = "/rest/V1/integration/admin/token";

test("with two-factor authentication the right password gets no token, and a wrong one is a 401", async () => {
  const store = await start();
  const right = await post(store, ADMIN_TOKEN, { username: "admin", password: "admin123" });
  expect([right.status, right.data]).toEqual([
    400,
    {
      message: "Please use the 2fa provider-specific endpoints to obtain a token.",
      parameters: { active_providers: ["google"] },
    },
  ]);
  for (const path of [ADMIN_TOKEN, "/rest/V1/integration/customer/token"]) {
    const wrong = await post(store, path, { username: "admin", password: "guess" });
    expect([wrong.status, wrong.data.message]).toEqual([
      401,
      "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.",
    ]);
  }
  const bare = await post(store, ADMIN_TOKEN, { username: "admin" });
  expect([bare.status, bare.data.parameters]).toEqual([400, { fieldName: "password" }]);
});

test("without it an administrator gets a JWT with every right that runs out after an hour", async () => {
  const store = await start({ twoFactor: false, integrationResources: [] });
  const { data: token } = await post(store, ADMIN_TOKEN, { username: "admin", password: "admin123" });
  expect(token.split(".")).toHaveLength(3);
  const headers = { authorization: `Bearer ${token}` };
  expect((await call(store, `${ORDERS}1`, { headers })).status).toBe(200);
  expect((await call(store, `${ORDERS}1`)).status).toBe(401);
  const forged = { authorization: `Bearer ${token.slice(0, -2)}xx` };
  expect((await call(store, `${ORDERS}1`, { headers: forged })).status).toBe(401);
  await sandbox(store, "clock", { advanceSeconds: 3599 });
  expect((await call(store, `${ORDERS}1`, { headers })).status).toBe(200);
  await sandbox(store, "clock", { advanceSeconds: 1 });
  expect((await call(store, `${ORDERS}1`, { headers })).status).toBe(401);
});

/** Signs a step of the handshake: with a request token and the verifier, or with the consumer's keys alone. */
async function exchange(
  store: RunningStore,
  step: "request" | "access",
  token: { value: string; secret: string; verifier?: string },
) {
  const url = `${store.url}/oauth/token/${step}`;
  const signer = { ...store.integration, accessToken: token.value, accessTokenSecret: token.secret };
  const header = authorization({
    store: { ...store, integration: signer },
    method: "POST",
    url,
    now: testNow,
    ...(token.verifier === undefined ? {} : { oauth: { oauth_verifier: token.verifier } }),
  });
  const answer = await post(store, `/oauth/token/${step}`, "", { authorization: header });
  return { status: answer.status, form: new URLSearchParams(answer.data) };
}

test("an activated integration exchanges its verifier for a request token and that for the access token", async () => {
  const store = await start();
  const posted = new Promise<URLSearchParams>((resolve) => {
    const callback = createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      response.end();
      callback.close();
      resolve(new URLSearchParams(text));
    });
    callback.listen(0, "127.0.0.1", () => {
      const { port } = callback.address() as AddressInfo;
      void sandbox(store, "handshake", { callbackUrl: `http://127.0.0.1:${port}/callback` });
    });
  });
  const keys = await posted;
  expect(keys.get("oauth_consumer_key")).toBe(store.integration.consumerKey);
  expect(keys.get("store_base_url")).toBe(`${store.url}/`);
  const verifier = keys.get("oauth_verifier") ?? "";
  const first = await exchange(store, "request", { value: "", secret: "" });
  expect(first.status).toBe(200);
  const token = {
    value: first.form.get("oauth_token") ?? "",
    secret: first.form.get("oauth_token_secret") ?? "",
  };
  const wrong = await exchange(store, "access", { ...token, verifier: "0".repeat(32) });
  expect([wrong.status, wrong.form.get("oauth_problem")]).toEqual([401, "Verifier is invalid"]);
  const second = await exchange(store, "access", { ...token, verifier });
  expect(Object.fromEntries(second.form)).toEqual({
    oauth_token: store.integration.accessToken,
    oauth_token_secret: store.integration.accessTokenSecret,
  });
  expect((await exchange(store, "access", { ...token, verifier })).status).toBe(401);
});

test("the consumer's keys are good for a handshake of five minutes", async () => {
  const store = await start();
  await sandbox(store, "handshake", {});
  await sandbox(store, "clock", { advanceSeconds: 301 });
  const late = await exchange(store, "request", { value: "", secret: "" });
  expect([late.status, late.form.get("oauth_problem")]).toEqual([401, "Consumer key has expired"]);
});

test("a nonce that was used before kill -9 is used after it", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "store-"));
  const scenarioFile = join(dataDir, "scenario.json");
  writeFileSync(scenarioFile, JSON.stringify(demoScenario));
  const run = async (): Promise<Caller & { kill(): Promise<void> }> => {
    const child = spawn(process.execPath, [
      `${import.meta.dirname}/main.ts`,
      ...["--scenario", scenarioFile, "--port", "0", "--data", dataDir, "--orders", "1"],
    ]);
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
      child.once("exit", (code) => reject(new Error(`main.ts ended with ${code}`)));
    });
    const { store: url, integration } = JSON.parse(line);
    const kill = () =>
      new Promise<void>((done) => {
        child.once("exit", () => done());
        child.kill("SIGKILL");
      });
    return { url, integration, kill };
  };
  const read = (store: Caller, nonce: string) => {
    const url = `${store.url}${ORDERS}1`;
    const oauth = { oauth_nonce: nonce };
    const header = authorization({ store, method: "GET", url, now: () => new Date(), oauth });
    return call(store, `${ORDERS}1`, { headers: { authorization: header } });
  };
  const first = await run();
  expect((await read(first, "once")).status).toBe(200);
  await first.kill();
  const second = await run();
  const replayed = await read(second, "once");
  expect([replayed.status, replayed.data.message]).toEqual([
    401,
    "The nonce is already being used by the consumer with ID %1",
  ]);
  expect((await read(second, "twice")).status).toBe(200);
  await second.kill();
});
