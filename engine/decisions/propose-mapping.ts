/** Typed edits on the live mapping -> a candidate that means something, proved on past orders, for a person to decide. */
import type { Actor, EngineError, Outcome, Proposal } from "../api.ts";
import { type Context, upstreamError } from "../context.ts";
import { checkSpec } from "../core/check-spec.ts";
import { applyEdits, type Edit, type Problem } from "../core/edits.ts";
import type { MappingSpec } from "../core/mapping.ts";
import type { Org } from "../core/org.ts";
import { replaySpecs } from "../core/replay.ts";
import { err, ok } from "../core/result.ts";
import type { Json } from "../core/shapes.ts";
import { contentHash } from "../sync/delivery-key.ts";
import { currentSpec } from "../views/specs.ts";
import { mayPropose, saveProposal } from "./proposals.ts";
import { replaySet } from "./replay-set.ts";

export async function proposeMapping(
  context: Context,
  connection: string,
  request: { readonly title: string; readonly edits: readonly Edit[]; readonly actor: Actor },
): Outcome<Proposal> {
  const { title, edits, actor } = request;
  const refused = mayPropose(actor);
  if (refused !== undefined) return err(refused);
  const base = await currentSpec(context, connection);
  if (!base.ok) return base;
  const edited = applyEdits(base.value.spec, edits);
  if (!edited.ok) return err(invalid("The edits do not fit the mapping", edited.error));
  const candidate = edited.value;
  if (sameSpec(candidate, base.value.spec)) return err(NO_CHANGE);
  const org = await context.sync.mirrors.org(connection);
  if (!org.ok) return err(upstreamError(org.error, "The ledger's lists"));
  const problems = newProblems(base.value.spec, candidate, org.value.content);
  if (problems.length > 0) return err(invalid("The mapping would not work in this organisation", problems));
  const set = await replaySet(context, connection);
  const replay = replaySpecs({
    base: base.value.spec,
    candidate,
    sales: set.sales,
    org: org.value.content,
  });
  const proposed = { connection, kind: "mapping" as const, title, baseVersion: base.value.version, edits };
  return ok(
    await saveProposal(
      context,
      {
        ...proposed,
        questions: [],
        candidate,
        document: null,
        replay,
        replaySet: set,
        org: org.value.content,
      },
      actor,
    ),
  );
}

export const sameSpec = (a: MappingSpec, b: MappingSpec): boolean =>
  contentHash(a as unknown as Json) === contentHash(b as unknown as Json);

/** An account that somebody archived since is no reason to refuse an edit of something else: its orders are held anyway. */
function newProblems(base: MappingSpec, candidate: MappingSpec, org: Org): Problem[] {
  const known = new Set(checkSpec(base, org).map(({ path, message }) => `${path} ${message}`));
  return checkSpec(candidate, org).filter(({ path, message }) => !known.has(`${path} ${message}`));
}

export const invalid = (what: string, problems: readonly Problem[]): EngineError => ({
  kind: "invalid",
  message: `${what}: ${problems.map(problemText).join("; ")}.`,
  problems,
});

const problemText = ({ message, nearest }: Problem): string =>
  nearest.length === 0 ? message : `${message} (near it: ${nearest.join(", ")})`;

export const NO_CHANGE: EngineError = {
  kind: "invalid",
  message: "Nothing would change: the mapping says this already.",
  problems: [{ path: "/edits", message: "nothing would change", nearest: [] }],
};
