import { describe, expect, test } from "vitest";
import type { EngineError } from "../engine/api.ts";
import { openBench, openShop } from "./testing.ts";

type OpenApi = {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, unknown> };
};

const ERRORS: readonly (readonly [EngineError, status: number, kind: string])[] = [
  [{ kind: "unknownConnection", message: "m" }, 404, "unknownConnection"],
  [{ kind: "notFound", message: "m" }, 404, "notFound"],
  [{ kind: "noMapping", message: "m" }, 409, "noMapping"],
  [{ kind: "stale", message: "m" }, 409, "stale"],
  [{ kind: "forbidden", message: "m" }, 403, "forbidden"],
  [{ kind: "upstream", message: "m", cause: { kind: "unauthorised", detail: "d" } }, 502, "unauthorised"],
  [{ kind: "upstream", message: "m", cause: { kind: "unavailable", detail: "d" } }, 502, "unavailable"],
  [{ kind: "upstream", message: "m", cause: { kind: "notFound", detail: "d" } }, 404, "notFound"],
];

describe("an engine error becomes a problem", () => {
  test.each(ERRORS)("%j", async (failing, status, kind) => {
    const shop = openShop();
    shop.failing = failing;
    const { ask } = await openBench({ shop });
    const response = await ask("viewer", "/api/status");
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(await response.json()).toEqual({
      type: `urn:counterfoil:problem:${kind}`,
      title: expect.any(String),
      status,
      detail: "m",
      kind,
      next: expect.stringMatching(/\w/),
    });
  });

  test("that names the nearest values", async () => {
    const shop = openShop();
    const problem = { path: "/edits/0", message: "no account 999", nearest: ["200"] };
    shop.failing = { kind: "invalid", message: "m", problems: [problem] };
    const { ask } = await openBench({ shop });
    const response = await ask("viewer", "/api/status");
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [problem] });
  });

  test("that says how long to wait", async () => {
    const shop = openShop();
    const cause = { kind: "rateLimited", retryAfterSeconds: 12.2, problem: "minute" } as const;
    shop.failing = { kind: "upstream", message: "m", cause };
    const { ask } = await openBench({ shop });
    const response = await ask("viewer", "/api/status");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "13"]);
  });

  test("that names why a record is held", async () => {
    const shop = openShop();
    const held = { hold: "noRule", field: "/x", detail: "d", action: "Add a rule." } as const;
    shop.failing = { kind: "held", message: "m", held };
    const { ask } = await openBench({ shop });
    expect(await (await ask("viewer", "/api/status")).json()).toMatchObject({ held, next: "Add a rule." });
  });
});

describe("a bad request", () => {
  test.each([
    ["/api/chat", {}, "/text"],
    ["/api/chat", { text: "  " }, "/text"],
    ["/api/chat", { text: "x", session: "a b" }, "/session"],
    ["/api/proposals/p1/approve", { note: "no digest" }, "/digest"],
    ["/api/proposals/p1/approve", { digest: "d", confirmOrders: 1.5 }, "/confirmOrders"],
    ["/api/setup", { answers: { bank: 90 } }, "/answers/bank"],
  ])("to %s names the field", async (path, body, field) => {
    const { ask } = await openBench();
    const response = await ask("admin", path, body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ kind: "invalid", errors: [{ path: field }] });
  });

  test.each([
    ["/api/orders?limit=0", "limit"],
    ["/api/orders?state=lost", "state"],
    ["/api/specs/first", "version"],
  ])("GET %s names the parameter", async (path, field) => {
    const { ask } = await openBench();
    const response = await ask("admin", path);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ path: field }] });
  });

  test("that is not JSON is refused as such", async () => {
    const { app, tokens } = await openBench();
    const headers = { authorization: `Bearer ${tokens.admin}`, "content-type": "application/json" };
    const response = await app.request("/api/import", { method: "POST", headers, body: "{" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ kind: "unreadable" });
  });

  test("that is too large is refused before it is read", async () => {
    const { ask } = await openBench();
    const response = await ask("admin", "/api/import", [{ x: "y".repeat(4 * 1024 * 1024) }]);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ kind: "tooLarge" });
  });

  test("to nowhere answers with a problem", async () => {
    const { ask } = await openBench();
    const response = await ask("admin", "/api/nowhere");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ kind: "notFound", next: expect.stringContaining("/docs") });
  });
});

