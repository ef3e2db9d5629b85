import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import type { Books } from "../books/books.ts";
import { guidFrom } from "../books/ids.ts";
import type { Token } from "../books/rows.ts";
import type { OrgSeed } from "../books/scenario.ts";
import { jsonReply, type Reply } from "../wire/envelope.ts";
import { ALL_SCOPES, isKnownScope } from "./scopes.ts";

/** The token endpoint (facts/xero.md section 1). Every function returns the reply; the caller commits. */

const ACCESS_SECONDS = 1_800;
const ID_TOKEN_SECONDS = 300;
const CODE_SECONDS = 300;
const REFRESH_DAYS = 60;
/** A used refresh token may be used again for half an hour, in case the answer was lost. */
const GRACE_MS = 30 * 60_000;

export type IdentityContext = { books: Books; org: OrgSeed; nowMs: number };
type Form = URLSearchParams;

const failure = (error: string): Reply => jsonReply(400, { error });

export function issueToken(context: IdentityContext, form: Form, authorization: string | undefined): Reply {
  const client = clientOf(form, authorization);
  if (client === undefined || !isAccepted(context.org, client)) return failure("invalid_client");
  switch (form.get("grant_type")) {
    case "client_credentials":
      return clientCredentials(context, client.id, form);
    case "refresh_token":
      return refresh(context, client.id, form);
    case "authorization_code":
      return exchangeCode(context, client.id, form);
    default:
      return failure("unsupported_grant_type");
  }
}

type Client = { id: string; secret: string };

/** HTTP Basic or form fields; an app of the PKCE type has no secret. */
function clientOf(form: Form, authorization: string | undefined): Client | undefined {
  const basic = /^Basic\s+(.+)$/i.exec(authorization ?? "");
  if (basic !== null) {
    const [id = "", ...secret] = Buffer.from(basic[1] ?? "", "base64")
      .toString("utf8")
      .split(":");
    return id === ""
      ? undefined
      : { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(":")) };
  }
  const id = form.get("client_id");
  return id ? { id, secret: form.get("client_secret") ?? "" } : undefined;
}

const isAccepted = (org: OrgSeed, client: Client): boolean =>
  org.clients === undefined ||
  org.clients.some(({ id, secret }) => id === client.id && secret === client.secret);

function clientCredentials(context: IdentityContext, clientId: string, form: Form): Reply {
  const scopes = requestedScopes(form);
  if (scopes === undefined) return failure("invalid_scope");
  const eventId = guidFrom("custom-connection", clientId);
  connect(context, eventId);
  const granted = scopes.filter((scope) => scope !== "offline_access" && scope !== "openid");
  // A custom connection has no refresh token: mint a new access token instead.
  return jsonReply(200, grant(context, { clientId, scopes: granted, eventId, isCustom: true }));
}

