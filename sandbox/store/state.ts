import type { Journal } from "../shared/journal.ts";
import { openJournal } from "../shared/journal.ts";
import type { JsonObject } from "./json.ts";
import { cloneJson, isObject, numberAt, objects, textAt } from "./json.ts";
import { shareCopies, withCopies, withoutCopies } from "./share-copies.ts";
import type { Kept, TableRows } from "./table-rows.ts";
import { createTableRows } from "./table-rows.ts";

/** The tables of the demo store, each with the field that identifies a row. */
export const TABLES = {
  orders: "entity_id",
  invoices: "entity_id",
  creditmemos: "entity_id",
  shipments: "entity_id",
  transactions: "transaction_id",
  products: "sku",
  customers: "id",
  sourceItems: "key",
  bulks: "bulk_uuid",
  settings: "name",
} as const;
export type Table = keyof typeof TABLES;

/** Reads and staged writes of one request; nothing is visible to others before it commits. */
export type Transaction = {
  all(table: Table): readonly JsonObject[];
  /** The documents of one order. */
  ofOrder(table: Table, orderId: string | number): readonly JsonObject[];
  /** The first row with this increment id, which is unique per store view only (magento.md 3). */
  withIncrement(table: Table, incrementId: string): JsonObject | undefined;
  /** A copy that may be changed and put back. */
  get(table: Table, id: string | number): JsonObject | undefined;
  put(table: Table, row: JsonObject): void;
  remove(table: Table, id: string | number): void;
  nextId(sequence: string): number;
};

export type State = {
  read: Pick<Transaction, "all" | "get" | "ofOrder" | "withIncrement">;
  /** Runs change, journals what it put, then makes it visible. A throw leaves everything as it was. */
  transact<T>(change: (transaction: Transaction) => T): T;
  /** Empties every table; the caller seeds again. */
  reset(): void;
  isEmpty(): boolean;
  close(): void;
};

type Change = { put: [Table, JsonObject][]; remove: [Table, string][]; reset?: boolean };

export function openState(journalPath?: string): State {
  const tables = createTables();
  const sequences = new Map<string, number>();
  const documents = createOrderDocuments();
  const apply = (change: Change): void => {
    if (change.reset) {
      for (const rows of Object.values(tables)) rows.clear();
      sequences.clear();
      documents.clear();
    }
    for (const [table, row] of change.put) {
      const id = textAt(row, TABLES[table]);
      documents.note(table, tables[table].get(id), row);
      tables[table].put(id, row);
      noteIds(table, row, sequences);
    }
    for (const [table, id] of change.remove) {
      documents.note(table, tables[table].get(id), undefined);
      tables[table].remove(id);
    }
  };
  const journal: Journal | undefined =
    journalPath === undefined
      ? undefined
      : openJournal(journalPath, (entry) => apply(fromJournal(toChange(entry))));
  const commit = (change: Change): void => {
    // Written before it is visible, so whoever was answered finds it after kill -9.
    for (const [table, row] of change.put) if (table === "orders") shareCopies(row);
    journal?.append(toJournal(change));
    apply(change);
  };
  const read = readerOf(tables, documents);
  return {
    read,
    transact: (change) => {
      const staged: Staged = new Map();
      const next = new Map<string, number>();
      const result = change(transactionOver({ read, staged, sequences, next }));
      const made = changeOf(staged);
      // A copy, so that the caller's hands are off what is stored.
      if (made.put.length + made.remove.length > 0)
        commit({ put: made.put.map(([table, row]) => [table, cloneJson(row)]), remove: made.remove });
      return result;
    },
    reset: () => commit({ put: [], remove: [], reset: true }),
    isEmpty: () => Object.values(tables).every((rows) => rows.size() === 0),
    close: () => journal?.close(),
  };
}

const toJournal = (change: Change): Change => ({
  ...change,
  put: change.put.map(([table, row]) => [table, table === "orders" ? withoutCopies(row) : row]),
});

/** A journal of an earlier version wrote the copies out; they are shared all the same. */
function fromJournal(change: Change): Change {
  const put = change.put.map(([table, row]): [Table, JsonObject] => {
    if (table !== "orders") return [table, row];
    const order = withCopies(row);
    shareCopies(order);
    return [table, order];
  });
  return { ...change, put };
}

function readerOf(tables: Record<Table, TableRows>, documents: OrderDocuments): State["read"] {
  const rowsOf = (table: Table, ids: Iterable<string>): JsonObject[] =>
    [...ids].map((id) => tables[table].get(id)).filter((row) => row !== undefined);
  return {
    all: (table) => tables[table].snapshot(),
    get: (table, id) => {
      const row = tables[table].get(String(id));
      return row === undefined ? undefined : cloneJson(row);
    },
    ofOrder: (table, orderId) => rowsOf(table, documents.find(table, orderId)),
    withIncrement: (table, incrementId) => {
      const found = tables[table]
        .valuesOf("increment_id")
        ?.find(incrementId)
        ?.map(({ row }) => row);
      const row = (found ?? tables[table].snapshot()).find((own) => own.increment_id === incrementId);
      return row === undefined ? undefined : cloneJson(row);
    },
  };
}

/** Rows put by the running transaction, or undefined where it removed one. */
type Staged = Map<Table, Map<string, JsonObject | undefined>>;

function changeOf(staged: Staged): Change {
  const change: Change = { put: [], remove: [] };
  for (const [table, rows] of staged) {
    for (const [id, row] of rows) {
      if (row === undefined) change.remove.push([table, id]);
      else change.put.push([table, row]);
    }
  }
  return change;
}

