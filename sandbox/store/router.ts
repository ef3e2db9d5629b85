import type { Route } from "./context.ts";
import { MagentoError, noRoute } from "./errors.ts";
import { BULK_ROUTES } from "./routes-bulk.ts";
import { CATALOGUE_ROUTES } from "./routes-catalogue.ts";
import { DOCUMENT_ROUTES } from "./routes-documents.ts";
import { SALES_ROUTES } from "./routes-sales.ts";
import { SETTINGS_ROUTES } from "./routes-settings.ts";
import { TOKEN_ROUTES } from "./routes-tokens.ts";

const ROUTES: readonly Route[] = [
  ...SALES_ROUTES,
  ...DOCUMENT_ROUTES,
  ...CATALOGUE_ROUTES,
  ...SETTINGS_ROUTES,
  ...BULK_ROUTES,
  ...TOKEN_ROUTES,
];

type Target = {
  /** Segments below V1, decoded one by one so that a sku may hold a slash. */
  segments: string[];
  /** async/bulk: the body is a list and the answer comes later. */
  bulk: boolean;
};

/** /rest/V1/..., /rest/<store>/V1/..., and the same with async/bulk before V1 (magento.md 2). */
export function parseTarget(path: string, storeCodes: readonly string[]): Target | undefined {
  const raw = path.split("/").slice(1);
  if (raw[0] !== "rest") return undefined;
  let rest = raw.slice(1);
  // An unknown store code is no store code: the path then matches no route.
  if (rest[0] !== undefined && [...storeCodes, "all", "default"].includes(rest[0])) rest = rest.slice(1);
  const bulk = rest[0] === "async" && rest[1] === "bulk";
  if (bulk) rest = rest.slice(2);
  if (rest[0] !== "V1") return undefined;
  return {
    segments: rest.slice(1).filter((segment, index, all) => segment !== "" || index < all.length - 1),
    bulk,
  };
}

export function matchRoute(
  method: string,
  segments: readonly string[],
): { route: Route; params: Record<string, string> } {
  for (const route of ROUTES) {
    if (route.method !== method) continue;
    const params = matchPath(route.path.split("/"), segments);
    if (params !== undefined) return { route, params };
  }
  throw noRoute();
}

/** A bulk path has byName where the single path has a parameter: products/:sku is products/bySku. */
export function matchBulkRoute(
  method: string,
  segments: readonly string[],
): { route: Route; names: string[] } {
  for (const route of ROUTES) {
    if (route.method !== method) continue;
    const parts = route.path.split("/");
    const expected = parts.map((part) =>
      part.startsWith(":") ? `by${part.charAt(1).toUpperCase()}${part.slice(2)}` : part,
    );
    if (expected.join("/") !== segments.join("/")) continue;
    return { route, names: parts.filter((part) => part.startsWith(":")).map((part) => part.slice(1)) };
  }
  throw noRoute();
}

function matchPath(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith(":")) {
      if (segment === "") return undefined;
      params[part.slice(1)] = decodeSegment(segment);
    } else if (part !== segment) {
      return undefined;
    }
  }
  return params;
}

function decodeSegment(segment: string): string {
  // Most web servers refuse an encoded slash before PHP sees it (magento.md 2, products).
  if (/%2f/i.test(segment)) throw new MagentoError(404, "Not Found");
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
