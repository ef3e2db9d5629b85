/** The MCP server on stdin and stdout, for both eras of the protocol. Nothing else may write to stdout. */
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Log } from "../engine/ports.ts";
import { createMcpServer } from "./server.ts";
import type { ServedTool, ToolService } from "./tool-service.ts";

export type StdioConfig = {
  readonly tools: readonly ServedTool[];
  readonly service: ToolService;
  readonly version: string;
  readonly log: Log;
  readonly stop: AbortSignal;
};

/** Serves until the host closes stdin or `stop` aborts. */
export async function serveMcp({ tools, service, version, log, stop }: StdioConfig): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve);
    process.stdin.once("close", resolve);
    if (stop.aborted) resolve();
    else stop.addEventListener("abort", () => resolve(), { once: true });
  });
  const handle = serveStdio(() => createMcpServer(tools, service, { version }), {
    onerror: (error) => log("mcp.protocolError", { error: error.name }),
  });
  await ended;
  await handle.close();
}
