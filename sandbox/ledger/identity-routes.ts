import { bearerOf, deleteConnection, listConnections } from "./gate/access.ts";
import { authorize, issueToken, revoke } from "./gate/identity.ts";
import type { Ledger } from "./ledger.ts";
import { notFound, type Reply } from "./wire/envelope.ts";

const PATHS = /^\/(connect\/(token|revocation)|identity\/connect\/authorize|connections(\/[^/]+)?)$/;
export const isIdentityPath = (path: string): boolean => PATHS.test(path);

export type IdentityRequest = { method: string; url: URL; authorization: string | undefined; body: Buffer };

/** What Xero serves from its identity hosts and from /connections. */
export function answerIdentity(ledger: Ledger, { method, url, authorization, body }: IdentityRequest): Reply {
  const nowMs = ledger.clock.now().getTime();
  const context = { books: ledger.books, org: ledger.org, nowMs };
  const form = new URLSearchParams(body.toString("utf8"));
  const { pathname } = url;
  if (pathname === "/connect/token" && method === "POST") return issueToken(context, form, authorization);
  if (pathname === "/connect/revocation" && method === "POST") return revoke(context, form);
  if (pathname === "/identity/connect/authorize" && method === "GET")
    return authorize(context, url.searchParams);
  if (!pathname.startsWith("/connections")) return notFound();
  const bearer = bearerOf(ledger.books, nowMs, authorization);
  if ("refusal" in bearer) return bearer.refusal;
  const id = pathname.split("/")[2];
  if (method === "GET" && id === undefined) {
    return listConnections(ledger.books, bearer.token, url.searchParams.get("authEventId") ?? undefined);
  }
  return method === "DELETE" && id !== undefined
    ? deleteConnection(ledger.books, bearer.token, id)
    : notFound();
}
