/** What the engine says -> what a tool's caller reads, with the next useful action. Mapped here once for all tools. */
import type { EngineError } from "../engine/api.ts";
import { never } from "../engine/core/assert.ts";
import type { Problem } from "../engine/core/edits.ts";
import { err, type Result } from "../engine/core/result.ts";
import type { ToolFailure } from "./define.ts";

export const failed = (error: EngineError): Result<never, ToolFailure> => err(failureOf(error));

export function failureOf(error: EngineError): ToolFailure {
  return { kind: error.kind, message: messageOf(error), next: nextOf(error) };
}

function messageOf(error: EngineError): string {
  if (error.kind === "invalid") {
    const unsaid = error.problems.filter(({ message }) => !error.message.includes(message));
    return [error.message, ...unsaid.map(problemText)].join(" ");
  }
  if (error.kind === "held") return `${error.message} ${error.held.detail}`;
  return error.message;
}

const problemText = ({ path, message, nearest }: Problem): string => {
  const hint = nearest.length > 0 ? ` Nearest: ${nearest.join(", ")}.` : "";
  return `${path}: ${message.replace(/\.?$/, ".")}${hint}`;
};

function nextOf(error: EngineError): string {
  switch (error.kind) {
    case "unknownConnection":
      return "Ask which connection is meant.";
    case "notFound":
      return "Check the number or id with search_orders, list_failed_records or list_proposals.";
    case "invalid":
      return "Correct what is named and try again; if a value does not exist, ask the person which existing one is meant.";
    case "noMapping":
      return "No mapping is approved yet. Call propose_setup, then give the person the link to approve it.";
    case "held":
      return error.held.action;
    case "stale":
      return "Something changed meanwhile. Read again and make a new proposal.";
    case "forbidden":
      return "A person with the right role has to do this; use request_approval to give them the link.";
    case "upstream":
      return upstreamNext(error.cause.kind);
    default:
      return never(error);
  }
}

const upstreamNext = (kind: string): string =>
  kind === "rateLimited"
    ? "The other side asks us to wait. Try again later; the engine keeps its own pace."
    : "The store or the ledger cannot be reached. Tell the person; running syncs continue by themselves.";
