import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { authorization, baseString, encode, queryText } from "./oauth.ts";

const get = (url: string) => ({ method: "get", url: new URL(url) });

describe("base string", () => {
  test("brackets are escaped twice: once as a name, once as a part of the base string", () => {
    const base = baseString(get("https://shop.example/rest/V1/orders"), [["searchCriteria[pageSize]", "5"]]);
    expect(base).toBe(
      "GET&https%3A%2F%2Fshop.example%2Frest%2FV1%2Forders&searchCriteria%255BpageSize%255D%3D5",
    );
  });

  test.each([
    ["HTTPS://Shop.Example:443/rest", "https://shop.example/rest"],
    ["http://shop.example:80/rest", "http://shop.example/rest"],
    ["http://127.0.0.1:8080/rest", "http://127.0.0.1:8080/rest"],
    ["https://shop.example:8443/rest", "https://shop.example:8443/rest"],
  ])("%s is signed as %s", (url, signed) => {
    expect(baseString(get(url), [])).toBe(`GET&${encode(signed)}&`);
  });

  test("parameters are sorted by their escaped names, whatever the order they are sent in", () => {
    const url = get("https://shop.example/x");
    const one = [["b", "2"] as const, ["a", "1"] as const, ["oauth_token", "t"] as const];
    expect(baseString(url, one)).toBe(baseString(url, one.toReversed()));
    expect(baseString(url, one)).toContain(encode("a=1&b=2&oauth_token=t"));
  });

  test("an empty value is signed as an empty value", () => {
    expect(baseString(get("https://shop.example/x"), [["searchCriteria", ""]])).toMatch(/searchCriteria%3D$/);
  });
});

describe("header", () => {
  const credentials = {
    consumerKey: "ck",
    consumerSecret: "c&s",
    accessToken: "at",
    accessTokenSecret: "a=t",
  };

  test("the signature is HMAC-SHA256 under both escaped secrets, in base64", () => {
    const request = {
      ...get("http://127.0.0.1:4311/rest/V1/orders"),
      query: [["searchCriteria[pageSize]", "1"] as const],
      nonce: "n1",
      timestampSeconds: 1_790_000_000,
    };
    const base =
      "GET&http%3A%2F%2F127.0.0.1%3A4311%2Frest%2FV1%2Forders&" +
      "oauth_consumer_key%3Dck%26oauth_nonce%3Dn1%26oauth_signature_method%3DHMAC-SHA256%26" +
      "oauth_timestamp%3D1790000000%26oauth_token%3Dat%26oauth_version%3D1.0%26searchCriteria%255BpageSize%255D%3D1";
    const signature = createHmac("sha256", "c%26s&a%3Dt").update(base).digest("base64");
    expect(authorization(credentials, request)).toBe(
      'OAuth oauth_consumer_key="ck", oauth_nonce="n1", oauth_signature_method="HMAC-SHA256", ' +
        `oauth_timestamp="1790000000", oauth_token="at", oauth_version="1.0", oauth_signature="${encode(signature)}"`,
    );
  });

  test("what is sent is escaped as it is signed: no plus for a space", () => {
    expect(queryText([["searchCriteria[value]", "2026-01-01 00:00:00"]])).toBe(
      "searchCriteria%5Bvalue%5D=2026-01-01%2000%3A00%3A00",
    );
  });

  test("characters that encodeURIComponent leaves alone are escaped too", () => {
    expect(encode("!'()*~-._")).toBe("%21%27%28%29%2A~-._");
  });
});
