/** The organisation's and the shop's real lists, from the mirror; what is old or missing is read again first. */
import type { Outcome } from "../api.ts";
import { type Context, connectionOf, upstreamError } from "../context.ts";
import type { Org, StoreProfile } from "../core/org.ts";
import { err, ok } from "../core/result.ts";

export type Profile = { readonly org: Org; readonly store: StoreProfile; readonly asOf: string };

export async function profile(
  context: Context,
  connection: string,
  options: { readonly refresh?: boolean } = {},
): Outcome<Profile> {
  const known = connectionOf(context, connection);
  if (!known.ok) return known;
  const { mirrors } = context.sync;
  const [org, store] = await Promise.all([
    mirrors.org(connection, options),
    mirrors.profile(connection, options),
  ]);
  if (!org.ok) return err(upstreamError(org.error, "The ledger's lists"));
  if (!store.ok) return err(upstreamError(store.error, "The store's lists"));
  // Both are as fresh as the older of the two.
  const asOf = new Date(Math.min(org.value.asOf.getTime(), store.value.asOf.getTime())).toISOString();
  return ok({ org: org.value.content, store: store.value.content, asOf });
}
