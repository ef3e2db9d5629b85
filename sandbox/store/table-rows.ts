import type { JsonObject } from "./json.ts";
import type { OrderIndex, Placed, SortColumn } from "./order-index.ts";
import { createOrderIndex } from "./order-index.ts";
import type { ValueIndex } from "./value-index.ts";
import { createValueIndex } from "./value-index.ts";

/** The rows of one table in insertion order; a replaced row keeps its place. */
export type TableRows = {
  get(id: string): JsonObject | undefined;
  put(id: string, row: JsonObject): void;
  remove(id: string): void;
  clear(): void;
  size(): number;
  /** The same array until the table changes, so that a list costs no copy. */
  snapshot(): readonly JsonObject[];
  /** The rows in that order, kept from now on. */
  ordered(columns: readonly SortColumn[]): OrderIndex;
  /** The index of a column by which single rows are looked up, where the table has one. */
  valuesOf(field: string): ValueIndex | undefined;
};

export type Kept = {
  /** Orders that are kept from the start, row by row: cheaper than sorting a large table when the first list asks. */
  orders?: readonly (readonly SortColumn[])[];
  /** Columns of text that are looked up. */
  lookUps?: readonly string[];
};

/** Orders kept per table; the one that was made first goes when there are more. */
const ORDERS_KEPT = 8;

const TABLE_OF = new WeakMap<readonly JsonObject[], TableRows>();

/** The table that an array is the present snapshot of; none for any other array, or once the table has changed. */
export const tableOf = (rows: readonly JsonObject[]): TableRows | undefined => {
  const table = TABLE_OF.get(rows);
  return table?.snapshot() === rows ? table : undefined;
};

export function createTableRows({ orders = [], lookUps = [] }: Kept = {}): TableRows {
  const rows = new Map<string, Placed>();
  const indexes = new Map<string, OrderIndex>();
  const values = new Map(lookUps.map((field) => [field, createValueIndex(field)]));
  const all = (): (OrderIndex | ValueIndex)[] => [...indexes.values(), ...values.values()];
  let places = 0;
  let snapshot: readonly JsonObject[] | undefined;
  const table: TableRows = {
    get: (id) => rows.get(id)?.row,
    put(id, row) {
      const before = rows.get(id);
      places += before === undefined ? 1 : 0;
      const placed = { row, place: before?.place ?? places };
      rows.set(id, placed);
      snapshot = undefined;
      for (const index of all()) {
        if (before !== undefined) index.remove(before.row);
        index.add(placed);
      }
    },
    remove(id) {
      const before = rows.get(id);
      if (before === undefined) return;
      rows.delete(id);
      snapshot = undefined;
      for (const index of all()) index.remove(before.row);
    },
    clear() {
      rows.clear();
      for (const index of all()) index.clear();
      snapshot = undefined;
    },
    size: () => rows.size,
    snapshot() {
      if (snapshot !== undefined) return snapshot;
      snapshot = Array.from(rows.values(), ({ row }) => row);
      TABLE_OF.set(snapshot, table);
      return snapshot;
    },
    ordered(columns) {
      const name = columns.map(({ field, sign }) => `${field} ${sign}`).join();
      const known = indexes.get(name);
      if (known !== undefined) return known;
      const [oldest] = [...indexes.keys()].slice(orders.length);
      if (indexes.size >= ORDERS_KEPT && oldest !== undefined) indexes.delete(oldest);
      const index = createOrderIndex(columns, rows.values());
      indexes.set(name, index);
      return index;
    },
    valuesOf: (field) => values.get(field),
  };
  for (const columns of orders) table.ordered(columns);
  return table;
}
