import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";
import { capped } from "./untrusted.ts";
import { Cursor, limitOf, NextCursor } from "./views.ts";

export const MappingVersions = z.object({
  versions: z.array(
    z.object({
      version: z.int(),
      publishedAt: z.string(),
      publishedBy: z.string(),
      note: z.string(),
      proposal: z.string().nullable().describe("the proposal that led to it"),
    }),
  ),
  total: z.int(),
  nextCursor: NextCursor,
});

export const listMappingVersions = defineTool({
  name: "list_mapping_versions",
  title: "List mapping versions",
  description:
    "Every mapping that was ever in force, newest first: number, when, by whom and why. Versions never change. Use it to say " +
    "what changed and when; get_mapping with a version shows one in full.",
  effect: "read",
  input: z.object({ limit: limitOf(100, 20), cursor: Cursor }),
  output: MappingVersions,
  run: async ({ limit, cursor }, { engine, connection }) => {
    const page = await engine.specs(connection, { limit, ...(cursor !== null && { cursor }) });
    if (!page.ok) return failed(page.error);
    const versions = page.value.items.map(({ version, publishedAt, publishedBy, note, proposalId }) => ({
      version,
      publishedAt,
      publishedBy: capped(publishedBy, 60),
      note: capped(note, 100),
      proposal: proposalId,
    }));
    return ok({ versions, total: page.value.total, nextCursor: page.value.nextCursor });
  },
});
