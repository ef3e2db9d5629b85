import { z } from "zod";
import { ok } from "../engine/core/result.ts";
import { defineTool } from "./define.ts";
import { failed } from "./failure.ts";

const LIST_SHOWN_MAX = 100;
const CATEGORIES_SHOWN_MAX = 300;

const Named = z.array(z.string());

export const StoreLists = z.object({
  organisation: z.object({
    country: z.string(),
    baseCurrency: z.string(),
    currencies: Named,
    timezone: z.string(),
  }),
  storeViews: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      website: z.string().nullable(),
      currency: z.string().nullable(),
    }),
  ),
  customerGroups: Named,
  taxClasses: Named,
  attributeSets: Named,
  categories: Named,
  categoriesTotal: z.int().describe("more than shown means: ask again with category"),
  paymentMethods: Named,
  pricesIncludeTax: z.boolean().nullable(),
  asOf: z.string().describe("when the lists were read"),
});

export const getStoreProfile = defineTool({
  name: "get_store_profile",
  title: "Read the store's lists",
  description:
    "The store's own lists, spelled exactly as rule conditions must spell them: store views (order.storeView takes the code), " +
    "customer groups, tax classes, attribute sets, product categories, payment methods, and the ledger organisation's country " +
    "and currencies. Read it before propose_mapping with conditions. A name that is not here will never match.",
  effect: "read",
  input: z.object({
    category: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .describe("only product categories whose name contains this; leave out for all"),
  }),
  output: StoreLists,
  run: async ({ category }, { engine, connection }) => {
    const profile = await engine.profile(connection);
    if (!profile.ok) return failed(profile.error);
    const { org, store, asOf } = profile.value;
    const wanted = category?.toLowerCase() ?? "";
    const categories = namesOf(store.categories).filter((name) => name.toLowerCase().includes(wanted));
    return ok({
      organisation: {
        country: org.country,
        baseCurrency: org.baseCurrency,
        currencies: org.currencies,
        timezone: org.timezone,
      },
      storeViews: store.storeViews
        .slice(0, LIST_SHOWN_MAX)
        .map(({ code, name, website, currency }) => ({ code, name, website, currency })),
      customerGroups: namesOf(store.customerGroups).slice(0, LIST_SHOWN_MAX),
      taxClasses: namesOf(store.taxClasses).slice(0, LIST_SHOWN_MAX),
      attributeSets: namesOf(store.attributeSets).slice(0, LIST_SHOWN_MAX),
      categories: categories.slice(0, CATEGORIES_SHOWN_MAX),
      categoriesTotal: categories.length,
      paymentMethods: store.paymentMethods.slice(0, LIST_SHOWN_MAX),
      pricesIncludeTax: store.pricesIncludeTax,
      asOf,
    });
  },
});

// Staff wrote these names, and a condition must spell them exactly: they are neither cleaned nor capped.
const namesOf = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);
