import { describe, expect, test } from "vitest";
import { Books } from "../books/books.ts";
import { parseScenario } from "../books/scenario.ts";
import { NOW, openTestLedger, TEST_ORG } from "../testing.ts";
import { jsonReply } from "../wire/envelope.ts";
import { checkAccess, listConnections } from "./access.ts";
import { createIdempotency } from "./idempotency.ts";
import { authorize, issueToken, revoke } from "./identity.ts";
import { createLimits } from "./limits.ts";
import { mayCall } from "./scopes.ts";

const orgOf = (changes: Record<string, unknown> = {}) => parseScenario({ org: { ...TEST_ORG, ...changes } });

describe("limits", () => {
  const T = NOW.getTime();
  test("a minute is a fixed window with its own phase, and Retry-After runs to its end", () => {
    const limits = createLimits(orgOf({ minuteLimit: 2, minuteSeconds: 60 }), () => 0.25);
    const start = Math.ceil(T / 60_000) * 60_000 + 15_000;
    for (const at of [start + 50_000, start + 51_000]) expect(limits.enter(at).isAllowed).toBe(true);
    expect(limits.enter(start + 52_000)).toEqual({
      isAllowed: false,
      problem: "minute",
      retryAfterSeconds: 8,
    });
    expect(limits.headers(start + 52_000)["X-MinLimit-Remaining"]).toBe("0");
    expect(limits.enter(start + 60_000).isAllowed).toBe(true);
  });

  test("the day's budget leaves the minute's alone", () => {
    const limits = createLimits(orgOf({ dayLimit: 1 }), () => 0);
    limits.enter(T);
    expect(limits.enter(T + 60_000)).toMatchObject({ problem: "day" });
    expect(limits.headers(T + 60_000)).toMatchObject({
      "X-DayLimit-Remaining": "0",
      "X-MinLimit-Remaining": "60",
    });
  });

  test("the sixth call in flight is refused without Retry-After, and costs nothing", () => {
    const limits = createLimits(orgOf(), () => 0);
    const entered = Array.from({ length: 5 }, () => limits.enter(T));
    expect(limits.enter(T)).toEqual({ isAllowed: false, problem: "concurrent" });
    const [first] = entered;
    if (first?.isAllowed) {
      first.leave();
      first.leave();
    }
    expect(limits.enter(T).isAllowed).toBe(true);
    expect(limits.enter(T).isAllowed).toBe(false);
    expect(limits.headers(T)["X-DayLimit-Remaining"]).toBe("4994");
  });
});

describe("an idempotency key", () => {
  const setUp = (behaviour: Record<string, unknown> = {}) => {
    let nowMs = NOW.getTime();
    const books = new Books();
    const answer = createIdempotency(books, orgOf({ behaviour }), () => nowMs);
    let runs = 0;
    const send = (key: string, body = "{}", status = 200, wait?: Promise<void>) =>
      answer(
        { method: "PUT", url: "/Invoices", body: Buffer.from(body), key, clientId: "app" },
        async (seal) => {
          await wait;
          runs += 1;
          const reply = jsonReply(status, { run: runs });
          seal(reply);
          return reply;
        },
      );
    return { send, runs: () => runs, advance: (ms: number) => (nowMs += ms) };
  };

  test("gives the first answer again for six minutes, an error too", async () => {
    const { send, runs, advance } = setUp();
    await send("k", "{}", 400);
    advance(6 * 60_000 - 1);
    expect(await send("k", "{}", 200)).toMatchObject({
      isReplay: true,
      reply: { status: 400, body: '{"run":1}' },
    });
    advance(1);
    expect(await send("k", "{}", 200)).toMatchObject({ isReplay: false, reply: { status: 200 } });
    expect(runs()).toBe(2);
  });

  test("with another request is refused", async () => {
    const { send } = setUp();
    await send("k");
    const { reply } = await send("k", '{"a":1}');
    expect(reply).toMatchObject({ status: 400 });
    expect(reply.body).toContain("Idempotency Key: k is used with a different request.");
  });

  test("has at most 128 characters", async () => {
    const { send } = setUp();
    expect((await send("k".repeat(128))).reply.status).toBe(200);
    expect((await send("k".repeat(129))).reply.status).toBe(400);
  });

  test.each([
    ["both-execute", 2],
    ["second-waits", 1],
  ] as const)("twice at once: %s", async (concurrentKey, runs) => {
    const kept = setUp({ concurrentKey });
    let go: () => void = () => {};
    const gate = new Promise<void>((resolve) => (go = resolve));
    const both = [kept.send("k", "{}", 200, gate), kept.send("k", "{}", 200, gate)];
    go();
    await Promise.all(both);
    expect(kept.runs()).toBe(runs);
  });
});

