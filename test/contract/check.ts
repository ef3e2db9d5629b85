/** One recorded exchange against the operation that it belongs to: everything that the document does not describe. */
import type { ErrorObject } from "ajv";
import type { RecordedExchange } from "../../sandbox/shared/exchanges.ts";
import type { Answer, Api, Operation, Parameter, Schema } from "./openapi.ts";
import { type Compile, createCompile, type Direction } from "./strict-schema.ts";

export type Violation = {
  readonly api: string;
  /** The document's operation id, or method and path where it has none. */
  readonly operation: string;
  readonly part: Direction;
  /** Into the body, list positions as `*` and an unknown or missing member at its end; or `query x`, `header x`, `status`. */
  readonly pointer: string;
  /** ajv's keyword, or `undocumented`, `missing`, `mediaType`, `notJson`. */
  readonly keyword: string;
  readonly message: string;
  /** What was there, cut. */
  readonly found: string;
  /** The members that an element of the operation's good answer may have: a refusal echoes such an element. */
  readonly siblings: ReadonlySet<string>;
  readonly exchange: RecordedExchange;
};

/** Where an API lives on a demo server: what follows in a path is the document's path. */
export type Mount = { readonly api: Api; readonly server: RecordedExchange["server"]; readonly base: RegExp };

export type Checked = {
  readonly operation: Operation | undefined;
  readonly violations: readonly Violation[];
};

export function createChecker(
  mounts: readonly Mount[],
  isOurs: (exchange: RecordedExchange) => boolean,
): (exchange: RecordedExchange) => Checked {
  const compiles = new Map(mounts.map(({ api }) => [api.name, createCompile(api)]));
  return (exchange) => {
    const found = findOperation(mounts, exchange);
    if (found === undefined) return { operation: undefined, violations: unknownOperation(mounts, exchange) };
    const { operation, values } = found;
    const compile = compiles.get(operation.api);
    if (compile === undefined) throw new Error(`no schemas of ${operation.api}`);
    const api = mounts.find((mount) => mount.api.name === operation.api)?.api;
    const siblings = api === undefined ? new Set<string>() : membersOfElement(api, operation);
    const report = reporter({ api: operation.api, operation: operation.id, exchange, siblings });
    const context = { operation, exchange, compile, report };
    return {
      operation,
      violations: [
        ...(isOurs(exchange) ? [...checkParameters(context, values), ...checkBody(context)] : []),
        ...checkAnswer(context),
      ],
    };
  };
}

type Found = { operation: Operation; values: Readonly<Record<string, string>> };

function findOperation(
  mounts: readonly Mount[],
  { server, method, path }: RecordedExchange,
): Found | undefined {
  const found = mounts.flatMap((mount) => {
    const base = mount.server === server ? mount.base.exec(path) : null;
    if (base === null) return [];
    const segments = segmentsOf(path.slice(base[0].length));
    return mount.api.operations.flatMap((operation) => {
      const values =
        operation.method === method ? matchPath(segmentsOf(operation.path), segments) : undefined;
      return values === undefined ? [] : [{ operation, values }];
    });
  });
  const shapeOf = ({ operation, values }: Found): number =>
    // Of several the one with the fewest parameters, and of those the one whose parameters have the right form.
    Object.keys(values).length * 2 + (formsFit(operation, values) ? 0 : 1);
  return found.sort((left, right) => shapeOf(left) - shapeOf(right))[0];
}

const segmentsOf = (path: string): string[] => path.split("/").filter((segment) => segment !== "");

