/** The list of commands. Each is loaded when it is used, so that `plan` does not wait for a database to be loaded. */
import type { Command } from "./command.ts";

export type Listed = {
  readonly name: string;
  readonly group: "start" | "orders" | "decisions" | "servers";
  readonly summary: string;
  load(): Promise<Command>;
};

export const COMMANDS: readonly Listed[] = [
  {
    name: "start",
    group: "start",
    summary: "everything on embedded defaults: database, demo store, demo ledger, worker, API, page",
    load: async () => (await import("./commands/start.ts")).start,
  },
  {
    name: "link",
    group: "start",
    summary: "another link that signs you in once",
    load: async () => (await import("./commands/link.ts")).link,
  },
  {
    name: "setup",
    group: "start",
    summary: "propose the first mapping from the ledger's accounts and the store's settings",
    load: async () => (await import("./commands/setup.ts")).setup,
  },
  {
    name: "status",
    group: "start",
    summary: "counts by state, the queue, calls left, and both sides' totals",
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    name: "plan",
    group: "orders",
    summary: "show the exact Xero documents of an order file; nothing is posted",
    load: async () => (await import("./commands/plan.ts")).plan,
  },
  {
    name: "import",
    group: "orders",
    summary: "put Magento order files into the demo store",
    load: async () => (await import("./commands/import.ts")).importOrders,
  },
  {
    name: "sync",
    group: "orders",
    summary: "post orders now, by their numbers",
    load: async () => (await import("./commands/sync.ts")).sync,
  },
  {
    name: "explain",
    group: "orders",
    summary: "where each number of a posted document came from",
    load: async () => (await import("./commands/explain.ts")).explain,
  },
  {
    name: "failed",
    group: "orders",
    summary: "records that are held or failed, and why",
    load: async () => (await import("./commands/failed.ts")).failedRecords,
  },
  {
    name: "retry",
    group: "orders",
    summary: "try held or failed orders again",
    load: async () => (await import("./commands/sync.ts")).retry,
  },
  {
    name: "accept",
    group: "orders",
    summary: "take unusual orders as they are, and post them",
    load: async () => (await import("./commands/sync.ts")).accept,
  },
  {
    name: "ask",
    group: "decisions",
    summary: "one request to the assistant, in plain English",
    load: async () => (await import("./commands/ask.ts")).ask,
  },
  {
    name: "chat",
    group: "decisions",
    summary: "the same, as a conversation",
    load: async () => (await import("./commands/chat.ts")).chat,
  },
  {
    name: "proposals",
    group: "decisions",
    summary: "list, show, approve or reject what was proposed",
    load: async () => (await import("./commands/proposals.ts")).proposals,
  },
  {
    name: "specs",
    group: "decisions",
    summary: "the published versions of the mapping",
    load: async () => (await import("./commands/specs.ts")).specs,
  },
  {
    name: "connections",
    group: "servers",
    summary: "which stores and ledgers are connected",
    load: async () => (await import("./commands/connections.ts")).connections,
  },
  {
    name: "mcp",
    group: "servers",
    summary: "the MCP server on stdio, for Claude Desktop and other hosts",
    load: async () => (await import("./commands/mcp.ts")).mcp,
  },
  {
    name: "sandbox",
    group: "servers",
    summary: "the demo store and the demo ledger alone",
    load: async () => (await import("./commands/sandbox.ts")).sandbox,
  },
  {
    name: "serve",
    group: "servers",
    summary: "the API alone, on PostgreSQL (DATABASE_URL)",
    load: async () => (await import("./commands/serve.ts")).serve,
  },
  {
    name: "worker",
    group: "servers",
    summary: "a delivery worker alone, on PostgreSQL (DATABASE_URL)",
    load: async () => (await import("./commands/worker.ts")).worker,
  },
];
