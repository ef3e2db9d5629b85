import { z } from "zod";
import { Tool, ToolOutcome } from "../../api/schemas/system.ts";
import { err, type Result } from "../../engine/core/result.ts";
import type { ToolService } from "../../mcp-server/tool-service.ts";
import { type Client, createClient, pathWith } from "../client.ts";
import type { Call, Command, Context } from "../command.ts";
import { EXIT, type Failure } from "../exit.ts";
import { createLog } from "../log.ts";
import { findOrStartOwner } from "../owner/reach.ts";
import { reportFailure } from "../terminal.ts";

export const mcp: Command = {
  usage: "",
  about:
    "Serves the tools to an MCP host (Claude Desktop, Claude Code, an IDE) on stdin and stdout. It is a thin client of the running Counterfoil and starts one when none runs, so any number of hosts can be open at once. Through it a model reads, prepares and asks; nothing can be approved. See docs/mcp.md.",
  options: {},
  words: { min: 0, max: 0, named: "nothing" },
  examples: ["mcp --data .data"],
  run: async (call, context) => {
    const { serveMcp } = await import("../../mcp-server/stdio.ts");
    const owner = createOwnerTools(call, context);
    const tools = await owner.fetchTools();
    if (!tools.ok) return reportFailure(context.terminal, tools.error, false);
    await serveMcp({
      tools: tools.value,
      service: owner.service,
      version: context.program.version,
      log: createLog(context, context.terminal.note),
      stop: context.stop,
    });
    return EXIT.done;
  },
};

type Tools = Result<readonly z.infer<typeof Tool>[], Failure>;

/** Finds the owner anew when it is gone: a host stays open for days, an owner may be restarted meanwhile. */
function createOwnerTools(call: Call, context: Context) {
  // All that a host reads through this process is one conversation: what it has read taints what it proposes.
  const headers = { "counterfoil-session": context.ids.next() };
  let found: Client | undefined;
  const reach = async (): Promise<Result<Client, Failure>> => {
    if (found !== undefined) return { ok: true, value: found };
    const owner = await findOrStartOwner(context);
    if (!owner.ok) return owner;
    const { url, mcpToken } = owner.value;
    found = createClient({ url, token: mcpToken, signal: context.stop, headers });
    return { ok: true, value: found };
  };
  const attempt = async <T>(
    work: (client: Client) => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure>> => {
    const client = await reach();
    const answer = client.ok ? await work(client.value) : client;
    if (!answer.ok && GONE.includes(answer.error.kind)) found = undefined;
    return answer;
  };
  const fetchTools = (): Promise<Tools> => attempt((client) => client.get("/api/tools", z.array(Tool)));
  const service: ToolService = {
    async list() {
      const tools = await fetchTools();
      return tools.ok ? tools.value : [];
    },
    async call(name, input) {
      const path = pathWith(`/api/tools/${encodeURIComponent(name)}`, { connection: call.connection });
      const answer = await attempt((client) => client.post(path, input ?? {}, ToolOutcome));
      if (!answer.ok) {
        const { kind, message, next } = answer.error;
        return err({ kind, message, next });
      }
      return answer.value;
    },
  };
  return { fetchTools, service };
}

/** The owner is gone or was restarted with new tokens: the next call looks for it again. */
const GONE: readonly string[] = ["noAnswer", "unauthenticated"];
