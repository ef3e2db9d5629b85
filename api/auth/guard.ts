/** The middlewares in front of every route: who calls, from where, and whether they may. */
import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import type { Clock } from "../../engine/ports.ts";
import type { AuthStore } from "../ports.ts";
import { sendProblem } from "../problem.ts";
import type { ApiEnv } from "./context.ts";
import { type Permission, refusalOf } from "./roles.ts";
import { hashOf } from "./secrets.ts";

const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];
/** Probes come by address and learn nothing. */
const OPEN_TO_ANY_HOST: readonly string[] = ["/healthz", "/readyz"];
const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** `host` is the Host header's text, with its port. Cookies ignore ports, so the port is part of the name. */
export const cookieName = (host: string): string => `counterfoil_${/:(\d+)$/.exec(host)?.[1] ?? "session"}`;

export const hostOf = (request: { header(name: string): string | undefined; url: string }): string =>
  request.header("host") ?? new URL(request.url).host;

/** Against DNS rebinding: a page of another site that resolves to this machine still sends its own name. */
export const knownHost = (publicUrl: string | null) => {
  const names = publicUrl === null ? LOOPBACK : [...LOOPBACK, new URL(publicUrl).hostname];
  return createMiddleware<ApiEnv>(async (c, next) => {
    const name = hostOf(c.req).replace(/:\d+$/, "").toLowerCase();
    if (names.includes(name) || OPEN_TO_ANY_HOST.includes(c.req.path)) return next();
    return sendProblem(c, {
      kind: "unknownHost",
      status: 403,
      detail: "This address is not one that the server was told to answer on.",
      next: `Use http://localhost, or set the public address when you start it.`,
    });
  });
};

/** Finds the actor by bearer token, else by session cookie. A wrong token is refused, never passed on to the cookie. */
export const identify = (store: AuthStore, clock: Clock) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const authorization = c.req.header("authorization");
    const token = /^Bearer +([^\s]+)$/i.exec(authorization ?? "")?.[1];
    const cookie = getCookie(c, cookieName(hostOf(c.req)));
    c.set("actor", null);
    c.set("cameBy", null);
    if (authorization !== undefined) {
      const actor = token === undefined ? null : await store.tokenActor(hashOf(token), clock.now());
      if (actor === null) return sendProblem(c, UNKNOWN_TOKEN);
      c.set("actor", actor);
      c.set("cameBy", "token");
    } else if (cookie !== undefined) {
      const actor = await store.sessionActor(hashOf(cookie), clock.now());
      c.set("actor", actor);
      c.set("cameBy", actor === null ? null : "session");
    }
    return next();
  });

const UNKNOWN_TOKEN = {
  kind: "unauthenticated",
  status: 401,
  detail: "The token is unknown, expired, or not sent as `Authorization: Bearer <token>`.",
  next: "Use the token in run.json of the data folder, or ask an admin for one.",
} as const;

/** A browser sends the cookie whoever made the page ask, so a change by cookie must come from our own page. */
export const sameOrigin = (publicUrl: string | null) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (SAFE_METHODS.includes(c.req.method) || c.get("cameBy") !== "session") return next();
    const origin = c.req.header("origin");
    const fromOurPage =
      origin === undefined
        ? c.req.header("sec-fetch-site") === "same-origin"
        : isOurs(origin, hostOf(c.req), publicUrl);
    if (fromOurPage) return next();
    return sendProblem(c, {
      kind: "crossOrigin",
      status: 403,
      detail: "A change with a session cookie must come from Counterfoil's own page.",
      next: "Programs use a bearer token instead of the cookie.",
    });
  });

function isOurs(origin: string, host: string, publicUrl: string | null): boolean {
  if (publicUrl !== null && origin === new URL(publicUrl).origin) return true;
  return origin === `http://${host}` || origin === `https://${host}`;
}

/** The role check of a route; the engine checks decisions once more. */
export const requires = (permission: Permission) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const actor = c.get("actor");
    if (actor === null) {
      return sendProblem(c, {
        kind: "unauthenticated",
        status: 401,
        detail: "Nobody is signed in.",
        next: "Open the one-time link that `npm start` printed, or send a bearer token.",
      });
    }
    const refusal = refusalOf(permission, actor);
    return refusal === undefined ? next() : sendProblem(c, { kind: "forbidden", status: 403, ...refusal });
  });
