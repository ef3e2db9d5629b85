import type * as rows from "./rows.ts";

export type Tables = {
  organisation: rows.Organisation;
  accounts: rows.Account;
  taxRates: rows.TaxRate;
  trackingCategories: rows.TrackingCategory;
  currencies: rows.Currency;
  contacts: rows.Contact;
  documents: rows.TradeDocument;
  payments: rows.Payment;
  allocations: rows.Allocation;
  batchPayments: rows.BatchPayment;
  items: rows.Item;
  stockMoves: rows.StockMove;
  manualJournals: rows.ManualJournal;
  history: rows.HistoryRecord;
  attachments: rows.Attachment;
  tokens: rows.Token;
  connections: rows.Connection;
  answers: rows.RememberedAnswer;
  counters: rows.Counter;
  webhooks: rows.Webhook;
  webhookEvents: rows.WebhookEvent;
};
export type TableName = keyof Tables;

type Keyer<T> = (row: T) => string | undefined;
type IndexSet = { [K in TableName]?: Readonly<Record<string, Keyer<Tables[K]>>> };

const fold = (value: string): string => value.trim().toLowerCase();

/** The look-ups that would otherwise scan a table for every line of a large batch. */
const INDEXES = {
  accounts: { code: (row) => (row.code === "" ? undefined : fold(row.code)) },
  contacts: {
    name: (row) => (row.status === "ACTIVE" ? fold(row.name) : undefined),
    anyName: (row) => fold(row.name),
    number: (row) => (row.contactNumber ? row.contactNumber : undefined),
  },
  documents: {
    number: (row) => (row.number === "" ? undefined : `${row.type}/${fold(row.number)}`),
    contact: (row) => row.contactId,
  },
  payments: { document: (row) => row.documentId, batch: (row) => row.batchPaymentId },
  allocations: { source: (row) => row.sourceId, invoice: (row) => row.invoiceId },
  items: { code: (row) => fold(row.code) },
  stockMoves: { document: (row) => row.documentId },
  history: { parent: (row) => row.parentId },
  attachments: { parent: (row) => row.parentId },
  connections: { event: (row) => row.eventId },
} satisfies IndexSet;

export type IndexName<K extends TableName> = K extends keyof typeof INDEXES
  ? keyof (typeof INDEXES)[K]
  : never;

type Change = { table: TableName; id: string; before: { id: string } | undefined };
export type Row = { id: string };
/** One committed change: the row as it is now, or null when it is gone. */
export type Written = readonly [table: TableName, id: string, row: Row | null];

/** All state of the demo ledger. Changes are undone to a mark, or committed: `onCommit` must make them durable. */
export class Books {
  readonly #tables = new Map<TableName, Map<string, Row>>();
  readonly #indexes = new Map<string, Map<string, Set<string>>>();
  readonly #byUpdate = new Map<TableName, readonly Row[]>();
  readonly #log: Change[] = [];
  #onCommit: (written: readonly Written[]) => void = () => {};

  onCommit(save: (written: readonly Written[]) => void): void {
    this.#onCommit = save;
  }

  get<K extends TableName>(table: K, id: string): Tables[K] | undefined {
    return this.#rows(table).get(id) as Tables[K] | undefined;
  }

  /** Insertion order; a replaced row keeps its place. */
  all<K extends TableName>(table: K): Tables[K][] {
    return [...this.#rows(table).values()] as Tables[K][];
  }

  /** By update, and those of one moment by insertion: what lists show unless asked otherwise. Kept until the next change. */
  byUpdate<K extends "documents">(table: K): readonly Tables[K][] {
    const known = this.#byUpdate.get(table);
    if (known !== undefined) return known as readonly Tables[K][];
    const sorted = this.all(table).sort((left, right) => left.updatedMs - right.updatedMs);
    this.#byUpdate.set(table, sorted);
    return sorted;
  }

  find<K extends TableName>(table: K, index: IndexName<K> & string, key: string): Tables[K][] {
    const wanted = TRIMMED.has(`${table}.${index}`) ? fold(key) : key;
    const ids = this.#indexes.get(`${table}.${index}`)?.get(wanted) ?? [];
    const found: Tables[K][] = [];
    for (const id of ids) {
      const row = this.get(table, id);
      if (row !== undefined) found.push(row);
    }
    return found;
  }

  put<K extends TableName>(table: K, row: Tables[K]): void {
    this.#log.push({ table, id: row.id, before: this.#rows(table).get(row.id) });
    this.#write(table, row.id, row);
  }

  remove(table: TableName, id: string): void {
    this.#log.push({ table, id, before: this.#rows(table).get(id) });
    this.#write(table, id, undefined);
  }

  mark(): number {
    return this.#log.length;
  }

  rollback(mark: number): void {
    while (this.#log.length > mark) {
      const change = this.#log.pop();
      if (change !== undefined) this.#write(change.table, change.id, change.before);
    }
  }

  commit(): void {
    if (this.#log.length === 0) return;
    const last = new Map<string, Written>();
    for (const { table, id } of this.#log) {
      last.set(`${table}/${id}`, [table, id, this.#rows(table).get(id) ?? null]);
    }
    this.#log.length = 0;
    this.#onCommit([...last.values()]);
  }

  /** Puts committed rows back without committing them again. */
  restore(written: readonly Written[]): void {
    for (const [table, id, row] of written) this.#write(table, id, row ?? undefined);
  }

  clear(tables: readonly TableName[]): void {
    for (const table of tables) for (const row of this.all(table)) this.remove(table, row.id);
  }

  next(counter: string): number {
    const value = (this.get("counters", counter)?.value ?? 0) + 1;
    this.put("counters", { id: counter, value });
    return value;
  }

  #rows(table: TableName): Map<string, Row> {
    let rows = this.#tables.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#tables.set(table, rows);
    }
    return rows;
  }

  #write(table: TableName, id: string, row: Row | undefined): void {
    const rows = this.#rows(table);
    this.#byUpdate.delete(table);
    this.#reindex(table, rows.get(id), row);
    if (row === undefined) rows.delete(id);
    else rows.set(id, row);
  }

  #reindex(table: TableName, before: Row | undefined, after: Row | undefined): void {
    const keyers: Readonly<Record<string, Keyer<never>>> = (INDEXES as IndexSet)[table] ?? {};
    for (const [name, keyer] of Object.entries(keyers)) {
      const from = before === undefined ? undefined : keyer(before as never);
      const to = after === undefined ? undefined : keyer(after as never);
      if (from === to) continue;
      const index = this.#index(`${table}.${name}`);
      if (before !== undefined && from !== undefined) index.get(from)?.delete(before.id);
      if (after === undefined || to === undefined) continue;
      const ids = index.get(to);
      if (ids === undefined) index.set(to, new Set([after.id]));
      else ids.add(after.id);
    }
  }

  #index(name: string): Map<string, Set<string>> {
    let index = this.#indexes.get(name);
    if (index === undefined) {
      index = new Map();
      this.#indexes.set(name, index);
    }
    return index;
  }
}

const TRIMMED = new Set(["accounts.code", "contacts.name", "contacts.anyName", "items.code"]);

/** The key of the `documents.number` index. */
export const numberKey = (type: rows.DocumentType, number: string): string => `${type}/${fold(number)}`;
