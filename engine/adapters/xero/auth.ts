/**
 * Access tokens (facts/xero.md section 1). Our own calls: xero-node's have fixed hosts and send scopes under a wrong name.
 * A token lives for 30 minutes and is shared by everything in the process; one refresh runs at a time.
 */
import axios, { type AxiosInstance, type AxiosResponse, isAxiosError } from "axios";
import { z } from "zod";
import { err, ok, type Result } from "../../core/result.ts";
import type { Clock, Unreachable } from "../../ports.ts";

export type TokenSource = {
  /** A token that is valid for a while yet. */
  token(): Promise<Result<string, Unreachable>>;
  /** Forgets a token that the ledger has refused, so that the next call asks for another. */
  forget(token: string): void;
};

export type TokenConfig = {
  /** Scheme and host, e.g. https://identity.xero.com. */
  readonly identityUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly grant: Grant;
  readonly clock: Clock;
  readonly timeoutMs?: number;
  readonly http?: AxiosInstance;
};

/**
 * A custom connection (and the demo) mints tokens by its own credentials. A web app trades its refresh token, which is
 * replaced at every use: `save` must have kept the new one before the access token is used. An answer that was lost does no
 * harm, since Xero takes the previous refresh token for another 30 minutes.
 */
export type Grant =
  | { readonly kind: "clientCredentials"; readonly scopes?: readonly string[] }
  | {
      readonly kind: "refreshToken";
      readonly load: () => Promise<string>;
      readonly save: (refreshToken: string) => Promise<void>;
    };

const TIMEOUT_MS = 20_000;
/** A token is renewed this long before it ends, so that it outlives the call it is used for. */
const MARGIN_MS = 90_000;

const Token = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).optional(),
});
type Token = z.infer<typeof Token>;

export function createTokenSource(config: TokenConfig): TokenSource {
  let current: { readonly token: string; readonly renewAtMs: number } | undefined;
  let underWay: Promise<Result<string, Unreachable>> | undefined;
  const renew = async (): Promise<Result<string, Unreachable>> => {
    const granted = await requestToken(config);
    if (!granted.ok) return granted;
    const { access_token: token, expires_in: seconds } = granted.value;
    current = { token, renewAtMs: config.clock.now().getTime() + seconds * 1_000 - MARGIN_MS };
    return ok(token);
  };
  return {
    token: async () => {
      if (current !== undefined && config.clock.now().getTime() < current.renewAtMs) return ok(current.token);
      // A refresh token may be used once: whoever comes while it is being used waits for the same answer.
      underWay ??= renew().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    forget: (token) => {
      if (current?.token === token) current = undefined;
    },
  };
}

async function requestToken(config: TokenConfig): Promise<Result<Token, Unreachable>> {
  const { grant, clientId, clientSecret } = config;
  const form = new URLSearchParams();
  if (grant.kind === "clientCredentials") {
    form.set("grant_type", "client_credentials");
    if (grant.scopes !== undefined) form.set("scope", grant.scopes.join(" "));
  } else {
    form.set("grant_type", "refresh_token");
    form.set("refresh_token", await grant.load());
  }
  const answer = await identityCall(config, {
    method: "POST",
    url: `${config.identityUrl.replace(/\/+$/, "")}/connect/token`,
    data: form.toString(),
    headers: {
      Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      "Content-Type": "application/x-www-form-urlencoded",
    },
  });
  if (!answer.ok) return answer;
  const token = Token.safeParse(answer.value.data);
  if (answer.value.status !== 200 || !token.success) return err(refusalOf(answer.value));
  if (grant.kind === "refreshToken" && token.data.refresh_token !== undefined) {
    await grant.save(token.data.refresh_token);
  }
  return ok(token.data);
}

export type Tenant = { readonly id: string; readonly name: string };

const Connections = z.array(
  z.object({ tenantId: z.string().min(1), tenantType: z.string(), tenantName: z.string().nullish() }),
);

/** The organisations that a token covers: GET /connections of the API's host. */
export async function fetchTenants(
  config: Pick<TokenConfig, "timeoutMs" | "http"> & { readonly apiUrl: string; readonly accessToken: string },
): Promise<Result<readonly Tenant[], Unreachable>> {
  const answer = await identityCall(config, {
    method: "GET",
    url: `${config.apiUrl.replace(/\/+$/, "")}/connections`,
    headers: { Authorization: `Bearer ${config.accessToken}` },
  });
  if (!answer.ok) return answer;
  const connections = Connections.safeParse(answer.value.data);
  if (answer.value.status !== 200 || !connections.success) return err(refusalOf(answer.value));
  return ok(
    connections.data
      .filter(({ tenantType }) => tenantType === "ORGANISATION")
      .map(({ tenantId, tenantName }) => ({ id: tenantId, name: tenantName ?? "" })),
  );
}

type IdentityRequest = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly data?: string;
  readonly headers: Readonly<Record<string, string>>;
};

async function identityCall(
  { http = axios.create(), timeoutMs = TIMEOUT_MS }: Pick<TokenConfig, "timeoutMs" | "http">,
  request: IdentityRequest,
): Promise<Result<AxiosResponse<unknown>, Unreachable>> {
  const { hostname } = new URL(request.url);
  const isLocal = hostname === "localhost" || hostname.startsWith("127.");
  try {
    const response = await http.request<unknown>({
      ...request,
      headers: { ...request.headers, Accept: "application/json", "User-Agent": "counterfoil" },
      validateStatus: () => true,
      maxRedirects: 0,
      signal: AbortSignal.timeout(timeoutMs),
      ...(isLocal && { proxy: false }),
    });
    return ok(response);
  } catch (error) {
    if (!isAxiosError(error) && !axios.isCancel(error)) throw error;
    const cause = isAxiosError(error) ? (error.code ?? "no cause given") : "timeout";
    return err({ kind: "unavailable", detail: `The ledger's login could not be reached (${cause}).` });
  }
}

/** Codes of RFC 6749 and nothing else of the answer: it may echo what was sent. */
const KnownError = z.object({
  error: z.enum([
    "invalid_grant",
    "invalid_client",
    "invalid_scope",
    "unauthorized_client",
    "invalid_request",
    "unsupported_grant_type",
  ]),
});

function refusalOf({ status, data, headers }: AxiosResponse<unknown>): Unreachable {
  if (status === 429) {
    const seconds = Number(headers["retry-after"]);
    return { kind: "rateLimited", retryAfterSeconds: seconds > 0 ? seconds : 60, problem: "login" };
  }
  const code = KnownError.safeParse(data).data?.error;
  if (code === "invalid_grant") {
    const detail =
      "The ledger's consent has ended or was withdrawn (invalid_grant): connect the organisation again.";
    return { kind: "unauthorised", detail };
  }
  if (code !== undefined || status === 401 || status === 403) {
    return {
      kind: "unauthorised",
      detail: `The ledger's login refused the app (${code ?? `HTTP ${status}`}).`,
    };
  }
  return { kind: "unavailable", detail: `The ledger's login answered HTTP ${status}.` };
}
