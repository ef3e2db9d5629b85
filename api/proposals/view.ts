/** What a person needs to decide a proposal: its changes in words, its blast radius, and whether the count is asked back. */
import type { Actor, Engine, EngineError, Proposal } from "../../engine/api.ts";
import { never } from "../../engine/core/assert.ts";
import type { MappingSpec } from "../../engine/core/mapping.ts";
import { ok, type Result } from "../../engine/core/result.ts";
import type { ProposalView } from "../schemas/proposals.ts";
import { changesOf } from "./changes.ts";
import type { Names } from "./words.ts";

export type Company = {
  readonly environment: "sandbox" | "production";
  readonly actor: Actor;
  /** How many different people may decide. */
  readonly deciders: number;
};

export function affectsOf({ document, replay }: Pick<Proposal, "document" | "replay">): number {
  if (document !== null) return document.steps.length;
  return replay === null ? 0 : replay.changed + replay.newlyHeld + replay.newlyPlanned;
}

/** The blast radius is on the button (facts/ui.md 1.2, rule 2). */
export function approveLabelOf(proposal: Pick<Proposal, "kind" | "document" | "replay">): string {
  const count = affectsOf(proposal);
  const s = count === 1 ? "" : "s";
  switch (proposal.kind) {
    case "mapping":
      return `Approve ${count} change${s}`;
    case "setup":
      return `Approve for ${count} order${s}`;
    case "document":
      return `Approve ${count} document${s}`;
    default:
      return never(proposal.kind);
  }
}

export type OwnDecision =
  | { readonly kind: "free" }
  | { readonly kind: "confirm"; readonly count: number }
  | { readonly kind: "anotherPerson" };

/**
 * In production nobody approves their own proposal when somebody else could, which the engine enforces and this only
 * foretells; alone, one confirms with the count. The proposer is known by name, so a namesake is asked for it, too.
 */
export function ownDecision(proposal: Proposal, { environment, actor, deciders }: Company): OwnDecision {
  if (environment !== "production" || proposal.proposedBy !== actor.name) return { kind: "free" };
  return deciders > 1 ? { kind: "anotherPerson" } : { kind: "confirm", count: affectsOf(proposal) };
}

/** What all views of one answer share. */
export type Viewer = {
  readonly engine: Engine;
  readonly connection: string;
  readonly company: Company;
  readonly names: Names;
};

/** Account and tax names are a courtesy: without the mirror the codes stand alone. */
export async function openViewer(engine: Engine, connection: string, company: Company): Promise<Viewer> {
  const profile = await engine.profile(connection);
  return { engine, connection, company, names: profile.ok ? profile.value.org : null };
}

export async function viewOf(
  { engine, connection, company, names }: Viewer,
  proposal: Proposal,
): Promise<Result<ProposalView, EngineError>> {
  const base = await baseOf(engine, connection, proposal.baseVersion);
  if (!base.ok) return base;
  const decision = ownDecision(proposal, company);
  return ok({
    ...proposal,
    changes: changesOf({ proposal, base: base.value, names }),
    affects: affectsOf(proposal),
    approveLabel: approveLabelOf(proposal),
    confirmOrders: decision.kind === "confirm" ? decision.count : null,
    anotherPerson: decision.kind === "anotherPerson",
  });
}

export async function viewsOf(
  viewer: Viewer,
  proposals: readonly Proposal[],
): Promise<Result<ProposalView[], EngineError>> {
  const views: ProposalView[] = [];
  for (const proposal of proposals) {
    const view = await viewOf(viewer, proposal);
    if (!view.ok) return view;
    views.push(view.value);
  }
  return ok(views);
}

/** Version 0 is "nothing yet": the first mapping has no before. */
async function baseOf(
  engine: Engine,
  connection: string,
  version: number,
): Promise<Result<MappingSpec | null, EngineError>> {
  if (version === 0) return ok(null);
  const spec = await engine.specVersion(connection, version);
  return spec.ok ? ok(spec.value.spec) : spec;
}
