/** Engine, assistant and API from what a process was given; `start`, `serve` and `worker` are made of these. */
import { join } from "node:path";
import { createApp } from "../api/app.ts";
import type { AuthStore } from "../api/ports.ts";
import {
  type BudgetLimits,
  type ConnectionCredentials,
  connect,
  createEngine,
  type Database,
  type RunningEngine,
} from "../engine/index.ts";
import type { Log } from "../engine/ports.ts";
import { registry } from "../tools/registry.ts";
import { createChat } from "./chat.ts";
import type { Context } from "./command.ts";
import { createModels } from "./models.ts";

export type EngineParts = {
  readonly context: Context;
  readonly database: Database;
  readonly connections: readonly ConnectionCredentials[];
  /** What the ledgers of these connections allow; Xero's numbers when undefined. */
  readonly limits: BudgetLimits | undefined;
  readonly log: Log;
  readonly deciders: () => Promise<number>;
};

export function assembleEngine({
  context: { clock, ids },
  database,
  connections,
  limits,
  log,
  deciders,
}: EngineParts): Promise<RunningEngine> {
  return createEngine({
    database,
    connections: connections.map((credentials) => connect(credentials, { clock, log })),
    clock,
    ids,
    log,
    deciders,
    ...(limits === undefined ? {} : { limits: () => limits }),
  });
}

export type AppParts = {
  readonly context: Context;
  readonly engine: RunningEngine;
  readonly auth: AuthStore;
  readonly log: Log;
  /** What people have in their address bar; asked for late, since a free port is known only then. */
  readonly baseUrl: () => string;
  readonly publicUrl: string | null;
  readonly stopping: AbortSignal;
};

export function assembleApp({ context, engine, auth, log, baseUrl, publicUrl, stopping }: AppParts) {
  const { clock, ids, program, environment } = context;
  const links = {
    publicUrl,
    proposal: (id: string) => new URL(`/?proposal=${encodeURIComponent(id)}`, baseUrl()),
    newLink: "Run `npx counterfoil link` in the folder of Counterfoil; it prints another one.",
  };
  const models = createModels(environment.model);
  const chat = createChat({ engine, registry, models, clock, log, links });
  return createApp({
    engine,
    registry,
    chat,
    auth,
    clock,
    ids,
    log,
    links,
    version: program.version,
    webRoot: join(program.root, "web"),
    stopping,
  });
}