function matchPath(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (/^\{.*\}$/.test(part)) values[part.slice(1, -1)] = decode(segment);
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return values;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const formsFit = (operation: Operation, values: Readonly<Record<string, string>>): boolean =>
  operation.parameters.every(
    ({ name, schema }) => values[name] === undefined || schema.format !== "uuid" || GUID.test(values[name]),
  );

/** What no document describes may be refused, and only refused. */
function unknownOperation(mounts: readonly Mount[], exchange: RecordedExchange): Violation[] {
  const { server, method, path, answer } = exchange;
  const ofServer = mounts.filter(({ server: own }) => own === server);
  const mount = ofServer.find(({ base }) => base.test(path)) ?? ofServer[0];
  if (answer === null || answer.status >= 400) return [];
  const operation = `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, "{id}").replace(/\/\d+(?=\/|$)/g, "/{id}")}`;
  const api = mount?.api.name ?? server;
  return [
    reporter({ api, operation, exchange, siblings: new Set() })(
      "answer",
      "path",
      "undocumented",
      "no such operation",
      path,
    ),
  ];
}

type Report = (
  part: Direction,
  pointer: string,
  keyword: string,
  message: string,
  found: unknown,
) => Violation;

const FOUND_LENGTH_MAX = 120;

const reporter =
  (about: Pick<Violation, "api" | "operation" | "exchange" | "siblings">): Report =>
  (part, pointer, keyword, message, found) => ({
    ...about,
    part,
    pointer,
    keyword,
    message,
    found: (JSON.stringify(found) ?? "nothing").slice(0, FOUND_LENGTH_MAX),
  });

/** An envelope has one list besides its warnings. */
function membersOfElement(api: Api, operation: Operation): ReadonlySet<string> {
  const { properties } = resolved(api, operation.answers.get("200")?.schema);
  const lists = Object.entries(properties ?? {}).filter(
    ([name, { items }]) => items !== undefined && name !== "Warnings",
  );
  return new Set(lists.flatMap(([, { items }]) => Object.keys(resolved(api, items).properties ?? {})));
}

type ObjectSchema = { properties?: Readonly<Record<string, { items?: Schema }>> };
const resolved = (api: Api, schema: Schema | undefined): ObjectSchema =>
  (typeof schema?.$ref === "string" ? api.schemas[schema.$ref.split("/").at(-1) ?? ""] : schema) ?? {};

type Context = { operation: Operation; exchange: RecordedExchange; compile: Compile; report: Report };

function checkParameters(
  { operation, exchange, compile, report }: Context,
  path: Readonly<Record<string, string>>,
): Violation[] {
  const query = new URLSearchParams(exchange.query);
  const inQuery = operation.parameters.filter((parameter) => parameter.in === "query");
  const unknown = [...query].flatMap(([name, value]) =>
    inQuery.some((parameter) => isNamed(parameter, name))
      ? []
      : [report("request", `query ${generalName(name)}`, "undocumented", "unknown parameter", value)],
  );
  const valuesOf = (parameter: Parameter): string[] => {
    if (parameter.in === "path")
      return path[parameter.name] === undefined ? [] : [path[parameter.name] ?? ""];
    if (parameter.in === "query")
      return [...query].filter(([name]) => isNamed(parameter, name)).map(([, value]) => value);
    const value = exchange.headers[parameter.name.toLowerCase()];
    return value === undefined ? [] : [value];
  };
  const known = operation.parameters.flatMap((parameter) => {
    const place = `${parameter.in} ${generalName(parameter.name)}`;
    const values = valuesOf(parameter);
    if (values.length === 0 && parameter.isRequired)
      return [report("request", place, "missing", "required", undefined)];
    return values.flatMap((text) => {
      const validate = compile(parameter.schema, "request");
      return readings(parameter.schema, text).some((value) => validate(value))
        ? []
        : [
            report(
              "request",
              place,
              validate.errors?.[0]?.keyword ?? "type",
              validate.errors?.[0]?.message ?? "",
              text,
            ),
          ];
    });
  });
  return [...unknown, ...known];
}

/** Magento's document shows list parameters with the index 0 alone; Xero's query names have no case (facts/xero.md section 2). */
const isNamed = ({ name }: Parameter, given: string): boolean =>
  name.replaceAll(/\[\d+\]/g, "[0]").toLowerCase() === given.replaceAll(/\[\d+\]/g, "[0]").toLowerCase();
const generalName = (name: string): string => name.replaceAll(/\[\d+\]/g, "[*]");

/** A parameter is text; what it may mean is for its type to say. */
function readings(schema: Schema, text: string): unknown[] {
  if (schema.type === "array") return [text.split(",")];
  if (schema.type === "boolean") return [{ true: true, false: false, "1": true, "0": false }[text] ?? text];
  if (schema.type === "integer" || schema.type === "number")
    return [/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text];
  return [text];
}

function checkBody({ operation, exchange, compile, report }: Context): Violation[] {
  const { body: text } = exchange;
  if (text === null) return [];
  if (operation.body === undefined)
    return text === "" ? [] : [report("request", "body", "undocumented", "takes no body", text)];
  if (text === "")
    return operation.body.isRequired ? [report("request", "body", "missing", "required", undefined)] : [];
  if (operation.body.schema === undefined) return [];
  const type = exchange.headers["content-type"] ?? "";
  const value = type.includes("x-www-form-urlencoded")
    ? Object.fromEntries(new URLSearchParams(text))
    : parsed(text);
  if (value === undefined) return [report("request", "body", "notJson", "not JSON", text)];
  return schemaViolations({ schema: operation.body.schema, value, part: "request", compile, report });
}

function checkAnswer({ operation, exchange, compile, report }: Context): Violation[] {
  const { answer } = exchange;
  if (answer === null) return [];
  const documented = operation.answers.get(String(answer.status)) ?? operation.answers.get("default");
  if (documented === undefined)
    return [report("answer", `status ${answer.status}`, "undocumented", "undocumented status", answer.body)];
  const type = answer.contentType?.split(";")[0] ?? "";
  if (documented.schema === undefined) return mediaTypeViolations(documented, type, answer.body, report);
  const value = type === "application/json" && answer.body !== null ? parsed(answer.body) : undefined;
  if (value === undefined)
    return [
      report("answer", `status ${answer.status}`, "notJson", `JSON was expected, not "${type}"`, answer.body),
    ];
  const own = ownWork(exchange, value);
  return own === undefined
    ? []
    : schemaViolations({ schema: documented.schema, value: own, part: "answer", compile, report });
}

/** The answer without imported orders, which are served as they came; undefined where nothing else is in it. */
function ownWork({ imported = [], query }: RecordedExchange, value: unknown): unknown {
  if (imported.length === 0) return value;
  const ids = new Set<unknown>(imported);
  const isImported = (element: unknown): boolean => {
    const { entity_id: id, order_id: orderId } = element as Record<string, unknown>;
    return ids.has(String(orderId ?? id));
  };
  const list =
    typeof value === "object" && value !== null && "search_criteria" in value && "items" in value
      ? value
      : undefined;
  // A list of chosen fields may lack the ids.
  if (list === undefined || !Array.isArray(list.items) || query.includes("fields=")) return undefined;
  return { ...list, items: list.items.filter((element) => !isImported(element)) };
}

/** octet-stream stands for any file; an answer without content is empty. */
function mediaTypeViolations(
  { mediaTypes }: Answer,
  type: string,
  body: string | null,
  report: Report,
): Violation[] {
  if (mediaTypes.length === 0)
    return body === "" ? [] : [report("answer", "body", "undocumented", "no content is described", body)];
  return mediaTypes.includes("application/octet-stream") || mediaTypes.includes(type)
    ? []
    : [report("answer", "body", "mediaType", `one of ${mediaTypes.join(", ")}`, type)];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type SchemaCheck = { schema: Schema; value: unknown; part: Direction; compile: Compile; report: Report };

function schemaViolations({ schema, value, part, compile, report }: SchemaCheck): Violation[] {
  const validate = compile(schema, part);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) =>
    report(
      part,
      pointerOf(error, value),
      error.keyword === "false schema" ? "readOnly" : error.keyword,
      error.message ?? "",
      valueAt(value, error),
    ),
  );
}

function pointerOf(error: ErrorObject, value: unknown): string {
  let at = value;
  const steps = stepsOf(error.instancePath).map((step) => {
    const isList = Array.isArray(at);
    at = (at as Record<string, unknown> | undefined)?.[step];
    return isList ? "*" : step;
  });
  const own: unknown = error.params.additionalProperty ?? error.params.missingProperty;
  return `/${[...steps, ...(typeof own === "string" ? [own] : [])].join("/")}`;
}

function valueAt(value: unknown, { instancePath, params }: ErrorObject): unknown {
  const own = params.additionalProperty === undefined ? [] : [String(params.additionalProperty)];
  return [...stepsOf(instancePath), ...own].reduce<unknown>(
    (at, step) => (at as Record<string, unknown> | undefined)?.[step],
    value,
  );
}

const stepsOf = (instancePath: string): string[] =>
  instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
