/** What a command is: its help is data, so that help, checks and completion cannot tell different stories. */
import type { Clock, Ids } from "../engine/ports.ts";
import type { Environment } from "./environment.ts";
import type { Exit } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

export type Option = {
  /** The name of its value, such as FILE; an option without one is a switch. */
  readonly value?: string;
  readonly help: string;
};

export type Command = {
  /** What stands after `counterfoil <name>`. */
  readonly usage: string;
  readonly about: string;
  readonly options: Readonly<Record<string, Option>>;
  /** How many words it takes besides options; `named` says in messages what they are. */
  readonly words: { readonly min: number; readonly max: number; readonly named: string };
  readonly examples: readonly string[];
  run(call: Call, context: Context): Promise<Exit>;
};

/** Options that every command takes (contract.md). */
export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  data: { value: "DIR", help: "data folder (default: COUNTERFOIL_DATA, else .data here)" },
  connection: { value: "ID", help: "which store and ledger (default: the only one)" },
  json: { help: "one JSON document on stdout" },
  help: { help: "this text" },
};

/** What was typed, checked against the command's options. */
export type Call = {
  readonly words: readonly string[];
  readonly json: boolean;
  readonly connection: string | undefined;
  /** The option's value; the last one when it was given more than once. */
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  has(option: string): boolean;
};

export type Context = {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly cwd: string;
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Aborts at Ctrl-C or SIGTERM. */
  readonly stop: AbortSignal;
  readonly program: Program;
};

/** This very program, for commands that start another process of it. */
export type Program = {
  readonly name: string;
  readonly version: string;
  /** The Node that runs it. */
  readonly node: string;
  /** cli/counterfoil.mjs */
  readonly starter: string;
  /** The folder with cli/, sandbox/, scenarios/, web/: the checkout, or dist/ of the package. */
  readonly root: string;
  /** `.ts` in a checkout, `.js` in the package. */
  readonly extension: ".ts" | ".js";
};