describe("the connection", () => {
  test("may be left out while there is one, and is asked for when there are two", async () => {
    const shop = openShop();
    const { ask } = await openBench({ shop });
    expect((await ask("viewer", "/api/status")).status).toBe(200);
    const [demo] = shop.connections;
    shop.connections = demo === undefined ? [] : [demo, { ...demo, id: "second" }];
    const response = await ask("viewer", "/api/status");
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ nearest: ["demo", "second"] }] });
    expect((await ask("viewer", "/api/status?connection=second")).status).toBe(200);
    expect((await ask("viewer", "/api/status?connection=third")).status).toBe(404);
  });

  test("is missing before the first one was made", async () => {
    const shop = openShop();
    shop.connections = [];
    const { ask } = await openBench({ shop });
    expect((await ask("viewer", "/api/status")).status).toBe(404);
  });
});

test("a bug answers 500 without its text and leaves an event in the log", async () => {
  const shop = openShop();
  const bench = await openBench({ shop });
  Object.defineProperty(shop, "connections", {
    get: () => {
      throw new TypeError("secret inside");
    },
  });
  const response = await bench.ask("viewer", "/api/status");
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("secret");
  expect(bench.logged).toContain("api.failed");
  expect((await bench.app.request("/readyz")).status).toBe(503);
});

test("orders are imported one, many, or as Magento's page", async () => {
  const { ask, shop } = await openBench();
  const order = { increment_id: "1", items: [{ sku: "a" }] };
  await ask("operator", "/api/import", order);
  await ask("operator", "/api/import", [order, order]);
  await ask("operator", "/api/import", { items: [order], total_count: 1 });
  expect(shop.imported).toEqual([order, order, order, order]);
});

test("the OpenAPI document is 3.1, describes every route and names its roles", async () => {
  const { app } = await openBench();
  const document = (await (await app.request("/openapi.json")).json()) as OpenApi;
  expect(document.openapi).toBe("3.1.0");
  const routes = app.routes
    .filter(({ path, method }) => path.startsWith("/api/") && method !== "ALL")
    .map(({ path, method }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(new Set(described)).toEqual(new Set(routes));
  expect(document.paths["/api/proposals/{id}/approve"]?.post).toMatchObject({
    security: [{ bearer: [] }, { session: [] }],
    "x-roles": ["approver", "admin"],
  });
  expect(Object.keys(document.components.schemas)).toContain("MappingSpec");
});

test("the page is served with a policy that lets no foreign script and no markup from text in", async () => {
  const { app, tokens } = await openBench();
  const response = await app.request("/", { headers: { authorization: `Bearer ${tokens.viewer}` } });
  expect(response.status).toBe(200);
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(response.headers.get("x-frame-options")).toBe("DENY");
  for (const file of ["/app.js", "/style.css", "/icon.svg", "/docs"]) {
    expect((await app.request(file)).status, file).toBe(200);
  }
});

test.each(["/page.e2e.test.ts", "/../package.json", "/..%2fpackage.json", "/index.html"])(
  "%s is not served",
  async (path) => {
    const { app } = await openBench();
    expect((await app.request(path)).status).toBe(404);
  },
);

test("metrics count records, queue and budget", async () => {
  const { ask } = await openBench();
  const text = await (await ask("viewer", "/metrics")).text();
  expect(text).toContain('counterfoil_records{connection="demo",state="held"} 1\n');
  expect(text).toContain('counterfoil_budget_left{connection="demo",window="day"} 4812\n');
});
