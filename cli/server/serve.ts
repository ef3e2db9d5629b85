/** The API on PostgreSQL; workers deliver. */
import { hashOf, issueLink, newSecret } from "../../api/auth/secrets.ts";
import { createAuthStore, noCredentials } from "../../api/auth/store.ts";
import { err, ok, type Result } from "../../engine/core/result.ts";
import type { Database } from "../../engine/index.ts";
import { assembleApp, assembleEngine } from "../assemble.ts";
import type { Call, Context } from "../command.ts";
import { badInput, EXIT, type Exit, type Failure } from "../exit.ts";
import { listen } from "../http-server.ts";
import { createLog } from "../log.ts";
import { numbersOf } from "../numbers.ts";
import { demoLimits } from "../owner/demo-limits.ts";
import { folderAt } from "../owner/folder.ts";
import { LOCAL_PERSON } from "../owner/people.ts";
import { untilStopped } from "../stopping.ts";
import { reportFailure } from "../terminal.ts";
import type { ServerNeeds } from "./needs.ts";
import { openServerDatabase } from "./open.ts";

const PORT = 4310;

export async function runServe(call: Call, context: Context, needs: ServerNeeds): Promise<Exit> {
  const settings = settingsOf(call);
  if (!settings.ok) return reportFailure(context.terminal, settings.error, call.json);
  const opened = await openServerDatabase(needs.databaseUrl);
  if (!opened.ok) return reportFailure(context.terminal, opened.error, call.json);
  try {
    return await serveOn(call, context, { ...needs, ...settings.value, database: opened.value });
  } finally {
    await opened.value.close();
  }
}

async function serveOn(
  call: Call,
  context: Context,
  {
    database,
    connections,
    demo,
    port,
    host,
    publicUrl,
  }: ServerNeeds & Settings & { readonly database: Database },
): Promise<Exit> {
  const { terminal, clock, environment, stop } = context;
  const auth = createAuthStore(noCredentials(), async () => undefined);
  const token = environment.token ?? newSecret();
  await auth.addToken({ hash: hashOf(token), actor: LOCAL_PERSON, expiresAt: null });
  const log = createLog(context, terminal.note);
  const deciders = () => auth.deciders(clock.now());
  const limits = demo ? await demoLimits(folderAt(context.dataFolder)) : undefined;
  const engine = await assembleEngine({ context, database, connections, limits, log, deciders });
  const stopping = new AbortController();
  let listening = port;
  const baseUrl = () => publicUrl ?? `http://localhost:${listening}`;
  const app = assembleApp({ context, auth, log, engine, baseUrl, publicUrl, stopping: stopping.signal });
  const server = await listen(app.fetch, { host, port });
  if (!server.ok) {
    return reportFailure(terminal, badInput(`Port ${port} is taken.`, "Choose another: --port 0"), call.json);
  }
  listening = server.value.port;
  const link = await issueLink(auth, LOCAL_PERSON, baseUrl(), clock);
  const url = `http://127.0.0.1:${listening}`;
  if (call.json)
    terminal.json({ url, link: link.url, pid: process.pid, ...(environment.token ? {} : { token }) });
  else terminal.print(link.url);
  log("serve.started", { port: listening, pid: process.pid });
  await untilStopped(stop);
  stopping.abort();
  await server.value.close();
  await engine.stop();
  return EXIT.done;
}

type Settings = { readonly port: number; readonly host: string; readonly publicUrl: string | null };

function settingsOf(call: Call): Result<Settings, Failure> {
  const numbers = numbersOf(call, ["port"]);
  if (!numbers.ok) return numbers;
  const publicUrl = call.text("public-url");
  if (publicUrl !== undefined && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? "")) {
    const message = `--public-url ${publicUrl}: an address such as https://books.example.com was expected.`;
    return err(badInput(message, "See: counterfoil serve --help"));
  }
  return ok({
    port: numbers.value.port ?? PORT,
    host: call.text("host") ?? "127.0.0.1",
    publicUrl: publicUrl ?? null,
  });
}
