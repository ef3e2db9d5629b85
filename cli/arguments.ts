/** What was typed -> a Call, or what is wrong with it and the nearest thing that exists. */
import { parseArgs } from "node:util";
import { nearestOf } from "../engine/core/nearest.ts";
import { err, ok, type Result } from "../engine/core/result.ts";
import { type Call, COMMON_OPTIONS, type Command, type Option } from "./command.ts";
import { badInput, type Failure } from "./exit.ts";

export type Typed = { readonly call: Call; readonly data: string | undefined; readonly help: boolean };

export function parseCall(name: string, command: Command, args: readonly string[]): Result<Typed, Failure> {
  const options = { ...command.options, ...COMMON_OPTIONS };
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([option, { value }]) => [
        option,
        { type: value === undefined ? "boolean" : "string" } as const,
      ]),
    ),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Map<string, (string | true)[]>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const fault = optionFault(name, options, token);
    if (fault !== undefined) return err(fault);
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? true]);
  }
  const help = given.has("help");
  const fault = help ? undefined : wordsFault(name, command, words);
  if (fault !== undefined) return err(fault);
  const texts = (option: string): string[] => (given.get(option) ?? []).filter((value) => value !== true);
  const text = (option: string): string | undefined => texts(option).at(-1);
  const call: Call = {
    words,
    json: given.has("json"),
    connection: text("connection"),
    text,
    texts,
    has: (option) => given.has(option),
  };
  return ok({ call, data: text("data"), help });
}

type OptionToken = {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
};

function optionFault(
  command: string,
  options: Readonly<Record<string, Option>>,
  { name, rawName, value, inlineValue }: OptionToken,
): Failure | undefined {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const [nearest] = nearestOf(name, Object.keys(options));
    const hint = nearest === undefined ? "" : ` Did you mean --${nearest}?`;
    return badInput(`counterfoil ${command}: there is no option ${rawName}.${hint}`, seeHelp(command));
  }
  if (option.value === undefined) {
    if (value === undefined) return undefined;
    return badInput(`counterfoil ${command}: ${rawName} takes no value.`, seeHelp(command));
  }
  // Without `=`, a word that starts with a dash is the next option and not the value.
  const missing = value === undefined || (inlineValue !== true && value.startsWith("-") && value !== "-");
  return missing || value === ""
    ? badInput(
        `counterfoil ${command}: ${rawName} expects a value: ${rawName} ${option.value}.`,
        seeHelp(command),
      )
    : undefined;
}

function wordsFault(
  name: string,
  { words: { min, max, named } }: Command,
  words: readonly string[],
): Failure | undefined {
  if (words.length < min) return badInput(`counterfoil ${name}: ${named} is missing.`, seeHelp(name));
  if (words.length <= max) return undefined;
  const extra = words[max] ?? "";
  const takes = max === 0 ? "it takes none" : `it takes ${named}`;
  return badInput(`counterfoil ${name}: "${extra}" is one word too many; ${takes}.`, seeHelp(name));
}

const seeHelp = (command: string): string => `See: counterfoil ${command} --help`;
