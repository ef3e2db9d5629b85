import type { JsonObject } from "./json.ts";

/** Compares two rows: below zero when the first comes first. */
export type Compare = (a: JsonObject, b: JsonObject) => number;

/** The rows of one table in insertion order; a replaced row keeps its place. */
export type TableRows = {
  get(id: string): JsonObject | undefined;
  put(id: string, row: JsonObject): void;
  remove(id: string): void;
  clear(): void;
  size(): number;
  /** The same array until the table changes, so that a list costs no copy. */
  snapshot(): readonly JsonObject[];
};

/** Rows in one order, and what has changed since they were put into it. */
type Ordered = { rows: readonly JsonObject[]; gone: Set<JsonObject>; fresh: Set<JsonObject> };

/** Orders kept per table; a list in yet another one is sorted anew. */
const ORDERS_KEPT = 6;

type OrderKeeper = (name: string, compare: Compare) => readonly JsonObject[];
const KEEPER_OF = new WeakMap<readonly JsonObject[], OrderKeeper>();

/**
 * Rows sorted by `compare`; `name` says which order that is. For a table's snapshot the order is kept and follows
 * every change by merging, because sorting a hundred thousand rows per request would be felt.
 */
export function sortedRows(
  rows: readonly JsonObject[],
  name: string,
  compare: Compare,
): readonly JsonObject[] {
  const keeper = KEEPER_OF.get(rows);
  return keeper === undefined ? [...rows].sort(compare) : keeper(name, compare);
}

export function createTableRows(): TableRows {
  const rows = new Map<string, JsonObject>();
  const orders = new Map<string, Ordered>();
  let snapshot: readonly JsonObject[] | undefined;
  const changed = (before: JsonObject | undefined, after: JsonObject | undefined): void => {
    snapshot = undefined;
    for (const ordered of orders.values()) note(ordered, before, after);
  };
  const current = (): readonly JsonObject[] => {
    if (snapshot !== undefined) return snapshot;
    const taken = [...rows.values()];
    snapshot = taken;
    KEEPER_OF.set(taken, (name, compare) => {
      // A snapshot that was overtaken by a change still answers for itself.
      if (snapshot !== taken) return [...taken].sort(compare);
      const ordered = orders.get(name);
      const sorted = ordered === undefined ? [...taken].sort(compare) : merged(ordered, compare);
      if (ordered === undefined && orders.size >= ORDERS_KEPT) orders.delete([...orders.keys()][0] ?? "");
      orders.set(name, { rows: sorted, gone: new Set(), fresh: new Set() });
      return sorted;
    });
    return taken;
  };
  return {
    get: (id) => rows.get(id),
    put(id, row) {
      changed(rows.get(id), row);
      rows.set(id, row);
    },
    remove(id) {
      changed(rows.get(id), undefined);
      rows.delete(id);
    },
    clear() {
      rows.clear();
      orders.clear();
      snapshot = undefined;
    },
    size: () => rows.size,
    snapshot: current,
  };
}

function note(ordered: Ordered, before: JsonObject | undefined, after: JsonObject | undefined): void {
  if (before !== undefined && !ordered.fresh.delete(before)) ordered.gone.add(before);
  if (after !== undefined) ordered.fresh.add(after);
}

/** The sort finds two sorted runs and merges them. */
function merged({ rows, gone, fresh }: Ordered, compare: Compare): readonly JsonObject[] {
  if (gone.size === 0 && fresh.size === 0) return rows;
  const kept = gone.size === 0 ? rows : rows.filter((row) => !gone.has(row));
  return [...kept, ...[...fresh].sort(compare)].sort(compare);
}
