/** From the words on the command line to an exit code. */
import { resolve } from "node:path";
import { nearestOf } from "../engine/core/nearest.ts";
import { parseCall } from "./arguments.ts";
import type { Context } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { badInput, EXIT, type Exit, failed } from "./exit.ts";
import { commandHelp, programHelp } from "./help.ts";
import { reportFailure } from "./terminal.ts";

export async function run(args: readonly string[], context: Omit<Context, "dataFolder">): Promise<Exit> {
  const { terminal, program } = context;
  const [name, ...rest] = args[0] === "help" ? [...args.slice(1), "--help"] : args;
  if (name === "--help" || name === "-h") {
    terminal.print(programHelp(terminal, program.version));
    return EXIT.done;
  }
  if (name === "--version") {
    terminal.print(program.version);
    return EXIT.done;
  }
  if (name === undefined) {
    terminal.note(programHelp(terminal, program.version));
    return EXIT.badInput;
  }
  const wantsJson = rest.includes("--json");
  const listed = COMMANDS.find((command) => command.name === name);
  if (listed === undefined) return reportFailure(terminal, unknownCommand(name), wantsJson);
  const command = await listed.load();
  const typed = parseCall(
    name,
    command,
    rest.map((word) => (word === "-h" ? "--help" : word)),
  );
  if (!typed.ok) return reportFailure(terminal, typed.error, wantsJson);
  const { call, data, help } = typed.value;
  if (help) {
    terminal.print(commandHelp(terminal, listed, command));
    return EXIT.done;
  }
  const folder = data ?? context.environment.dataFolder ?? ".data";
  return command.run(call, { ...context, dataFolder: resolve(context.cwd, folder) });
}

function unknownCommand(name: string) {
  const nearest = nearestOf(
    name,
    COMMANDS.map((command) => command.name),
  ).slice(0, 1);
  const hint = nearest.map((close) => ` Did you mean "${close}"?`).join("");
  return badInput(`counterfoil: there is no command "${name}".${hint}`, "See: counterfoil --help");
}

/** A bug of ours: said plainly, with the stack only where somebody asked for it. */
export function reportBug(
  error: unknown,
  context: Pick<Context, "terminal" | "environment">,
  json: boolean,
): Exit {
  const message = error instanceof Error ? error.message : String(error);
  if (context.environment.logLevel === "debug" && error instanceof Error)
    context.terminal.note(error.stack ?? "");
  const failure = failed("internal", `Counterfoil failed: ${message}`, "LOG_LEVEL=debug shows where.");
  return reportFailure(context.terminal, failure, json);
}
