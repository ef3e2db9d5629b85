/** MCP hosts of both eras against the real program: `counterfoil mcp` while `counterfoil start` runs. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldStdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Home, openHome, ROOT } from "../test/counterfoil.ts";
import { registry } from "../tools/registry.ts";

const NAMES = [...registry.keys()].sort();
const ABOUT = { name: "a host", version: "1" };
let home: Home;

beforeAll(async () => {
  home = await openHome();
  await home.start("--orders", "3");
});
afterAll(() => home.remove());

const mcp = () => ({
  command: process.execPath,
  args: [join(ROOT, "cli", "counterfoil.mjs"), "mcp", "--data", home.data],
  stderr: "ignore" as const,
});

type Called = { isError?: unknown; structuredContent?: unknown; content?: unknown };
type Caller = {
  listTools(): Promise<{ tools: { name: string; annotations?: { readOnlyHint?: unknown } | undefined }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<Called>;
  close(): Promise<void>;
};

/** What every host does, whatever its protocol. */
async function use(client: Caller): Promise<void> {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual(NAMES);
  expect(tools.find(({ name }) => name === "get_order")?.annotations?.readOnlyHint).toBe(true);
  expect(tools.find(({ name }) => name === "propose_mapping")?.annotations?.readOnlyHint).toBe(false);
  expect(tools.filter(({ name }) => /approve|delete|pay/.test(name))).toEqual([]);

  const status = await client.callTool({ name: "get_sync_status", arguments: {} });
  expect(status.isError).toBeFalsy();
  expect(status.structuredContent).toMatchObject({ environment: "sandbox", queueWaiting: 0 });

  const unknown = await client.callTool({ name: "get_order", arguments: { order: "nowhere" } });
  expect(unknown.isError).toBe(true);
  expect(JSON.stringify(unknown.content)).toContain("Next: ");

  const wrong = await client.callTool({ name: "get_order", arguments: { order: 7 } });
  expect(wrong.isError).toBe(true);
  expect(JSON.stringify(wrong.content)).toMatch(/invalidInput.*order/);
  await client.close();
}

test("a host on the 1.x SDK lists and calls the tools", async () => {
  const client = new OldClient(ABOUT);
  await client.connect(new OldStdioClientTransport(mcp()) as Parameters<OldClient["connect"]>[0]);
  await use(client as unknown as Caller);
});

test("a host of the 2025 era lists and calls the tools", async () => {
  const client = new Client(ABOUT);
  await client.connect(new StdioClientTransport(mcp()));
  expect(client.getProtocolEra()).toBe("legacy");
  await use(client as unknown as Caller);
});

test("a host of the 2026 era lists and calls the tools, and finds the prompt", async () => {
  const client = new Client(ABOUT, { versionNegotiation: { mode: "auto" } });
  await client.connect(new StdioClientTransport(mcp()));
  expect(client.getProtocolEra()).toBe("modern");
  const { prompts } = await client.listPrompts();
  expect(prompts.map(({ name }) => name)).toEqual(["change-the-mapping"]);
  const prompt = await client.getPrompt({
    name: "change-the-mapping",
    arguments: { wish: "shipping to 202" },
  });
  expect(JSON.stringify(prompt.messages)).toContain("shipping to 202");
  await use(client as unknown as Caller);
});

test("a model proposes through MCP and cannot approve: the owner keeps the proposal open", async () => {
  const client = new Client(ABOUT);
  await client.connect(new StdioClientTransport(mcp()));
  const proposed = await client.callTool({ name: "propose_setup", arguments: {} });
  expect(proposed.isError, JSON.stringify(proposed.content)).toBeFalsy();
  await client.close();
  const { items } = await home.json<{ items: { state: string; proposedBy: string }[] }>(
    0,
    "proposals",
    "list",
  );
  expect(items).toEqual([expect.objectContaining({ state: "open", proposedBy: "MCP host" })]);
});

type Inspected = { readonly exit: number; readonly stdout: string; readonly stderr: string };

const inspect = (...args: string[]): Promise<Inspected> => {
  const inspector = join(ROOT, "node_modules", ".bin", "mcp-inspector");
  const { command, args: server } = mcp();
  const all = [inspector, "--cli", "--format", "json", "-q", command, ...server, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
};

test("the Inspector lists the tools, and finds no schema that a host could not take", async () => {
  const { exit, stdout, stderr } = await inspect("--method", "tools/list", "--strict");
  expect(exit, stderr).toBe(0);
  const { result } = JSON.parse(stdout) as { result: { tools: { name: string }[] } };
  expect(result.tools.map(({ name }) => name).sort()).toEqual(NAMES);
});

test("the Inspector calls a tool, and a failed call has its exit code 5", async () => {
  const status = await inspect("--method", "tools/call", "--tool-name", "get_sync_status");
  expect(status.exit, status.stderr).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({
    result: { structuredContent: { environment: "sandbox" } },
  });
  const unknown = await inspect(
    "--method",
    "tools/call",
    "--tool-name",
    "get_order",
    "--tool-arg",
    "order=nowhere",
  );
  expect(unknown.exit).toBe(5);
});
