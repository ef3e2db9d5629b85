import { describe, expect, test } from "vitest";
import { openBench, PEOPLE } from "../testing.ts";
import { hashOf, issueLink, SESSION_HOURS } from "./secrets.ts";
import { AuthState, createAuthStore, noCredentials } from "./store.ts";

const HOST = "localhost:4310";
const pathOf = (url: string): string => url.slice(url.indexOf("/?once"));
const cookieOf = (response: Response): string => response.headers.get("set-cookie")?.split(";")[0] ?? "";

async function signedIn(who: keyof typeof PEOPLE = "approver") {
  const bench = await openBench();
  const { url } = await bench.link(PEOPLE[who]);
  const response = await bench.app.request(pathOf(url), { headers: { host: HOST } });
  return { ...bench, url, response, cookie: cookieOf(response) };
}

describe("a one-time link", () => {
  test("signs in once, with a cookie that scripts cannot read", async () => {
    const { app, response, cookie } = await signedIn();
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/");
    expect(response.headers.get("set-cookie")).toMatch(/HttpOnly; SameSite=Lax$/);
    expect(cookie).toMatch(/^counterfoil_4310=[\w-]{43}$/);
    const me = await app.request("/api/me", { headers: { host: HOST, cookie } });
    expect(await me.json()).toMatchObject({ actor: { name: "Dana", role: "approver" } });
  });

  test("cannot be used again, and the page says so", async () => {
    const { app, url } = await signedIn();
    const again = await app.request(pathOf(url), { headers: { host: HOST } });
    expect(again.status).toBe(410);
    expect(again.headers.get("set-cookie")).toBeNull();
    expect(await again.text()).toContain("This link has been used");
  });

  test("expires after fifteen minutes, and the page says so", async () => {
    const bench = await openBench();
    const { url } = await bench.link();
    bench.time.now = new Date(bench.time.now.getTime() + 15 * 60_000);
    const response = await bench.app.request(pathOf(url));
    expect(response.status).toBe(410);
    expect(await response.text()).toContain("This link has expired");
  });

  test("that nobody issued signs nobody in", async () => {
    const { app } = await openBench();
    const response = await app.request("/?once=guess");
    expect(response.status).toBe(410);
    expect(await response.text()).toContain("not known here");
  });

  test("is not used up by a HEAD request", async () => {
    const { app, link } = await openBench();
    const { url } = await link();
    await app.request(pathOf(url), { method: "HEAD" });
    expect((await app.request(pathOf(url))).status).toBe(303);
  });

  test("is taken by one of two that come at the same time", async () => {
    const { app, link } = await openBench();
    const { url } = await link();
    const both = await Promise.all([app.request(pathOf(url)), app.request(pathOf(url))]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 410]);
  });

  test("is made for an admin only", async () => {
    const { ask } = await openBench();
    expect((await ask("approver", "/api/links", {})).status).toBe(403);
    expect((await ask("model", "/api/links", {})).status).toBe(403);
    expect(await (await ask("admin", "/api/links", {})).json()).toMatchObject({
      url: expect.stringMatching(/^http:\/\/localhost\/\?once=[\w-]{43}$/),
    });
  });
});

describe("a session", () => {
  test("ends at its time and by signing out", async () => {
    const { app, cookie, time } = await signedIn();
    const headers = { host: HOST, cookie, origin: `http://${HOST}` };
    time.now = new Date(time.now.getTime() + SESSION_HOURS * 3_600_000);
    expect((await app.request("/api/status", { headers })).status).toBe(401);

    const other = await signedIn();
    const with2 = { ...headers, cookie: other.cookie };
    expect((await other.app.request("/api/sign-out", { method: "POST", headers: with2 })).status).toBe(204);
    expect((await other.app.request("/api/status", { headers: with2 })).status).toBe(401);
  });

  test.each([
    ["another site", { origin: "https://evil.example" }],
    ["another port of this machine", { origin: "http://localhost:4311" }],
    ["an opaque origin", { origin: "null" }],
    ["a page that does not say where it is", {}],
    ["a sibling site", { "sec-fetch-site": "same-site" }],
  ])("cannot be used for a change by %s", async (_, from) => {
    const { app, cookie, shop } = await signedIn();
    const response = await app.request("/api/proposals/p1/approve", {
      method: "POST",
      headers: { host: HOST, cookie, "content-type": "application/json", ...from },
      body: JSON.stringify({ digest: "digest-of-p1" }),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ kind: "crossOrigin" });
    expect(shop.decidedBy).toEqual([]);
  });

  test("decides with the person's own name when our own page asks", async () => {
    const { app, cookie, shop } = await signedIn();
    const response = await app.request("/api/proposals/p1/approve", {
      method: "POST",
      headers: { host: HOST, cookie, "content-type": "application/json", origin: `http://${HOST}` },
      body: JSON.stringify({ digest: "digest-of-p1" }),
    });
    expect(response.status).toBe(200);
    expect(shop.decidedBy).toEqual([PEOPLE.approver]);
  });
});

describe("who may come in", () => {
  test("nobody without a credential, and the page says how", async () => {
    const { app } = await openBench();
    const api = await app.request("/api/status");
    expect(api.status).toBe(401);
    expect(api.headers.get("www-authenticate")).toContain("Bearer");
    expect(await api.json()).toMatchObject({
      kind: "unauthenticated",
      next: expect.stringContaining("link"),
    });
    const page = await app.request("/");
    expect(page.status).toBe(401);
    expect(await page.text()).toContain("Run npm start again");
  });

  test("a wrong token is refused even beside a good cookie", async () => {
    const { app, cookie } = await signedIn();
    const headers = { host: HOST, cookie, authorization: "Bearer nonsense" };
    expect((await app.request("/api/status", { headers })).status).toBe(401);
  });

  test("another host's name is refused, except for probes", async () => {
    const { app, tokens } = await openBench();
    const headers = { host: "evil.example:4310", authorization: `Bearer ${tokens.admin}` };
    const response = await app.request("/api/status", { headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ kind: "unknownHost" });
    expect((await app.request("/healthz", { headers: { host: "10.0.0.7" } })).status).toBe(200);
  });

  test("the configured public host is accepted and its cookie is Secure", async () => {
    const links = { publicUrl: "https://books.example.com", newLink: "Ask.", proposal: (id: string) => id };
    const { app, link } = await openBench({ links });
    const { url } = await link(PEOPLE.viewer, links.publicUrl);
    const response = await app.request(pathOf(url), { headers: { host: "books.example.com" } });
    expect(response.headers.get("set-cookie")).toContain("Secure");
  });
});

describe("the credentials that are kept", () => {
  test("hold hashes only and read back as they were", async () => {
    let kept: AuthState = noCredentials();
    const store = createAuthStore(kept, async (state) => {
      kept = state;
    });
    const now = new Date("2026-11-23T10:00:00Z");
    const { url } = await issueLink(store, PEOPLE.admin, "http://localhost", { now: () => now });
    const secret = new URL(url).searchParams.get("once") ?? "";
    expect(JSON.stringify(kept)).not.toContain(secret);
    const again = createAuthStore(AuthState.parse(JSON.parse(JSON.stringify(kept))), async () => undefined);
    expect(await again.takeLink(hashOf(secret), now)).toEqual({ kind: "taken", actor: PEOPLE.admin });
    expect(await again.takeLink(hashOf(secret), now)).toEqual({ kind: "used" });
  });

  test("count the different people who may decide, never a model", async () => {
    const { auth, time } = await openBench();
    expect(await auth.deciders(time.now)).toBe(2);
  });
});
