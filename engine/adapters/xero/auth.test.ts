import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createTokenSource, type Grant } from "./auth.ts";

let server: Server | undefined;
type Reply = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> };

/** A login that answers one reply after the other and keeps what it was sent. */
async function login(...replies: Reply[]) {
  const forms: URLSearchParams[] = [];
  const auths: (string | undefined)[] = [];
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      forms.push(new URLSearchParams(text));
      auths.push(request.headers.authorization);
      const { status, body, headers } = replies[Math.min(forms.length, replies.length) - 1] ?? {
        status: 500,
        body: "",
      };
      response.writeHead(status, { "content-type": "application/json", ...headers });
      setTimeout(() => response.end(typeof body === "string" ? body : JSON.stringify(body)), 20);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return { identityUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, forms, auths };
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const granted = (token: string, more: object = {}): Reply => ({
  status: 200,
  body: { access_token: token, expires_in: 1_800, token_type: "Bearer", ...more },
});

let nowMs = 0;
const sourceOf = (identityUrl: string, grant: Grant = { kind: "clientCredentials", scopes: ["a", "b"] }) => {
  nowMs = Date.parse("2026-11-24T10:00:00Z");
  const clock = { now: () => new Date(nowMs) };
  return createTokenSource({
    identityUrl,
    clientId: "id",
    clientSecret: "s:ecret",
    grant,
    clock,
    timeoutMs: 500,
  });
};

describe("client credentials", () => {
  test("ask with the app's own name and scopes, once while the token lasts", async () => {
    const { identityUrl, forms, auths } = await login(granted("t1"), granted("t2"));
    const source = sourceOf(identityUrl);
    expect(await source.token()).toEqual({ ok: true, value: "t1" });
    nowMs += 28 * 60_000;
    expect(await source.token()).toEqual({ ok: true, value: "t1" });
    expect(Object.fromEntries(forms[0] ?? [])).toEqual({ grant_type: "client_credentials", scope: "a b" });
    expect(auths[0]).toBe(`Basic ${Buffer.from("id:s:ecret").toString("base64")}`);
    nowMs += 60_000;
    expect(await source.token()).toEqual({ ok: true, value: "t2" });
  });

  test("a token that was refused is forgotten, but not a newer one in its place", async () => {
    const { identityUrl, forms } = await login(granted("t1"), granted("t2"));
    const source = sourceOf(identityUrl);
    await source.token();
    source.forget("t1");
    expect(await source.token()).toEqual({ ok: true, value: "t2" });
    source.forget("t1");
    await source.token();
    expect(forms).toHaveLength(2);
  });
});

describe("a refresh token", () => {
  test("is used once by many callers, and its successor is kept before anybody gets the access token", async () => {
    const { identityUrl, forms } = await login(
      granted("t1", { refresh_token: "r2" }),
      granted("t2", { refresh_token: "r3" }),
    );
    let stored = "r1";
    const load = async () => stored;
    const save = async (next: string) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      stored = next;
    };
    const source = sourceOf(identityUrl, { kind: "refreshToken", load, save });
    const tokens = await Promise.all(
      Array.from({ length: 5 }, () => source.token().then((token) => ({ token, stored }))),
    );
    expect(tokens).toEqual(
      Array.from({ length: 5 }, () => ({ token: { ok: true, value: "t1" }, stored: "r2" })),
    );
    expect(forms).toHaveLength(1);
    source.forget("t1");
    await source.token();
    expect(forms.map((form) => form.get("refresh_token"))).toEqual(["r1", "r2"]);
  });

  test("stays in place when the answer is lost, so that it can be tried again", async () => {
    const { identityUrl } = await login({ status: 503, body: "" }, granted("t1", { refresh_token: "r2" }));
    let stored = "r1";
    const source = sourceOf(identityUrl, {
      kind: "refreshToken",
      load: async () => stored,
      save: async (next) => {
        stored = next;
      },
    });
    expect(await source.token()).toMatchObject({ ok: false, error: { kind: "unavailable" } });
    expect(stored).toBe("r1");
    expect(await source.token()).toEqual({ ok: true, value: "t1" });
    expect(stored).toBe("r2");
  });
});

describe("a refusal", () => {
  test.each<[string, Reply, object]>([
    ["a consent that ended", { status: 400, body: { error: "invalid_grant" } }, { kind: "unauthorised" }],
    ["a wrong secret", { status: 401, body: { error: "invalid_client" } }, { kind: "unauthorised" }],
    ["an echo", { status: 400, body: { error: "s:ecret" } }, { kind: "unavailable" }],
    [
      "a limit",
      { status: 429, body: "", headers: { "retry-after": "9" } },
      { kind: "rateLimited", retryAfterSeconds: 9 },
    ],
    ["a web page", { status: 200, body: "<html>" }, { kind: "unavailable" }],
  ])("by %s is told without what was sent", async (_name, reply, error) => {
    const { identityUrl } = await login(reply);
    const token = await sourceOf(identityUrl).token();
    expect(token).toMatchObject({ ok: false, error });
    expect(JSON.stringify(token)).not.toContain('ecret"');
  });

  test("no login there", async () => {
    const token = await sourceOf("http://127.0.0.1:1").token();
    expect(token).toMatchObject({
      ok: false,
      error: { kind: "unavailable", detail: expect.stringContaining("ECONNREFUSED") },
    });
  });
});