function requestedScopes(form: Form): readonly string[] | undefined {
  const scopes = (form.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  if (scopes.length === 0) return ALL_SCOPES;
  return scopes.every(isKnownScope) ? scopes : undefined;
}

function refresh(context: IdentityContext, clientId: string, form: Form): Reply {
  const { books, nowMs } = context;
  const token = books.get("tokens", form.get("refresh_token") ?? "");
  const isAlive =
    token?.kind === "refresh" &&
    token.clientId === clientId &&
    token.expiresMs > nowMs &&
    (token.usedMs === undefined || nowMs - token.usedMs <= GRACE_MS);
  if (!isAlive) return failure("invalid_grant");
  if (token.usedMs === undefined) books.put("tokens", { ...token, usedMs: nowMs });
  return jsonReply(
    200,
    grant(context, { clientId, scopes: token.scopes, eventId: token.eventId, isCustom: false }),
  );
}

function exchangeCode(context: IdentityContext, clientId: string, form: Form): Reply {
  const { books, nowMs } = context;
  const code = books.get("tokens", form.get("code") ?? "");
  if (code?.kind !== "code" || code.clientId !== clientId || code.expiresMs <= nowMs)
    return failure("invalid_grant");
  // A code is good for one use, also when the use fails.
  books.remove("tokens", code.id);
  if (code.redirectUri !== form.get("redirect_uri")) return failure("invalid_grant");
  if (code.challenge !== undefined && code.challenge !== challengeOf(form.get("code_verifier") ?? "")) {
    return failure("invalid_grant");
  }
  connect(context, code.eventId);
  return jsonReply(
    200,
    grant(context, { clientId, scopes: code.scopes, eventId: code.eventId, isCustom: false }),
  );
}

const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");

function connect({ books, nowMs }: IdentityContext, eventId: string): void {
  const [known] = books.find("connections", "event", eventId);
  if (known === undefined)
    books.put("connections", { id: randomUUID(), eventId, createdMs: nowMs, updatedMs: nowMs });
}

type Grant = { clientId: string; scopes: readonly string[]; eventId: string; isCustom: boolean };

function grant({ books, nowMs }: IdentityContext, { clientId, scopes, eventId, isCustom }: Grant) {
  const expiresMs = nowMs + ACCESS_SECONDS * 1000;
  const claims = { client_id: clientId, scope: scopes, authentication_event_id: eventId, jti: randomUUID() };
  const access = jwt({ ...claims, nbf: Math.floor(nowMs / 1000), exp: Math.floor(expiresMs / 1000) });
  const base = { clientId, scopes, eventId } satisfies Partial<Token>;
  books.put("tokens", { ...base, id: access, kind: "access", expiresMs });
  const body: Record<string, string | number> = {
    access_token: access,
    expires_in: ACCESS_SECONDS,
    token_type: "Bearer",
    scope: scopes.join(" "),
  };
  if (isCustom) return body;
  if (scopes.includes("openid"))
    body.id_token = jwt({ ...claims, exp: Math.floor(nowMs / 1000) + ID_TOKEN_SECONDS });
  if (scopes.includes("offline_access")) {
    const id = randomBytes(32).toString("base64url");
    books.put("tokens", { ...base, id, kind: "refresh", expiresMs: nowMs + REFRESH_DAYS * 86_400_000 });
    body.refresh_token = id;
  }
  return body;
}

/** Clients read `exp` and `client_id` out of the token; nobody here checks its signature. */
function jwt(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = `${part({ alg: "HS256", typ: "JWT" })}.${part({ iss: "https://identity.xero.com", ...claims })}`;
  return `${head}.${createHmac("sha256", "counterfoil-sandbox").update(head).digest("base64url")}`;
}

/**
 * Consent, given at once: the demo ledger has no login page. Redirects must be https, but for http://localhost; an
 * address of 127.0.0.1 is refused (facts/xero.md section 1).
 */
export function authorize({ books, nowMs }: IdentityContext, query: URLSearchParams): Reply {
  const redirectUri = query.get("redirect_uri") ?? "";
  const clientId = query.get("client_id") ?? "";
  const scopes = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  if (clientId === "" || query.get("response_type") !== "code") return failure("unauthorized_client");
  if (!/^(https:\/\/|http:\/\/localhost(:\d+)?(\/|$))/.test(redirectUri))
    return failure("invalid_redirect_uri");
  if (scopes.length === 0 || !scopes.every(isKnownScope)) return failure("invalid_scope");
  const challenge = query.get("code_challenge");
  const code: Token = {
    id: randomBytes(24).toString("base64url"),
    kind: "code",
    clientId,
    scopes,
    eventId: randomUUID(),
    expiresMs: nowMs + CODE_SECONDS * 1000,
    redirectUri,
    ...(challenge === null ? {} : { challenge }),
  };
  books.put("tokens", code);
  const target = new URL(redirectUri);
  target.searchParams.set("code", code.id);
  const state = query.get("state");
  if (state !== null) target.searchParams.set("state", state);
  return { status: 302, contentType: "text/plain", body: "", headers: { location: target.href } };
}

/** POST /connect/revocation with a refresh token ends every connection of its consent. */
export function revoke({ books }: IdentityContext, form: Form): Reply {
  const token = books.get("tokens", form.get("token") ?? "");
  if (token?.kind === "refresh") {
    for (const other of books.all("tokens"))
      if (other.eventId === token.eventId) books.remove("tokens", other.id);
    for (const connection of books.find("connections", "event", token.eventId)) {
      books.remove("connections", connection.id);
    }
  }
  return { status: 200, contentType: "text/plain", body: "" };
}
