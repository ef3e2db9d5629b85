/** A delivery worker on PostgreSQL. */
import { assembleEngine } from "../assemble.ts";
import type { Call, Context } from "../command.ts";
import { EXIT, type Exit } from "../exit.ts";
import { createLog } from "../log.ts";
import { demoLimits } from "../owner/demo-limits.ts";
import { folderAt } from "../owner/folder.ts";
import { untilStopped } from "../stopping.ts";
import { reportFailure } from "../terminal.ts";
import type { ServerNeeds } from "./needs.ts";
import { openServerDatabase } from "./open.ts";

export async function runWorker(call: Call, context: Context, needs: ServerNeeds): Promise<Exit> {
  const opened = await openServerDatabase(needs.databaseUrl);
  if (!opened.ok) return reportFailure(context.terminal, opened.error, call.json);
  const database = opened.value;
  const { connections, demo } = needs;
  const limits = demo ? await demoLimits(folderAt(context.dataFolder)) : undefined;
  const log = createLog(context, context.terminal.note);
  const engine = await assembleEngine({
    context,
    database,
    connections,
    limits,
    log,
    deciders: async () => 1,
  });
  await engine.start();
  log("worker.started", { pid: process.pid });
  if (call.json) context.terminal.json({ pid: process.pid });
  await untilStopped(context.stop);
  await engine.stop();
  await database.close();
  log("worker.stopped", { pid: process.pid });
  return EXIT.done;
}
