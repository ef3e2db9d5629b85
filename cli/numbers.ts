/** Options that are whole numbers. */
import { err, ok, type Result } from "../engine/core/result.ts";
import type { Call } from "./command.ts";
import { badInput, type Failure } from "./exit.ts";

const PORT_MAX = 65_535;
const COUNT_MAX = 1_000_000;

/** The named options as numbers, those that were not given as undefined. Ports end at 65535. */
export function numbersOf<Name extends string>(
  call: Call,
  names: readonly Name[],
): Result<Readonly<Record<Name, number | undefined>>, Failure> {
  const numbers: [string, number | undefined][] = [];
  for (const name of names) {
    const text = call.text(name);
    const max = name.endsWith("port") ? PORT_MAX : COUNT_MAX;
    const value = text === undefined ? undefined : Number(text);
    if (text !== undefined && (!/^\d+$/.test(text) || Number(text) > max)) {
      return err(
        badInput(`--${name} ${text}: a whole number up to ${max} was expected.`, "Nothing was started."),
      );
    }
    numbers.push([name, value]);
  }
  return ok(Object.fromEntries(numbers) as Record<Name, number | undefined>);
}
