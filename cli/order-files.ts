/** Files of Magento JSON: one document, an array, or the page that Magento's REST API gives. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseExactJson } from "../engine/adapters/magento/json.ts";
import { err, ok, type Result } from "../engine/core/result.ts";
import type { Json } from "../engine/core/shapes.ts";
import { badInput, type Failure } from "./exit.ts";

export type Row = { readonly [key: string]: Json };

/** `isList` tells an array of one from a single document: the answer has the same shape as the question. */
export type JsonRows = { readonly rows: readonly Row[]; readonly isList: boolean };

/** Decimals are text, digit for digit. Every failure names the file, the place and what was expected. */
export async function readRows(cwd: string, path: string, what: string): Promise<Result<JsonRows, Failure>> {
  const json = await readJson(cwd, path);
  if (!json.ok) return json;
  const list = listOf(json.value);
  const rows = list ?? [json.value];
  const wrong = rows.findIndex((row) => !isRow(row));
  if (wrong >= 0) {
    const where = list === undefined ? "the top" : `member ${wrong}`;
    return err(fileFault(path, `${where}: ${kindOf(rows[wrong])} was found; ${what} was expected.`));
  }
  return ok({ rows: rows.filter(isRow), isList: list !== undefined });
}

export async function readJson(cwd: string, path: string): Promise<Result<Json, Failure>> {
  const text = await readText(cwd, path);
  if (!text.ok) return text;
  const json = parseExactJson(text.value);
  return json.ok ? json : err(fileFault(path, json.error.message));
}

/**
 * The same rows as JSON text with the very digits of the file, for a store that serves back what it was given. An amount
 * such as 10.00 would otherwise come back as 10.
 */
export async function readRowTexts(
  cwd: string,
  path: string,
  what: string,
): Promise<Result<readonly string[], Failure>> {
  const rows = await readRows(cwd, path, what);
  if (!rows.ok) return rows;
  const text = await readText(cwd, path);
  if (!text.ok) return text;
  const verbatim = JSON.parse(
    withoutMark(text.value),
    keepDigits as (key: string, value: unknown) => unknown,
  ) as Json;
  return ok((listOf(verbatim) ?? [verbatim]).map((row) => JSON.stringify(row)));
}

export const fileFault = (path: string, message: string): Failure =>
  badInput(`${path}: ${message}`, "Nothing was read from it.");

async function readText(cwd: string, path: string): Promise<Result<string, Failure>> {
  try {
    return ok(await readFile(resolve(cwd, path), "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return err(fileFault(path, "there is no such file."));
    if (code === "EISDIR") return err(fileFault(path, "this is a folder; a JSON file was expected."));
    if (code === "EACCES") return err(fileFault(path, "it may not be read."));
    throw error;
  }
}

/** An order has `items` too, so a page is what has no number of its own and only what a page has. */
function listOf(json: Json): readonly Json[] | undefined {
  if (Array.isArray(json)) return json;
  if (!isRow(json) || !Array.isArray(json.items) || "increment_id" in json) return undefined;
  const isPage = "search_criteria" in json || "total_count" in json || Object.keys(json).length === 1;
  return isPage ? json.items : undefined;
}

const isRow = (json: Json): json is { [key: string]: Json } =>
  typeof json === "object" && json !== null && !Array.isArray(json);

function kindOf(json: Json | undefined): string {
  if (json === null || json === undefined) return "null";
  if (Array.isArray(json)) return "an array";
  return typeof json === "object" ? "an object" : `a ${typeof json}`;
}

const withoutMark = (text: string): string => (text.startsWith("\uFEFF") ? text.slice(1) : text);

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || context?.source === undefined) return value;
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(context.source);
}
