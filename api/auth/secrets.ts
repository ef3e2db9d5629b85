/** Secrets are 256 random bits; only their SHA-256 is kept, so a stolen database opens no door. */
import { createHash, randomBytes } from "node:crypto";
import type { Actor } from "../../engine/api.ts";
import type { Clock } from "../../engine/ports.ts";
import type { AuthStore } from "../ports.ts";

const SECRET_BYTES = 32;
export const LINK_MINUTES = 15;
export const SESSION_HOURS = 12;

export const newSecret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

/** A slow hash is for passwords that people choose; 256 random bits cannot be guessed from a fast one. */
export const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

export const later = (now: Date, hours: number): string =>
  new Date(now.getTime() + hours * 3_600_000).toISOString();

/** A new API token for somebody; the text is told once and never again. */
export async function issueToken(store: AuthStore, actor: Actor, expiresAt: string | null): Promise<string> {
  const token = newSecret();
  await store.addToken({ hash: hashOf(token), actor, expiresAt });
  return token;
}

export type Link = { readonly url: string; readonly expiresAt: string };

/** A link that signs `actor` in once. `baseUrl` is the page's own address, such as http://localhost:4310. */
export async function issueLink(
  store: AuthStore,
  actor: Actor,
  baseUrl: string,
  clock: Clock,
): Promise<Link> {
  const secret = newSecret();
  const expiresAt = later(clock.now(), LINK_MINUTES / 60);
  await store.addLink({ hash: hashOf(secret), actor, expiresAt });
  return { url: new URL(`/?once=${secret}`, baseUrl).href, expiresAt };
}