function transactionOver(input: {
  read: State["read"];
  staged: Staged;
  sequences: ReadonlyMap<string, number>;
  next: Map<string, number>;
}): Transaction {
  const { read, staged, sequences, next } = input;
  const stage = (table: Table, id: string, row: JsonObject | undefined): void => {
    const rows = staged.get(table) ?? new Map<string, JsonObject | undefined>();
    rows.set(id, row);
    staged.set(table, rows);
  };
  return {
    all: (table) => {
      const own = staged.get(table);
      if (own === undefined) return read.all(table);
      const rows = new Map(read.all(table).map((row) => [textAt(row, TABLES[table]), row]));
      for (const [id, row] of own) {
        if (row === undefined) rows.delete(id);
        else rows.set(id, row);
      }
      return [...rows.values()];
    },
    ofOrder: (table, orderId) => {
      const rows = new Map(read.ofOrder(table, orderId).map((row) => [textAt(row, TABLES[table]), row]));
      for (const [id, row] of staged.get(table) ?? []) {
        if (row === undefined) rows.delete(id);
        else if (textAt(row, "order_id") === String(orderId)) rows.set(id, row);
      }
      return [...rows.values()];
    },
    withIncrement: (table, incrementId) => {
      const own = [...(staged.get(table)?.values() ?? [])].find((row) => row?.increment_id === incrementId);
      if (own !== undefined) return cloneJson(own);
      const row = read.withIncrement(table, incrementId);
      return row === undefined || staged.get(table)?.has(textAt(row, TABLES[table])) ? undefined : row;
    },
    get: (table, id) => {
      const own = staged.get(table);
      if (own?.has(String(id)) !== true) return read.get(table, id);
      const row = own.get(String(id));
      return row === undefined ? undefined : cloneJson(row);
    },
    put: (table, row) => stage(table, textAt(row, TABLES[table]), row),
    remove: (table, id) => stage(table, String(id), undefined),
    nextId: (sequence) => {
      const id = (next.get(sequence) ?? sequences.get(sequence) ?? firstFree(sequence)) + 1;
      next.set(sequence, id);
      return id;
    },
  };
}

/** A shop that has sold before: small ids stay free for imported dumps, which like to use them. */
const firstFree = (sequence: string): number => (sequence.startsWith("orders") ? 1000 : 0);

/** What connectors poll and look up by (magento.md 5), kept from the start. */
const POLLED: Kept = {
  orders: ["updated_at", "created_at"].map((field) => [
    { field, sign: 1 },
    { field: "entity_id", sign: 1 },
  ]),
  lookUps: ["increment_id"],
};

const createTables = (): Record<Table, TableRows> => ({
  orders: createTableRows(POLLED),
  invoices: createTableRows(POLLED),
  creditmemos: createTableRows(POLLED),
  shipments: createTableRows(POLLED),
  transactions: createTableRows(),
  products: createTableRows(),
  customers: createTableRows(),
  sourceItems: createTableRows(),
  bulks: createTableRows(),
  settings: createTableRows(),
});

/** Sequences follow the highest id seen, so they need no rows of their own. */
function noteIds(table: Table, row: JsonObject, sequences: Map<string, number>): void {
  const note = (sequence: string, id: number): void => {
    if (Number.isInteger(id) && id > (sequences.get(sequence) ?? 0)) sequences.set(sequence, id);
  };
  note(table, numberAt(row, TABLES[table]));
  if (table === "products") note(table, numberAt(row, "id"));
  const lines = objects(row.items);
  for (const line of lines)
    note(`${table}.items`, numberAt(line, table === "orders" ? "item_id" : "entity_id"));
  for (const comment of objects(row.status_histories)) note("comments", numberAt(comment, "entity_id"));
  for (const comment of objects(row.comments)) note("comments", numberAt(comment, "entity_id"));
  const storeId = textAt(row, "store_id");
  const increment = textAt(row, "increment_id").match(/^(\d)?(\d{9})(?:-\d+)?$/);
  if (increment?.[2] !== undefined) note(`${table}.increment.${storeId}`, Number(increment[2]));
}

/** Which documents belong to an order. */
type OrderDocuments = {
  note(table: Table, before: JsonObject | undefined, after: JsonObject | undefined): void;
  find(table: Table, orderId: string | number): Iterable<string>;
  clear(): void;
};

function createOrderDocuments(): OrderDocuments {
  const ids = new Map<string, Set<string>>();
  const keyOf = (table: Table, row: JsonObject | undefined): string | undefined => {
    const orderId = row === undefined ? "" : textAt(row, "order_id");
    return orderId === "" ? undefined : `${table}/${orderId}`;
  };
  return {
    note(table, before, after) {
      const [old, now] = [keyOf(table, before), keyOf(table, after)];
      if (old === now) return;
      if (old !== undefined) ids.get(old)?.delete(textAt(before ?? {}, TABLES[table]));
      if (now === undefined) return;
      const found = ids.get(now) ?? new Set<string>();
      ids.set(now, found.add(textAt(after ?? {}, TABLES[table])));
    },
    find: (table, orderId) => ids.get(`${table}/${orderId}`) ?? [],
    clear: () => ids.clear(),
  };
}

function toChange(entry: unknown): Change {
  if (!isObject(entry) || !Array.isArray(entry.put) || !Array.isArray(entry.remove)) {
    throw new Error("The store's journal holds a line that is not a change.");
  }
  // The journal is written by this module only; a damaged line fails when it is parsed.
  return entry as unknown as Change;
}
