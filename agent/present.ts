/** Tool calls and proposals as a person reads them in a conversation. */
import type { z } from "zod";
import type { ProposalView } from "../tools/proposal-view.ts";
import type { Registry } from "../tools/registry.ts";
import type { ProposalCard } from "./events.ts";
import type { ToolUseBlock } from "./models/model.ts";

const ROWS_MAX = 8;

/** "Look up an order 000000123": the tool's title and the id that it was called with. */
export function labelOf(registry: Registry, use: ToolUseBlock): string {
  const title = registry.get(use.name)?.title ?? use.name;
  const input: unknown = use.input;
  const subject =
    typeof input === "object" && input !== null
      ? ["order", "proposal"].map((key) => (input as Record<string, unknown>)[key]).find(isShortText)
      : undefined;
  return subject === undefined ? title : `${title}: ${subject}`;
}

const isShortText = (value: unknown): value is string => typeof value === "string" && value.length <= 60;

/** The card of a proposal that a tool has just made; `undefined` for every other result. */
export function proposalCard(
  registry: Registry,
  use: ToolUseBlock,
  output: Readonly<Record<string, unknown>>,
): ProposalCard | undefined {
  if (registry.get(use.name)?.effect !== "propose") return undefined;
  // Every propose tool has ProposalView as its output schema, and callTool has parsed it.
  const { proposal, kind, title, replay, approve } = output as unknown as z.output<typeof ProposalView>;
  return {
    id: proposal,
    kind,
    title,
    rows: (replay?.changes ?? []).slice(0, ROWS_MAX),
    impact: replay?.sentence ?? null,
    ...approve,
  };
}
