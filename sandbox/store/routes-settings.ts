import type { Route, RouteContext } from "./context.ts";
import { bodyParam, idParam } from "./context.ts";
import { MagentoError, noSuchField, requiredField } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import { isObject, numberAt, objects, textAt } from "./json.ts";
import { search } from "./search.ts";
import { parseSearchCriteria } from "./search-criteria.ts";
import { exchangeRate, RETAIL_CLASS } from "./shop.ts";

const CUSTOMER_COLUMNS = [
  "entity_id",
  "id",
  "email",
  "firstname",
  "lastname",
  "group_id",
  "store_id",
  "website_id",
  "created_at",
  "updated_at",
  "taxvat",
  "dob",
  "gender",
];

/** Stores, customers, taxes and the rest a connector reads once. */
export const SETTINGS_ROUTES: readonly Route[] = [
  { method: "GET", path: "store/storeConfigs", resource: "Magento_Backend::store", run: storeConfigs },
  {
    method: "GET",
    path: "store/storeViews",
    resource: "Magento_Backend::store",
    run: ({ shop }) => [
      { id: 0, code: "admin", name: "Admin", website_id: 0, store_group_id: 0, is_active: 1 },
      ...shop.views.map(({ id, code, name }) => ({
        id,
        code,
        name,
        website_id: 1,
        store_group_id: 1,
        is_active: 1,
      })),
    ],
  },
  {
    method: "GET",
    path: "store/storeGroups",
    resource: "Magento_Backend::store",
    run: () => [
      { id: 0, website_id: 0, root_category_id: 0, default_store_id: 0, name: "Default", code: "default" },
      {
        id: 1,
        website_id: 1,
        root_category_id: 2,
        default_store_id: 1,
        name: "Main Website Store",
        code: "main_website_store",
      },
    ],
  },
  {
    method: "GET",
    path: "store/websites",
    resource: "Magento_Backend::store",
    run: () => [
      { id: 0, code: "admin", name: "Admin", default_group_id: 0 },
      { id: 1, code: "base", name: "Main Website", default_group_id: 1 },
    ],
  },
  { method: "GET", path: "directory/currency", resource: "anonymous", run: currency },
  {
    method: "GET",
    path: "modules",
    resource: "Magento_Backend::admin",
    run: ({ shop }) => modules(shop.commerce),
  },
  {
    method: "GET",
    path: "customers/search",
    resource: "Magento_Customer::customer",
    run: (context) =>
      search(context.transaction.all("customers"), parseSearchCriteria(context.query), {
        ...rulesOf(context, "id", true, CUSTOMER_COLUMNS),
        read: (row, field) => (field === "entity_id" ? row.id : undefined),
      }),
  },
  { method: "GET", path: "customers/:id", resource: "Magento_Customer::customer", run: customerOf },
  { method: "PUT", path: "customers/:id", resource: "Magento_Customer::manage", run: saveCustomer },
  {
    method: "GET",
    path: "customerGroups/search",
    resource: "Magento_Customer::group",
    run: (context) =>
      search(
        context.shop.groups.map(({ id, code, taxClass }) => ({
          id,
          code,
          tax_class_id: taxClass.id,
          tax_class_name: taxClass.name,
        })),
        parseSearchCriteria(context.query),
        // The table calls the code customer_group_code; the service maps the API's names.
        rulesOf(context, "id", false, ["id", "code", "tax_class_id"]),
      ),
  },
  {
    method: "GET",
    path: "taxClasses/search",
    resource: "Magento_Tax::manage_tax",
    run: (context) =>
      search(
        taxClasses(context),
        parseSearchCriteria(context.query),
        rulesOf(context, "class_id", false, ["class_id", "class_name", "class_type"]),
      ),
  },
  {
    method: "GET",
    path: "taxRates/search",
    resource: "Magento_Tax::manage_tax",
    run: (context) =>
      search(
        taxRates(context),
        parseSearchCriteria(context.query),
        rulesOf(context, "id", false, ["tax_region_id", "tax_postcode"]),
      ),
  },
  {
    method: "GET",
    path: "taxRules/search",
    resource: "Magento_Tax::manage_tax",
    run: (context) =>
      search(taxRules(context), parseSearchCriteria(context.query), rulesOf(context, "id", false, [])),
  },
];

const rulesOf = (context: RouteContext, key: string, eav: boolean, columns: readonly string[]) => ({
  key,
  eav,
  columns,
  pastEndRepeatsLastPage: context.shop.pastEndRepeatsLastPage,
  inputLimits: context.shop.inputLimits,
});

/** A plain array, one entry per store view, without the admin store (real/storeConfigs-01.json). */
function storeConfigs({ shop, storeUrl }: RouteContext): Json {
  return shop.views.map((view) => ({
    id: view.id,
    code: view.code,
    website_id: 1,
    locale: shop.locale,
    base_currency_code: shop.baseCurrency,
    default_display_currency_code: view.currency,
    timezone: shop.timezone,
    weight_unit: shop.country === "US" ? "lbs" : "kgs",
    base_url: `${storeUrl}/`,
    base_link_url: `${storeUrl}/`,
    base_static_url: `${storeUrl}/static/`,
    base_media_url: `${storeUrl}/media/`,
    secure_base_url: `${storeUrl}/`,
    secure_base_link_url: `${storeUrl}/`,
    secure_base_static_url: `${storeUrl}/static/`,
    secure_base_media_url: `${storeUrl}/media/`,
  }));
}

