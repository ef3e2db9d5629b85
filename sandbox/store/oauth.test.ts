import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { MagentoError } from "./errors.ts";
import type { SignedRequest } from "./oauth.ts";
import { naturalCompare, oauthVerifier } from "./oauth.ts";

const keys = {
  consumerKey: "c".repeat(32),
  consumerSecret: "consumer&secret",
  accessToken: "t".repeat(32),
  accessTokenSecret: "token secret",
};
const nowSeconds = 1_790_000_000;

/** The base strings below are written out by hand from RFC 5849, not made by the code under test. */
function signed(input: {
  target: string;
  base: string;
  nonce?: string;
  extra?: Record<string, string>;
}): SignedRequest {
  const key = "consumer%26secret&token%20secret";
  const signature = createHmac("sha256", key).update(input.base).digest("base64");
  const params: Record<string, string> = {
    oauth_consumer_key: keys.consumerKey,
    oauth_nonce: input.nonce ?? "n1",
    oauth_signature: signature,
    oauth_signature_method: "HMAC-SHA256",
    oauth_timestamp: String(nowSeconds),
    oauth_token: keys.accessToken,
    oauth_version: "1.0",
    ...input.extra,
  };
  const header = Object.entries(params).map(([name, value]) => `${name}="${encodeURIComponent(value)}"`);
  return {
    method: "GET",
    origin: "http://127.0.0.1:8080",
    target: input.target,
    authorization: `OAuth ${header.join(", ")}`,
  };
}

const oauthPart = (nonce = "n1"): string =>
  `oauth_consumer_key%3D${keys.consumerKey}%26oauth_nonce%3D${nonce}%26oauth_signature_method%3DHMAC-SHA256` +
  `%26oauth_timestamp%3D${nowSeconds}%26oauth_token%3D${keys.accessToken}%26oauth_version%3D1.0`;

const ORDERS = "GET&http%3A%2F%2F127.0.0.1%3A8080%2Frest%2FV1%2Forders&";
const good = (): SignedRequest =>
  signed({
    target: "/rest/V1/orders?searchCriteria%5BpageSize%5D=2",
    base: `${ORDERS}${oauthPart()}%26searchCriteria%255BpageSize%255D%3D2`,
  });

const refusal = (request: SignedRequest, verifier = oauthVerifier(keys)): MagentoError => {
  try {
    verifier.verify(request, nowSeconds);
  } catch (error) {
    if (error instanceof MagentoError) return error;
    throw error;
  }
  throw new Error("The request was accepted.");
};

describe("a signature", () => {
  test("is accepted with encoded brackets and with the port in the base string", () => {
    expect(() => oauthVerifier(keys).verify(good(), nowSeconds)).not.toThrow();
  });

  test("is accepted when the brackets travel unencoded, because the base string has decoded and encoded them", () => {
    const request = { ...good(), target: "/rest/V1/orders?searchCriteria[pageSize]=2" };
    expect(() => oauthVerifier(keys).verify(request, nowSeconds)).not.toThrow();
  });

  test("is refused without the port, as Adobe's sample makes it", () => {
    const base = `${ORDERS.replace("%3A8080", "")}${oauthPart()}%26searchCriteria%255BpageSize%255D%3D2`;
    expect(refusal(signed({ target: good().target, base }))).toMatchObject({ status: 401 });
  });

  test("is refused when the query is not signed", () => {
    const request = signed({ target: good().target, base: `${ORDERS}${oauthPart()}` });
    expect(refusal(request).message).toBe("The signature is invalid. Verify and try again.");
  });

  test("leaves out a query name without an equals sign and covers one with an empty value", () => {
    const bare = signed({ target: "/rest/V1/orders?searchCriteria", base: `${ORDERS}${oauthPart()}` });
    expect(() => oauthVerifier(keys).verify(bare, nowSeconds)).not.toThrow();
    const base = `${ORDERS}${oauthPart()}%26searchCriteria%3D`;
    const empty = signed({ target: "/rest/V1/orders?searchCriteria=", base });
    expect(() => oauthVerifier(keys).verify(empty, nowSeconds)).not.toThrow();
  });

  test("drops a default port", () => {
    const base = `GET&http%3A%2F%2Fshop.example%2Frest%2FV1%2Forders&${oauthPart()}`;
    const request = { ...signed({ target: "/rest/V1/orders", base }), origin: "http://SHOP.example:80" };
    expect(() => oauthVerifier(keys).verify(request, nowSeconds)).not.toThrow();
  });
});

describe("a request", () => {
  test("with a used nonce is refused, also at another timestamp", () => {
    const verifier = oauthVerifier(keys);
    verifier.verify(good(), nowSeconds);
    expect(refusal(good(), verifier)).toMatchObject({ status: 401, parameters: [1] });
  });

  test("from more than ten minutes ahead is refused, an old one is not", () => {
    expect(() => oauthVerifier(keys).verify(good(), nowSeconds - 600)).not.toThrow();
    const verifier = oauthVerifier(keys);
    expect(() => verifier.verify(good(), nowSeconds - 601)).toThrow(/timestamp/);
    expect(() => oauthVerifier(keys).verify(good(), nowSeconds + 86_400)).not.toThrow();
  });

  test("signed with SHA1 is a 400 that names the method", () => {
    const request = signed({
      target: "/rest/V1/orders",
      base: "",
      extra: { oauth_signature_method: "HMAC-SHA1" },
    });
    expect(refusal(request)).toMatchObject({
      status: 400,
      message: "Signature method %1 is not supported",
      parameters: ["HMAC-SHA1"],
    });
  });

  test("without a parameter is a 400 that names it", () => {
    const request = signed({ target: "/rest/V1/orders", base: "" });
    const authorization = request.authorization.replace(/oauth_nonce="[^"]*", /, "");
    expect(refusal({ ...request, authorization })).toMatchObject({
      status: 400,
      parameters: { fieldName: "oauth_nonce" },
    });
  });
});

test("names sort as Zend sorts them: digits as numbers", () => {
  const names = ["f%5B10%5D", "f%5B2%5D", "f%5B02%5D", "a"];
  expect(names.sort(naturalCompare)).toEqual(["a", "f%5B02%5D", "f%5B2%5D", "f%5B10%5D"]);
});
