import { randomBytes } from "node:crypto";
import { MagentoError } from "./errors.ts";
import { numberAt, textAt } from "./json.ts";
import type { IntegrationKeys, OauthVerifier, SignedRequest } from "./oauth.ts";
import type { State } from "./state.ts";

/**
 * The token exchange of an integration that is activated from outside (magento.md 1, handshake): Magento posts the
 * consumer's keys and a verifier to the callback, the other side asks for a request token and then for the access token.
 */

/** oauth/consumer/expiration_period: the consumer's keys are good for a handshake this long. */
const EXPIRATION_SECONDS = 300;

const ROW = "handshake";
const randomKey = (): string => randomBytes(16).toString("hex");

/** What Magento posts to the callback URL; a new activation ends the one before it. */
export function beginHandshake(
  state: State,
  input: { integration: IntegrationKeys; storeUrl: string; nowSeconds: number },
) {
  const verifier = randomKey();
  state.transact((transaction) =>
    transaction.put("settings", { name: ROW, verifier, startedAtSeconds: input.nowSeconds }),
  );
  return {
    oauth_consumer_key: input.integration.consumerKey,
    oauth_consumer_secret: input.integration.consumerSecret,
    store_base_url: `${input.storeUrl}/`,
    oauth_verifier: verifier,
  };
}

export type HandshakeStep = {
  state: State;
  verifier: OauthVerifier;
  integration: IntegrationKeys;
  request: SignedRequest;
  nowSeconds: number;
};

/** The form-encoded answer of POST /oauth/token/request and /oauth/token/access. Throws MagentoError. */
export function answerHandshake(step: "request" | "access", input: HandshakeStep): string {
  const row = input.state.read.get("settings", ROW) ?? {};
  if (textAt(row, "verifier") === "") {
    throw new MagentoError(401, "Cannot create request token because consumer token is not a verifier token");
  }
  if (input.nowSeconds - numberAt(row, "startedAtSeconds") > EXPIRATION_SECONDS) {
    throw new MagentoError(401, "Consumer key has expired");
  }
  return step === "request" ? requestToken(input) : accessToken(input, row);
}

function requestToken({ state, verifier, request, nowSeconds }: HandshakeStep): string {
  verifier.verifyStep(request, nowSeconds);
  const pair = { requestToken: randomKey(), requestTokenSecret: randomKey() };
  state.transact((transaction) =>
    transaction.put("settings", { ...transaction.get("settings", ROW), ...pair }),
  );
  return form({ oauth_token: pair.requestToken, oauth_token_secret: pair.requestTokenSecret });
}

function accessToken(
  { state, verifier, integration, request, nowSeconds }: HandshakeStep,
  row: Parameters<typeof textAt>[0],
): string {
  const token = { token: textAt(row, "requestToken"), secret: textAt(row, "requestTokenSecret") };
  const params = verifier.verifyStep(request, nowSeconds, token);
  if (params.get("oauth_verifier") !== row.verifier) {
    throw new MagentoError(401, "Verifier is invalid");
  }
  // A verifier and its request token are used up by the exchange.
  state.transact((transaction) => transaction.remove("settings", ROW));
  return form({ oauth_token: integration.accessToken, oauth_token_secret: integration.accessTokenSecret });
}

const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
