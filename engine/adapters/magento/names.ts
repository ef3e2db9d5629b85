/** Names behind ids: tax classes, categories, attribute sets. Read whole, kept for a while, since every product needs them. */
import { z } from "zod";
import { ok, type Result } from "../../core/result.ts";
import type { Clock, Log, Unreachable } from "../../ports.ts";
import type { MagentoClient } from "./client.ts";
import { Id, Text } from "./fields.ts";
import { readAll, readable } from "./lists.ts";

export type Named = { readonly id: string; readonly name: string };

/** Product tax classes, categories and attribute sets; `null` where the integration may not read the list. */
export type Names = {
  readonly taxClasses: readonly Named[] | null;
  readonly categories: readonly Named[] | null;
  readonly attributeSets: readonly Named[] | null;
};

const NAMES_AGE_MS = 600_000;
/** Tax class 0 is Magento's "None"; it is in no list. */
export const NO_TAX_CLASS: Named = { id: "0", name: "None" };

const TaxClass = z.object({ class_id: Id, class_name: Text, class_type: Text });
const Category = z.object({ id: Id, name: Text });
const AttributeSet = z.object({ attribute_set_id: Id, attribute_set_name: Text });

export function createNames(
  client: MagentoClient,
  clock: Clock,
  log: Log,
): () => Promise<Result<Names, Unreachable>> {
  let kept: { readonly names: Names; readonly asOfMs: number } | undefined;
  return async () => {
    const nowMs = clock.now().getTime();
    if (kept !== undefined && nowMs - kept.asOfMs < NAMES_AGE_MS) return ok(kept.names);
    const names = await readNames(client, log);
    if (names.ok) kept = { names: names.value, asOfMs: nowMs };
    return names;
  };
}

async function readNames(client: MagentoClient, log: Log): Promise<Result<Names, Unreachable>> {
  // One after the other: a small shop needs a second for each, and its visitors come first.
  const taxClasses = await namesOf({ client, log, path: "taxClasses/search", read: taxClassName });
  if (!taxClasses.ok) return taxClasses;
  const categories = await namesOf({ client, log, path: "categories/list", read: categoryName });
  if (!categories.ok) return categories;
  const attributeSets = await namesOf({
    client,
    log,
    path: "products/attribute-sets/sets/list",
    read: attributeSetName,
  });
  if (!attributeSets.ok) return attributeSets;
  return ok({
    taxClasses: taxClasses.value,
    categories: categories.value,
    attributeSets: attributeSets.value,
  });
}

type ListOfNames = {
  readonly client: MagentoClient;
  readonly log: Log;
  readonly path: string;
  readonly read: (rows: Parameters<typeof readable>[0]) => Named[];
};

/** A right that is missing costs the names, not the sync: rules then see the ids. */
async function namesOf({
  client,
  log,
  path,
  read,
}: ListOfNames): Promise<Result<Named[] | null, Unreachable>> {
  const rows = await readAll(client, path);
  if (rows.ok) return ok(read(rows.value));
  if (rows.error.kind !== "unauthorised" && rows.error.kind !== "notFound") return rows;
  log("magento.listUnreadable", { list: path, cause: rows.error.kind });
  return ok(null);
}

const named = (id: string | undefined, name: string | null): Named[] =>
  id === undefined || name === null ? [] : [{ id, name }];

const taxClassName: ListOfNames["read"] = (rows) =>
  readable(rows, TaxClass)
    .filter(({ class_type }) => class_type === "PRODUCT")
    .flatMap(({ class_id, class_name }) => named(class_id, class_name));

const categoryName: ListOfNames["read"] = (rows) =>
  readable(rows, Category).flatMap(({ id, name }) => named(id, name));

const attributeSetName: ListOfNames["read"] = (rows) =>
  readable(rows, AttributeSet).flatMap(({ attribute_set_id, attribute_set_name }) =>
    named(attribute_set_id, attribute_set_name),
  );
