/** Proposals and published mappings as JSON. */
import { z } from "@hono/zod-openapi";
import type * as Engine from "../../engine/api.ts";
import { Edit } from "../../engine/core/edits.ts";
import { MappingSpec } from "../../engine/core/mapping.ts";
import { Replay } from "../../engine/core/replay.ts";
import { Question } from "../../engine/core/setup-notes.ts";
import { Plan } from "./records.ts";

const Mapping = MappingSpec.meta({ id: "MappingSpec" });

export const Spec: z.ZodType<Engine.Spec> = z
  .strictObject({
    version: z.int(),
    spec: Mapping,
    publishedAt: z.string(),
    publishedBy: z.string(),
    note: z.string(),
    proposalId: z.string().nullable(),
  })
  .meta({ id: "Spec" });

export const ProposalState = z.enum(["open", "approved", "rejected", "stale"]);

/** One line of the before and after, in words. */
export const Change = z
  .strictObject({
    what: z.string().describe("setting, field or table that changes"),
    before: z.string().nullable().describe("null: there was nothing"),
    after: z.string().nullable().describe("null: it goes away"),
    why: z.string().nullable(),
  })
  .meta({ id: "Change" });
export type Change = z.infer<typeof Change>;

/** The engine's proposal and what a person needs to decide it: the same words and count for page, terminal and check. */
export const ProposalView = z
  .strictObject({
    id: z.string(),
    connection: z.string(),
    kind: z.enum(["mapping", "setup", "document"]),
    title: z.string(),
    baseVersion: z.int(),
    edits: z.array(Edit.meta({ id: "Edit" })).readonly(),
    questions: z.array(Question).readonly(),
    candidate: Mapping.nullable(),
    document: z
      .strictObject({ order: z.string(), plan: Plan, steps: z.array(z.string()).readonly() })
      .nullable(),
    replay: Replay.meta({ id: "Replay" }).nullable(),
    digest: z.string().describe("send it back with the decision"),
    state: ProposalState,
    proposedBy: z.string(),
    proposedAt: z.string(),
    expiresAt: z.string(),
    decidedBy: z.string().nullable(),
    decidedAt: z.string().nullable(),
    decisionNote: z.string().nullable(),
    publishedVersion: z.int().nullable(),
    changes: z.array(Change).readonly(),
    affects: z.int().describe("the blast radius: how many past orders or documents it touches"),
    approveLabel: z.string().describe("the words on the button"),
    confirmOrders: z
      .int()
      .nullable()
      .describe("the count that this caller must send back to approve, null when none is needed"),
    anotherPerson: z.boolean().describe("this caller proposed it and somebody else must decide"),
  })
  .meta({ id: "Proposal" });
export type ProposalView = z.infer<typeof ProposalView>;

export const Decision = z
  .strictObject({
    digest: z.string().min(1).max(200).describe("the digest of what was shown"),
    note: z.string().trim().max(500).nullable().default(null),
    confirmOrders: z.int().min(0).optional().describe("the blast radius, where it must be confirmed"),
  })
  .meta({ id: "Decision" });
