import { createHmac, timingSafeEqual } from "node:crypto";

/** Magento_JwtUserToken, jwtauth/admin_expiration (magento.md 1). */
const LIFETIME_SECONDS = 60 * 60;

/** The administrator of every demo store. */
const ADMIN = { username: "admin", password: "admin123" } as const;

export const isAdmin = (username: unknown, password: unknown): boolean =>
  username === ADMIN.username && password === ADMIN.password;

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");

const signatureOf = (text: string, key: string): string =>
  createHmac("sha256", key).update(text).digest("base64url");

/** A JWT of three parts, as 2.4.4 and later answer for an administrator. */
export function issueAdminToken(key: string, nowSeconds: number): string {
  const payload = { uid: 1, utypid: 2, iat: nowSeconds, exp: nowSeconds + LIFETIME_SECONDS };
  const text = `${encode({ kid: "1", alg: "HS256" })}.${encode(payload)}`;
  return `${text}.${signatureOf(text, key)}`;
}

/** Whether this store issued the token and it has not run out. */
export function isAdminToken(token: string, key: string, nowSeconds: number): boolean {
  const [header, payload, signature, ...more] = token.split(".");
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0)
    return false;
  const expected = Buffer.from(signatureOf(`${header}.${payload}`, key));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return false;
  const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { exp: number };
  return nowSeconds < exp;
}