describe("tokens", () => {
  const basic = `Basic ${Buffer.from("app:secret").toString("base64")}`;
  const SCOPES = "openid offline_access accounting.invoices accounting.settings.read";
  const setUp = (org: Record<string, unknown> = {}) => {
    const { ledger } = openTestLedger(org);
    const context = (afterMs = 0) => ({
      books: ledger.books,
      org: ledger.org,
      nowMs: NOW.getTime() + afterMs,
    });
    const token = (form: Record<string, string>, afterMs = 0, authorization: string | undefined = basic) => {
      const reply = issueToken(context(afterMs), new URLSearchParams(form), authorization);
      return { status: reply.status, body: JSON.parse(String(reply.body)) };
    };
    const consent = (changes: Record<string, string> = {}) => {
      const query = {
        response_type: "code",
        client_id: "app",
        redirect_uri: "https://app.example/cb",
        scope: SCOPES,
        state: "s",
        ...changes,
      };
      return authorize(context(), new URLSearchParams(query));
    };
    const code = (changes?: Record<string, string>): string =>
      new URL(consent(changes).headers?.location ?? "").searchParams.get("code") ?? "";
    const exchange = (value: string, changes: Record<string, string> = {}, afterMs = 0) =>
      token(
        { grant_type: "authorization_code", code: value, redirect_uri: "https://app.example/cb", ...changes },
        afterMs,
      );
    const tenant = ledger.books.all("organisation")[0]?.id ?? "";
    return { ledger, context, token, consent, code, exchange, tenant };
  };

  test("client credentials last 1800 seconds and have no refresh token", () => {
    const { token } = setUp();
    const { status, body } = token({ grant_type: "client_credentials", scope: "accounting.invoices" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ expires_in: 1800, token_type: "Bearer", scope: "accounting.invoices" });
    expect(body.refresh_token).toBeUndefined();
  });

  test.each<[string, Record<string, string>]>([
    ["invalid_scope", { grant_type: "client_credentials", scope: "accounting.everything" }],
    ["unsupported_grant_type", { grant_type: "password" }],
    ["invalid_grant", { grant_type: "refresh_token", refresh_token: "nope" }],
    ["invalid_grant", { grant_type: "authorization_code", code: "nope" }],
  ])("%s", (error, form) => {
    expect(setUp().token(form)).toEqual({ status: 400, body: { error } });
  });

  test("only the scenario's clients get any, when it names some", () => {
    const { token } = setUp({ clients: [{ id: "app", secret: "other" }] });
    expect(token({ grant_type: "client_credentials" }).body).toEqual({ error: "invalid_client" });
    expect(
      token({ grant_type: "client_credentials", client_id: "app", client_secret: "other" }, 0, "").status,
    ).toBe(200);
  });

  test("a code is good once, for five minutes, with its redirect and its verifier", () => {
    const { code, exchange } = setUp();
    const value = code();
    expect(exchange(value).body).toMatchObject({
      scope: SCOPES,
      id_token: expect.any(String),
      refresh_token: expect.any(String),
    });
    expect(exchange(value).body).toEqual({ error: "invalid_grant" });
    expect(exchange(code(), {}, 300_000).status).toBe(400);
    expect(exchange(code(), { redirect_uri: "https://other.example" }).status).toBe(400);
    const challenge = { code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" };
    expect(exchange(code(challenge), { code_verifier: "wrong" }).status).toBe(400);
    expect(
      exchange(code(challenge), { code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" }).status,
    ).toBe(200);
  });

  test("redirects must be https, or http://localhost; 127.0.0.1 is refused", () => {
    const { consent } = setUp();
    expect(consent({ redirect_uri: "http://localhost:4310/cb" }).status).toBe(302);
    expect(consent({ redirect_uri: "http://127.0.0.1:4310/cb" }).status).toBe(400);
  });

  test("a refresh token rotates; the old one works for another 30 minutes", () => {
    const { code, exchange, token } = setUp();
    const old = exchange(code()).body.refresh_token;
    const refresh = (afterMs: number, value = old) =>
      token({ grant_type: "refresh_token", refresh_token: value }, afterMs);
    const next = refresh(1000).body.refresh_token;
    expect(next).not.toBe(old);
    expect(refresh(1000 + 30 * 60_000).status).toBe(200);
    expect(refresh(1001 + 30 * 60_000).body).toEqual({ error: "invalid_grant" });
    expect(refresh(59 * 86_400_000, next).status).toBe(200);
    expect(setUp().token({ grant_type: "refresh_token", refresh_token: next }).status).toBe(400);
  });

  test("expire with the time in the answer, and a wrong tenant is forbidden in lower case", () => {
    const { ledger, code, exchange, tenant } = setUp();
    const access = exchange(code()).body.access_token;
    const check = (changes: Record<string, unknown> = {}) =>
      checkAccess({
        books: ledger.books,
        nowMs: NOW.getTime(),
        authorization: `Bearer ${access}`,
        tenantId: tenant,
        method: "GET",
        resourcePath: "Invoices",
        ...changes,
      });
    const refusalOf = (result: ReturnType<typeof check>) =>
      "refusal" in result ? JSON.parse(String(result.refusal.body)) : undefined;
    expect("token" in check()).toBe(true);
    expect(refusalOf(check({ nowMs: NOW.getTime() + 1_800_000 }))).toMatchObject({
      Status: 401,
      Detail: "TokenExpired: token expired at 11/24/2026 10:30:00",
    });
    expect(refusalOf(check({ authorization: "Bearer nonsense" }))).toMatchObject({
      Status: 401,
      Detail: "AuthenticationUnsuccessful",
    });
    expect(refusalOf(check({ authorization: undefined }))).toMatchObject({ Status: 401 });
    expect(refusalOf(check({ tenantId: undefined }))).toMatchObject({
      status: 403,
      detail: "AuthenticationUnsuccessful",
    });
    expect(refusalOf(check({ tenantId: "other" }))).toMatchObject({ title: "Forbidden" });
    const scoped = check({ resourcePath: "Payments" });
    expect("refusal" in scoped && scoped.refusal.headers).toMatchObject({
      "WWW-Authenticate": 'Bearer error="insufficient_scope"',
    });
    expect("token" in check({ resourcePath: "TaxRates" })).toBe(true);
    expect("token" in check({ resourcePath: "TaxRates", method: "PUT" })).toBe(false);
  });

  test("a revoked consent has no connections", () => {
    const { ledger, context, code, exchange } = setUp();
    const { refresh_token, access_token } = exchange(code()).body;
    const token = ledger.books.get("tokens", access_token);
    if (token === undefined) throw new Error("no token");
    expect(JSON.parse(String(listConnections(ledger.books, token, undefined).body))[0]).toMatchObject({
      tenantType: "ORGANISATION",
      createdDateUtc: "2026-11-24T10:00:00.0000000",
    });
    revoke(context(), new URLSearchParams({ token: refresh_token }));
    expect(listConnections(ledger.books, token, undefined).body).toBe("[]");
    expect(ledger.books.get("tokens", access_token)).toBeUndefined();
  });
});

test("scopes open what they are for, reading or writing", () => {
  expect(mayCall(["accounting.invoices.read"], "GET", "Invoices/x")).toBe(true);
  expect(mayCall(["accounting.invoices.read"], "PUT", "Invoices")).toBe(false);
  expect(mayCall(["accounting.transactions"], "PUT", "Payments")).toBe(true);
  expect(mayCall(["accounting.invoices"], "PUT", "Invoices/x/Attachments/a.txt")).toBe(false);
  expect(mayCall(["accounting.reports.read"], "GET", "Reports/TrialBalance")).toBe(true);
});
