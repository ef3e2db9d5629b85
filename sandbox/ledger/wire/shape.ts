import { parseDay, wireDay, wireDayString } from "./dates.ts";
import { type Decimal, parseDecimal } from "./decimal.ts";
import { fieldOf, type Input, isRecord, type Json, Numeral, number } from "./json.ts";

/**
 * The body cannot be deserialised: ErrorNumber 14, PostDataInvalidException, no Elements (facts/xero.md section 4).
 */
export class PostDataInvalid extends Error {}

export type Field<T> = {
  kind: "text" | "decimal" | "day" | "flag" | "record" | "list";
  read(value: Input, path: string): T;
  echo(name: string, value: T): Record<string, Json>;
};
// biome-ignore lint/suspicious/noExplicitAny: a shape holds fields of every type; Read<> gives each its own back.
export type Shape = { readonly [name: string]: Field<any> };
export type Read<S extends Shape> = { [K in keyof S]?: S[K] extends Field<infer T> ? T : never };

/** Known fields only, in their own case; null is the same as absent; unknown fields are ignored, as Xero does. */
export function readShape<S extends Shape>(shape: S, value: Input, path: string): Read<S> {
  if (!isRecord(value)) throw badValue(value, "an object", path);
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(shape)) {
    const found = fieldOf(value, name);
    if (found === undefined || found === null) continue;
    const result = field.read(found, path === "" ? name : `${path}.${name}`);
    if (result !== undefined) read[name] = result;
  }
  return read as Read<S>;
}

/** What was understood of a request element, written back as Xero writes it. */
export function echoShape<S extends Shape>(shape: S, read: Read<S>): Record<string, Json> {
  const echo: Record<string, Json> = {};
  for (const [name, field] of Object.entries(shape)) {
    const value = read[name];
    if (value !== undefined) Object.assign(echo, field.echo(name, value));
  }
  return echo;
}

const plain = (name: string, value: Json): Record<string, Json> => ({ [name]: value });

export const text: Field<string> = {
  kind: "text",
  read(value, path) {
    if (typeof value === "string") return value;
    if (value instanceof Numeral) return value.text;
    throw badValue(value, "System.String", path);
  },
  echo: plain,
};

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const isGuid = (value: string): boolean => GUID.test(value);
export const ZERO_GUID = "00000000-0000-0000-0000-000000000000";

/** The zero GUID means "no id": clients echo it back from failed elements. */
export const guid: Field<string | undefined> = {
  kind: "text",
  read(value, path) {
    if (typeof value !== "string" || (value !== "" && !isGuid(value))) {
      throw badValue(value, "System.Nullable`1[System.Guid]", path);
    }
    return value === "" || value === ZERO_GUID ? undefined : value.toLowerCase();
  },
  echo: (name, value) => (value === undefined ? {} : { [name]: value }),
};

/** Numbers may also arrive as text (facts/xero.md section 4, Common). */
export const decimal: Field<Decimal | undefined> = {
  kind: "decimal",
  read(value, path) {
    if (value === "") return undefined;
    const source = value instanceof Numeral ? value.text : typeof value === "string" ? value : undefined;
    const parsed = source === undefined ? undefined : parseDecimal(source);
    if (parsed === undefined) throw badValue(value, "System.Nullable`1[System.Decimal]", path);
    return parsed;
  },
  echo: (name, value) => (value === undefined ? {} : { [name]: number(value.units, value.scale) }),
};

export const day: Field<string | undefined> = {
  kind: "day",
  read(value, path) {
    if (value === "") return undefined;
    const parsed = typeof value === "string" ? parseDay(value) : undefined;
    if (parsed === undefined) throw badValue(value, "System.Nullable`1[System.DateTime]", path);
    return parsed;
  },
  echo: (name, value) =>
    value === undefined ? {} : { [`${name}String`]: wireDayString(value), [name]: wireDay(value) },
};

export const flag: Field<boolean> = {
  kind: "flag",
  read(value, path) {
    if (typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw badValue(value, "System.Boolean", path);
  },
  echo: plain,
};

/** `typeName` is the .NET type the message names: 'Xero.API.Library..LineAmountType' (message 55). */
export function oneOf<const T extends string>(typeName: string, values: readonly T[]): Field<T | undefined> {
  return {
    kind: "text",
    read(value, path) {
      if (value === "") return undefined;
      const found = values.find((candidate) => candidate === value);
      if (found === undefined)
        throw new PostDataInvalid(conversionError(value, `Xero.API.Library..${typeName}`, path));
      return found;
    },
    echo: (name, value) => (value === undefined ? {} : { [name]: value }),
  };
}

export function record<S extends Shape>(shape: S): Field<Read<S>> {
  return {
    kind: "record",
    read: (value, path) => readShape(shape, value, path),
    echo: (name, value) => ({ [name]: echoShape(shape, value) }),
  };
}

export function list<S extends Shape>(shape: S): Field<Read<S>[]> {
  return {
    kind: "list",
    read(value, path) {
      // Some clients send one object where a list is meant; Xero's reader takes it.
      const items = Array.isArray(value) ? value : [value];
      return items.map((item, index) => readShape(shape, item, `${path}[${index}]`));
    },
    echo: (name, value) => ({ [name]: value.map((item) => echoShape(shape, item)) }),
  };
}

/** Message 54; a word that an enumeration does not have is message 55 and has no such beginning. */
const badValue = (value: Input, typeName: string, path: string): PostDataInvalid =>
  new PostDataInvalid(`JSON for post data was invalid, ${conversionError(value, typeName, path)}`);

function conversionError(value: Input, typeName: string, path: string): string {
  const shown =
    value instanceof Numeral ? value.text : typeof value === "string" ? `"${value}"` : brief(value);
  return `Error converting value ${shown} to type '${typeName}'. Path '${path}'.`;
}

const brief = (value: Input): string =>
  Array.isArray(value) ? "[...]" : value === null ? "{null}" : String(value);
