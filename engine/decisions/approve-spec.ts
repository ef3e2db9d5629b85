/** An approved candidate becomes the next version: checked, replayed on what has come in since, and published once. */
import { specs } from "../adapters/postgres/schema.ts";
import type { Outcome, Proposal } from "../api.ts";
import { type Context, upstreamError } from "../context.ts";
import { assert } from "../core/assert.ts";
import { checkSpec } from "../core/check-spec.ts";
import type { MappingSpec } from "../core/mapping.ts";
import type { Org } from "../core/org.ts";
import { err } from "../core/result.ts";
import { closeProposal, type Deciding, decided, refuseAsStale } from "./closing.ts";
import { digestOf } from "./digest.ts";
import { newEffect } from "./new-effect.ts";
import type { ProposalRow } from "./proposals.ts";
import { replaySet } from "./replay-set.ts";

export async function approveSpec(context: Context, deciding: Deciding): Outcome<Proposal> {
  const { row } = deciding;
  const live = await context.records.spec(row.connectionId);
  if ((live?.version ?? 0) !== row.baseVersion)
    return refuseAsStale(context, deciding, baseMoved(row.baseVersion, live?.version ?? 0));
  // Accounts may have been archived since: the mirror is read again, since this is the last look before it is live.
  const org = await context.sync.mirrors.org(row.connectionId, { refresh: true });
  if (!org.ok) return err(upstreamError(org.error, "The ledger's lists"));
  const reason = await changedSince(context, deciding, { base: live?.spec ?? null, org: org.value.content });
  if (reason !== undefined) return refuseAsStale(context, deciding, reason);
  const published = await publish(context, deciding);
  if (published === "versionTaken")
    return refuseAsStale(context, deciding, baseMoved(row.baseVersion, row.baseVersion + 1));
  return decided(context, deciding, published);
}

/** What is different from what was shown, in words; undefined when it is all the same. */
async function changedSince(
  context: Context,
  { row, replaySet: frozen }: Deciding,
  { base, org }: { readonly base: MappingSpec | null; readonly org: Org },
): Promise<string | undefined> {
  const { candidate, replay } = row;
  assert(candidate !== null && replay !== null, "a mapping proposal has a candidate and its replay");
  if (digestOf({ ...row, connection: row.connectionId }, frozen, org) !== row.digest) {
    const [problem] = checkSpec(candidate, org);
    const what = problem === undefined ? "" : `: ${problem.message}`;
    return `What it names in the ledger has changed since it was proposed${what}.`;
  }
  const { sales } = await replaySet(context, row.connectionId);
  const effect = newEffect({ base, candidate, sales, org, shown: replay });
  return effect && `Orders that came in since show an effect that nobody has seen: ${effect}.`;
}

class VersionTaken extends Error {
  override readonly name = "VersionTaken";
}

/** One transaction: the proposal is closed and its candidate is the next version, or neither. */
async function publish(
  { db }: Context,
  deciding: Deciding,
): Promise<ProposalRow | undefined | "versionTaken"> {
  const { row, actor, at } = deciding;
  const version = row.baseVersion + 1;
  const { candidate } = row;
  assert(candidate !== null, "a mapping proposal has a candidate");
  try {
    return await db.transaction(async (tx) => {
      const closed = await closeProposal(tx, deciding, { state: "approved", publishedVersion: version });
      if (closed === undefined) return undefined;
      const inserted = await tx
        .insert(specs)
        .values({
          connectionId: row.connectionId,
          version,
          spec: candidate,
          publishedAt: at,
          publishedBy: actor.name,
          note: row.title,
          proposalId: row.id,
        })
        .onConflictDoNothing()
        .returning({ version: specs.version });
      // Another proposal on the same base was published first; throwing undoes the closing as well.
      if (inserted.length === 0) throw new VersionTaken();
      return closed;
    });
  } catch (error) {
    if (error instanceof VersionTaken) return "versionTaken";
    throw error;
  }
}

const baseMoved = (base: number, live: number): string =>
  `It was made for mapping version ${base}; version ${live} is live now.`;
