/** The files that `plan` takes besides orders: a scenario, a mapping, products. */
import { join } from "node:path";
import { z } from "zod";
import { productsOfFile } from "../engine/adapters/magento/products.ts";
import { profileOfScenario } from "../engine/adapters/magento/scenario.ts";
import { orgOfScenario } from "../engine/adapters/xero/scenario.ts";
import { checkSpec } from "../engine/core/check-spec.ts";
import { MappingSpec } from "../engine/core/mapping.ts";
import type { Org, StoreProfile } from "../engine/core/org.ts";
import { err, ok, type Result } from "../engine/core/result.ts";
import { proposeSpec } from "../engine/core/setup.ts";
import type { Catalogue } from "../engine/ports.ts";
import type { Failure } from "./exit.ts";
import { fileFault, readJson, readRows } from "./order-files.ts";

export type Scenario = {
  readonly org: Org;
  readonly store: StoreProfile;
  /** What `setup` would propose, with no question answered. */
  readonly proposedSpec: MappingSpec;
};

const PROBLEMS_SHOWN_MAX = 10;

export async function readScenario(
  cwd: string,
  path: string | undefined,
  root: string,
): Promise<Result<Scenario, Failure>> {
  const file = path ?? join(root, "scenarios", "demo-gb.json");
  const json = await readJson(cwd, file);
  if (!json.ok) return json;
  const parts = z.object({ org: z.unknown(), store: z.unknown().optional() }).safeParse(json.value);
  if (!parts.success || parts.data.org === undefined)
    return err(fileFault(file, '/org: missing; a scenario has {"org", "store"}.'));
  try {
    const org = orgOfScenario(parts.data.org);
    const store = profileOfScenario(parts.data.store, parts.data.org);
    return ok({ org, store, proposedSpec: proposeSpec({ org, store, answers: {} }).spec });
  } catch (error) {
    if (error instanceof z.ZodError) return err(fileFault(file, issuesText(error)));
    throw error;
  }
}

/** A mapping as `counterfoil specs current` prints it. One that means nothing in this organisation is refused as a whole. */
export async function readSpec(cwd: string, path: string, org: Org): Promise<Result<MappingSpec, Failure>> {
  const json = await readJson(cwd, path);
  if (!json.ok) return json;
  const spec = MappingSpec.safeParse(json.value);
  if (!spec.success) return err(fileFault(path, issuesText(spec.error)));
  const problems = checkSpec(spec.data, org).slice(0, PROBLEMS_SHOWN_MAX);
  if (problems.length === 0) return ok(spec.data);
  const lines = problems.map(({ path: at, message, nearest }) => {
    const hint = nearest.length === 0 ? "" : ` Nearest: ${nearest.join(", ")}.`;
    return `${at}: ${message}${hint}`;
  });
  return err(fileFault(path, lines.join("\n  ")));
}

export async function readCatalogue(
  cwd: string,
  path: string | undefined,
  profile: StoreProfile,
): Promise<Result<Catalogue, Failure>> {
  if (path === undefined) return ok({ products: new Map(), profile });
  const read = await readRows(cwd, path, "a Magento product (a JSON object)");
  if (!read.ok) return read;
  const products = productsOfFile(read.value.rows as Parameters<typeof productsOfFile>[0], profile);
  return ok({ products: new Map(products.map((product) => [product.sku, product])), profile });
}

const issuesText = ({ issues }: z.ZodError): string =>
  issues
    .slice(0, PROBLEMS_SHOWN_MAX)
    .map(({ path, message }) => `/${path.map(String).join("/")}: ${message}`)
    .join("\n  ");