const SYMBOLS: Record<string, string> = { GBP: "£", USD: "$", EUR: "€", INR: "₹", AUD: "A$", JPY: "¥" };

function currency({ shop, scenario }: RouteContext): Json {
  const display = shop.views[0]?.currency ?? shop.baseCurrency;
  return {
    base_currency_code: shop.baseCurrency,
    base_currency_symbol: SYMBOLS[shop.baseCurrency] ?? shop.baseCurrency,
    default_display_currency_code: display,
    default_display_currency_symbol: SYMBOLS[display] ?? display,
    available_currency_codes: [...shop.currencies],
    exchange_rates: shop.currencies.map((to) => ({
      currency_to: to,
      rate: exchangeRate(scenario, shop.baseCurrency, to),
    })),
  };
}

/** Enough of the list to tell editions and MSI apart (magento.md 6 and 8). */
function modules(commerce: boolean): string[] {
  const open = [
    "Magento_Store",
    "Magento_Backend",
    "Magento_Directory",
    "Magento_Eav",
    "Magento_Customer",
    "Magento_Catalog",
    "Magento_CatalogInventory",
    "Magento_Bundle",
    "Magento_ConfigurableProduct",
    "Magento_Downloadable",
    "Magento_GroupedProduct",
    "Magento_Inventory",
    "Magento_InventoryApi",
    "Magento_InventorySalesApi",
    "Magento_Quote",
    "Magento_Sales",
    "Magento_SalesRule",
    "Magento_Tax",
    "Magento_Weee",
    "Magento_Payment",
    "Magento_Integration",
    "Magento_Webapi",
    "Magento_AsynchronousOperations",
  ];
  const enterprise = [
    "Magento_CustomerBalance",
    "Magento_GiftCard",
    "Magento_GiftCardAccount",
    "Magento_Reward",
    "Magento_Rma",
  ];
  return commerce ? [...open, ...enterprise] : open;
}

function customerOf(context: RouteContext): JsonObject {
  const id = idParam(context, "id");
  const customer = context.transaction.get("customers", id);
  if (customer === undefined) throw noSuchField("customerId", id);
  return customer;
}

/** PUT replaces: addresses that are not sent are deleted (magento.md 2). */
function saveCustomer(context: RouteContext): Json {
  const given = bodyParam(context, "customer");
  const before = customerOf(context);
  for (const name of ["email", "firstname", "lastname"]) {
    if (textAt(given, name) === "") throw requiredField(name);
  }
  if (given.website_id === undefined)
    throw new MagentoError(400, '"Associate to Website" is a required value.');
  const email = textAt(given, "email").toLowerCase();
  const taken = context.transaction
    .all("customers")
    .some(
      (other) =>
        textAt(other, "email").toLowerCase() === email && numberAt(other, "id") !== numberAt(before, "id"),
    );
  if (taken)
    throw new MagentoError(
      400,
      "A customer with the same email address already exists in an associated website.",
    );
  const saved: JsonObject = {
    ...given,
    id: numberAt(before, "id"),
    created_at: textAt(before, "created_at"),
    created_in: textAt(before, "created_in"),
    updated_at: context.now,
    addresses: objects(given.addresses).map((address, index) => ({
      id: numberAt(before, "id") * 10 + index + 1,
      customer_id: numberAt(before, "id"),
      ...address,
    })),
    group_id: numberAt(isObject(given) && given.group_id !== undefined ? given : before, "group_id"),
  };
  context.transaction.put("customers", saved);
  return saved;
}

const taxClasses = ({ shop }: RouteContext): JsonObject[] =>
  [
    ...shop.productClasses.map(({ id, name }) => ({ class_id: id, class_name: name, class_type: "PRODUCT" })),
    ...new Map(
      [RETAIL_CLASS, ...shop.groups.map(({ taxClass }) => taxClass)].map(({ id, name }) => [
        id,
        { class_id: id, class_name: name, class_type: "CUSTOMER" },
      ]),
    ).values(),
  ].sort((a, b) => a.class_id - b.class_id);

const taxRates = ({ shop }: RouteContext): JsonObject[] =>
  shop.taxRates.map(({ id, code, country, region, postcode, percent }) => ({
    id,
    tax_country_id: country,
    tax_region_id: region?.id ?? 0,
    ...(region === undefined ? {} : { region_name: region.code }),
    tax_postcode: postcode,
    rate: percent,
    code,
    titles: [],
  }));

/** One rule for each class and kind of rate: rates of one rule exclude each other, rules add up. */
function taxRules({ shop }: RouteContext): JsonObject[] {
  const names = [...new Set(shop.taxRates.map(({ rule }) => rule))];
  return shop.productClasses
    .flatMap((own) =>
      names.map((rule) => ({
        own,
        rule,
        rates: shop.taxRates.filter((rate) => rate.rule === rule && rate.classIds.includes(own.id)),
      })),
    )
    .filter(({ rates }) => rates.length > 0)
    .map(({ own, rule, rates }, index) => ({
      id: index + 1,
      code: `${rule} for ${own.name}`,
      priority: rates[0]?.priority ?? 0,
      position: 0,
      customer_tax_class_ids: [RETAIL_CLASS.id],
      product_tax_class_ids: [own.id],
      tax_rate_ids: rates.map(({ id }) => id),
      calculate_subtotal: (rates[0]?.priority ?? 0) > 0,
    }));
}
