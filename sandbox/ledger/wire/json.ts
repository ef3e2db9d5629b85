import { formatUnits } from "./decimal.ts";

/** A JSON number as the request wrote it, so that 0.30000000000000004 is seen as such and never becomes a float. */
export class Numeral {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Input = null | boolean | string | Numeral | Input[] | InputRecord;
export type InputRecord = { [key: string]: Input };

type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;

const keepSource: SourceReviver = (_key, value, context) =>
  typeof value === "number" ? new Numeral(context.source ?? String(value)) : value;

/** Throws SyntaxError on malformed JSON. */
export function parseJson(text: string): Input {
  const parse = JSON.parse as (text: string, reviver: SourceReviver) => unknown;
  return parse(text, keepSource) as Input;
}

export function isRecord(value: Input | undefined): value is InputRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Numeral);
}

/** Key case is tolerant on Xero's side (facts/xero.md section 4, Common). */
export function fieldOf(record: InputRecord, name: string): Input | undefined {
  if (Object.hasOwn(record, name)) return record[name];
  const wanted = name.toLowerCase();
  const key = Object.keys(record).find((candidate) => candidate.toLowerCase() === wanted);
  return key === undefined ? undefined : record[key];
}

/** A number that JSON.stringify writes exactly as given. */
export type RawNumber = { readonly rawJSON: string };
export type Json =
  | null
  | boolean
  | string
  | number
  | RawNumber
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };
export type JsonRecord = { readonly [key: string]: Json | undefined };

const rawJSON = (JSON as unknown as { rawJSON(text: string): RawNumber }).rawJSON;

export const money = (cents: bigint): RawNumber => rawJSON(formatUnits(cents, 2));
export const number = (units: bigint, scale: number): RawNumber => rawJSON(formatUnits(units, scale));

export const renderJson = (value: Json): string => JSON.stringify(value);
