/** The lists of a store's API, read whole: pages of searchCriteria and the plain arrays under /store. */
import { z } from "zod";
import { err, ok, type Result } from "../../core/result.ts";
import type { Json } from "../../core/shapes.ts";
import type { Unreachable } from "../../ports.ts";
import type { MagentoClient } from "./client.ts";
import { isRecord, listOf } from "./fields.ts";
import { type Search, searchQuery } from "./search-criteria.ts";

/** A page as the store answers it; `pageSize` is what it used, which a limit may have lowered. */
export type Page = {
  readonly items: readonly Json[];
  readonly total: number;
  readonly pageSize: number | null;
};

const PAGE_SIZE = 100;
/** 20,000 rows: a shop with more categories than that is read in part. */
const PAGES_MAX = 200;

const Whole = z.coerce.number().int().min(0);
const Listing = z.object({
  items: listOf(z.json()),
  total_count: Whole,
  search_criteria: z.object({ page_size: Whole.nullish() }).nullish().catch(null),
});

export async function readPage(
  client: MagentoClient,
  path: string,
  search: Search,
): Promise<Result<Page, Unreachable>> {
  const answer = await client.get(path, searchQuery(search));
  if (!answer.ok) return answer;
  const page = Listing.safeParse(answer.value);
  if (!page.success) return err(strange(path));
  const { items, total_count: total, search_criteria: criteria } = page.data;
  return ok({ items: items as Json[], total, pageSize: criteria?.page_size ?? null });
}

/**
 * All rows of a list, page after page. A page past the end repeats the last one (facts/magento.md section 2, "Paging
 * pitfalls"), so the count says when to stop, and a first row that repeats does too.
 */
export async function readAll(
  client: MagentoClient,
  path: string,
  search: Omit<Search, "pageSize" | "page"> = {},
): Promise<Result<readonly Json[], Unreachable>> {
  const rows: Json[] = [];
  let firstOfLast: string | undefined;
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const answer = await readPage(client, path, { ...search, pageSize: PAGE_SIZE, page });
    if (!answer.ok) return answer;
    const { items, total, pageSize } = answer.value;
    const first = JSON.stringify(items[0]);
    if (items.length === 0 || first === firstOfLast) break;
    firstOfLast = first;
    rows.push(...items);
    if (page * (pageSize ?? PAGE_SIZE) >= total) break;
  }
  return ok(rows);
}

/** storeViews, storeConfigs and websites are arrays without pages. */
export async function readArray<T extends z.ZodType>(
  client: MagentoClient,
  path: string,
  row: T,
): Promise<Result<z.infer<T>[], Unreachable>> {
  const answer = await client.get(path);
  if (!answer.ok) return answer;
  const rows = z.array(row).safeParse(answer.value);
  return rows.success ? ok(rows.data) : err(strange(path));
}

/** Rows that a schema reads; a row that it cannot read is left out, since these lists only name things. */
export const readable = <T extends z.ZodType>(rows: readonly Json[], schema: T): z.infer<T>[] =>
  rows.flatMap((row) => {
    const parsed = isRecord(row) ? schema.safeParse(row) : undefined;
    return parsed?.success ? [parsed.data] : [];
  });

const strange = (path: string): Unreachable => ({
  kind: "unavailable",
  detail: `The store's answer to ${path} does not have the shape of Magento's REST API.`,
});
