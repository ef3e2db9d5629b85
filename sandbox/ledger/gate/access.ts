import { randomUUID } from "node:crypto";
import type { Books } from "../books/books.ts";
import type { Token } from "../books/rows.ts";
import { jsonReply, type Reply } from "../wire/envelope.ts";
import { mayCall } from "./scopes.ts";

/** The bearer check of every API call, and GET /connections (facts/xero.md section 1). */

export type AccessRequest = {
  books: Books;
  nowMs: number;
  authorization: string | undefined;
  tenantId: string | undefined;
  method: string;
  /** What follows /api.xro/2.0/. */
  resourcePath: string;
};

export function checkAccess(request: AccessRequest): { token: Token } | { refusal: Reply } {
  const { books, nowMs, authorization, tenantId, method, resourcePath } = request;
  const found = bearerOf(books, nowMs, authorization);
  if ("refusal" in found) return found;
  const { token } = found;
  const isConnected = books.find("connections", "event", token.eventId).length > 0;
  if (!isConnected || !coversTenant(books, token, tenantId)) return { refusal: forbidden() };
  return mayCall(token.scopes, method, resourcePath) ? { token } : { refusal: insufficientScope() };
}

/** A custom connection has one organisation, so it may leave the header out; others must name theirs. */
function coversTenant(books: Books, token: Token, tenantId: string | undefined): boolean {
  const [organisation] = books.all("organisation");
  if (tenantId === undefined || tenantId === "") return isCustomConnection(token);
  return tenantId.toLowerCase() === organisation?.id;
}

/** Only web apps ask for offline_access or openid; a custom connection is never granted them. */
const isCustomConnection = (token: Token): boolean =>
  !token.scopes.includes("offline_access") && !token.scopes.includes("openid");

export function bearerOf(
  books: Books,
  nowMs: number,
  authorization: string | undefined,
): { token: Token } | { refusal: Reply } {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  const token = books.get("tokens", bearer);
  if (token?.kind !== "access") return { refusal: unauthorized("AuthenticationUnsuccessful") };
  if (token.expiresMs <= nowMs) {
    return { refusal: unauthorized(`TokenExpired: token expired at ${usDate(token.expiresMs)}`) };
  }
  return { token };
}

/** "09/24/2021 08:23:47" (examples/errors/401_token_expired.json) */
function usDate(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

const unauthorized = (detail: string, headers?: Record<string, string>): Reply =>
  jsonReply(
    401,
    {
      Type: null,
      Title: "Unauthorized",
      Status: 401,
      Detail: detail,
      Instance: randomUUID(),
      Extensions: {},
    },
    headers,
  );

const insufficientScope = (): Reply =>
  unauthorized("AuthorizationUnsuccessful", { "WWW-Authenticate": 'Bearer error="insufficient_scope"' });

/** Lower-case keys here (examples/errors/403_wrong_tenant.json). */
const forbidden = (): Reply =>
  jsonReply(403, {
    title: "Forbidden",
    status: 403,
    detail: "AuthenticationUnsuccessful",
    instance: randomUUID(),
  });

/** GET /connections; the dates are ISO without Z and with seven decimals. */
export function listConnections(books: Books, token: Token, authEventId: string | undefined): Reply {
  const [organisation] = books.all("organisation");
  const connections = books
    .find("connections", "event", token.eventId)
    .filter((connection) => authEventId === undefined || connection.eventId === authEventId);
  const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}0000`;
  return jsonReply(
    200,
    connections.map((connection) => ({
      id: connection.id,
      authEventId: connection.eventId,
      tenantId: organisation?.id ?? "",
      tenantType: "ORGANISATION",
      tenantName: organisation?.name ?? "",
      createdDateUtc: stamp(connection.createdMs),
      updatedDateUtc: stamp(connection.updatedMs),
    })),
  );
}

/** DELETE /connections/{id}: the connection's id, not the tenant's. */
export function deleteConnection(books: Books, token: Token, id: string): Reply {
  const connection = books.get("connections", id);
  if (connection === undefined || connection.eventId !== token.eventId) {
    return { status: 404, contentType: "text/plain", body: "" };
  }
  books.remove("connections", id);
  return { status: 204, contentType: "text/plain", body: "" };
}
