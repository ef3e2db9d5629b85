/**
 * OpenAPI schemas as JSON Schema that takes nothing beyond the document: members that it does not name are refused, and so
 * are read-only members of a request.
 */
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { Api, Schema } from "./openapi.ts";

export type Direction = "request" | "answer";
export type Compile = (schema: Schema, direction: Direction) => ValidateFunction;

/** Keywords that ajv knows as OpenAPI does; everything else of an OpenAPI schema only describes. */
const SAME = [
  "type",
  "enum",
  "maxLength",
  "minLength",
  "pattern",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
  "nullable",
];
const FORMATS = new Set(["uuid", "date-time", "date", "uri", "email"]);

/** Xero writes dates as /Date(ms+0000)/ and takes days (facts/xero.md section 4, "Dates out"). */
const WIRE_DATE = "^/Date\\(-?\\d+(\\+0000)?\\)/$";
const SENT_DATE = "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z?)?$";

export function createCompile(api: Api): Compile {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: true });
  addFormats.default(ajv);
  for (const direction of ["request", "answer"] as const) {
    const definitions = Object.entries(api.schemas).map(([name, schema]) => [
      name,
      toStrict(schema, direction, keyOf(api, direction)),
    ]);
    ajv.addSchema({ $id: keyOf(api, direction), definitions: Object.fromEntries(definitions) });
  }
  const compiled: Record<Direction, Map<Schema, ValidateFunction>> = {
    request: new Map(),
    answer: new Map(),
  };
  return (schema, direction) => {
    const known = compiled[direction].get(schema);
    if (known !== undefined) return known;
    const made = ajv.compile(toStrict(schema, direction, keyOf(api, direction)));
    compiled[direction].set(schema, made);
    return made;
  };
}

const keyOf = ({ name }: Api, direction: Direction): string => `contract://${name}/${direction}`;

function toStrict(schema: Schema, direction: Direction, key: string): Schema {
  const strict = (inner: unknown): Schema => toStrict(asSchema(inner), direction, key);
  if (typeof schema.$ref === "string")
    return { $ref: `${key}#/definitions/${schema.$ref.split("/").at(-1)}` };
  const made: Record<string, unknown> = {};
  for (const keyword of SAME) if (schema[keyword] !== undefined) made[keyword] = schema[keyword];
  if (typeof schema.format === "string" && FORMATS.has(schema.format)) made.format = schema.format;
  if (schema["x-is-msdate"] === true || schema["x-is-msdate-time"] === true)
    made.pattern = direction === "answer" ? WIRE_DATE : SENT_DATE;
  for (const keyword of ["allOf", "anyOf", "oneOf"])
    if (Array.isArray(schema[keyword])) made[keyword] = schema[keyword].map(strict);
  if (schema.items !== undefined) made.items = strict(schema.items);
  if (schema.properties !== undefined) Object.assign(made, members(schema, direction, strict));
  else if (typeof schema.additionalProperties === "object")
    made.additionalProperties = strict(schema.additionalProperties);
  return made;
}

function members(schema: Schema, direction: Direction, strict: (inner: unknown) => Schema): Schema {
  const all = Object.entries(asSchema(schema.properties)).map(
    ([name, inner]) => [name, asSchema(inner)] as const,
  );
  const isReadOnly = (name: string): boolean =>
    direction === "request" && all.some(([other, inner]) => other === name && inner.readOnly === true);
  const required = Array.isArray(schema.required) ? schema.required.filter((name) => !isReadOnly(name)) : [];
  const { additionalProperties } = schema;
  return {
    // Some definitions leave the type out; it is an object all the same.
    type: "object",
    properties: Object.fromEntries(
      all.map(([name, inner]) => [name, isReadOnly(name) ? false : strict(inner)]),
    ),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: typeof additionalProperties === "object" ? strict(additionalProperties) : false,
  };
}

const asSchema = (value: unknown): Schema =>
  typeof value === "object" && value !== null ? (value as Schema) : {};
