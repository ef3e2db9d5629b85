/** Help texts, made from the same data that arguments are checked against. */
import { COMMON_OPTIONS, type Command, type Option } from "./command.ts";
import { COMMANDS, type Listed } from "./commands.ts";
import type { Terminal } from "./terminal.ts";

const WIDTH_MAX = 100;

export function programHelp({ tone }: Terminal, version: string): string {
  const names = Math.max(...COMMANDS.map(({ name }) => name.length));
  const list = (group: Listed["group"]): string[] =>
    COMMANDS.filter((command) => command.group === group).map(
      ({ name, summary }) => `  ${tone("bold", name.padEnd(names))}  ${summary}`,
    );
  return [
    `Counterfoil ${version} keeps a Magento store and a Xero ledger equal to the cent.`,
    "",
    "  counterfoil COMMAND [--data DIR] [--connection ID] [--json]",
    "",
    "Start here",
    ...list("start"),
    "",
    "Orders and documents",
    ...list("orders"),
    "",
    "The assistant and decisions",
    ...list("decisions"),
    "",
    "Servers",
    ...list("servers"),
    "",
    "`counterfoil COMMAND --help` explains one and gives an example.",
    "Exit codes: 0 done, 1 failed, 2 bad input, 3 held for a person.",
  ].join("\n");
}

export function commandHelp({ tone }: Terminal, listed: Listed, command: Command): string {
  const own = optionLines(command.options);
  return [
    `${tone("bold", `counterfoil ${listed.name}`)} ${command.usage}`.trimEnd(),
    "",
    ...wrapped(command.about),
    ...(own.length === 0 ? [] : ["", "Options", ...own]),
    "",
    "Options of every command",
    ...optionLines(COMMON_OPTIONS),
    "",
    command.examples.length === 1 ? "Example" : "Examples",
    ...command.examples.map((example) => `  counterfoil ${example}`),
  ].join("\n");
}

function optionLines(options: Readonly<Record<string, Option>>): string[] {
  const rows = Object.entries(options).map(
    ([name, { value, help }]) => [value === undefined ? `--${name}` : `--${name} ${value}`, help] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length), 18);
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length >= WIDTH_MAX) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
