/** Opaque cursors: where the next page begins, as callers hand it back. */
import { z } from "zod";
import type { EngineError } from "../api.ts";
import { err, ok, type Result } from "../core/result.ts";

/** The sort columns of the last row: an instant or a number, or null where that column is empty, and the id if it needs one. */
export type Position = readonly [key: string | null, id: string];

const Position = z.tuple([z.string().max(60).nullable(), z.string().max(100)]);

export const cursorOf = (position: Position): string =>
  Buffer.from(JSON.stringify(position)).toString("base64url");

/** `undefined` for the first page. */
export function readCursor(cursor: string | undefined): Result<Position | undefined, EngineError> {
  if (cursor === undefined || cursor === "") return ok(undefined);
  const parsed = Position.safeParse(jsonOf(Buffer.from(cursor, "base64url").toString()));
  if (parsed.success) return ok(parsed.data);
  const message = "The cursor is not one that this list gave.";
  return err({ kind: "invalid", message, problems: [{ path: "cursor", message, nearest: [] }] });
}

/** An instant of a cursor; a cursor that was edited by hand may hold anything. */
export function readInstant(text: string | null): Date | null {
  const at = new Date(text ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The page of `limit` rows from one row more, with the cursor of the next. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => Position,
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown,
    nextCursor: rows.length > limit && last !== undefined ? cursorOf(positionOf(last)) : null,
  };
}
