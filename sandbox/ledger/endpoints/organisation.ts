import { guidFrom } from "../books/ids.ts";
import { wireDay, wireMs } from "../wire/dates.ts";
import { okReply, type Reply } from "../wire/envelope.ts";
import type { Json, JsonRecord } from "../wire/json.ts";
import { type Call, foundOr404, isApprovalLimitReached, organisationOf, param } from "./call.ts";

/** Windows names without spaces, as Xero prints time zones (facts/xero.md section 4, Organisation). */
const TIMEZONES: Readonly<Record<string, string>> = {
  "Europe/London": "GMTSTANDARDTIME",
  "Europe/Dublin": "GMTSTANDARDTIME",
  "Europe/Berlin": "WEUROPESTANDARDTIME",
  "Europe/Paris": "ROMANCESTANDARDTIME",
  "America/New_York": "EASTERNSTANDARDTIME",
  "America/Chicago": "CENTRALSTANDARDTIME",
  "America/Denver": "MOUNTAINSTANDARDTIME",
  "America/Los_Angeles": "PACIFICSTANDARDTIME",
  "Australia/Sydney": "AUSEASTERNSTANDARDTIME",
  "Pacific/Auckland": "NEWZEALANDSTANDARDTIME",
  "Asia/Singapore": "SINGAPORESTANDARDTIME",
  UTC: "UTC",
};
const YEAR_ENDS: Readonly<Record<string, readonly [day: number, month: number]>> = {
  GB: [31, 3],
  NZ: [31, 3],
  AU: [30, 6],
};
const VERSIONS: Readonly<Record<string, string>> = {
  GB: "UK",
  AU: "AU",
  NZ: "NZ",
  US: "US",
  SG: "SG",
  CA: "CA",
};

export const renderOrganisation = (call: Call): JsonRecord => {
  const org = organisationOf(call.books);
  const [endDay, endMonth] = YEAR_ENDS[org.country] ?? [31, 12];
  return {
    Name: org.name,
    LegalName: org.name,
    PaysTax: true,
    Version: VERSIONS[org.country] ?? "GLOBAL",
    OrganisationType: "COMPANY",
    BaseCurrency: org.baseCurrency,
    CountryCode: org.country,
    IsDemoCompany: false,
    OrganisationStatus: "ACTIVE",
    FinancialYearEndDay: endDay,
    FinancialYearEndMonth: endMonth,
    SalesTaxBasis: "ACCRUALS",
    SalesTaxPeriod: "QUARTERLY",
    DefaultSalesTax: "Tax Exclusive",
    DefaultPurchasesTax: "Tax Exclusive",
    ...(org.periodLockDate === undefined ? {} : { PeriodLockDate: wireDay(org.periodLockDate) }),
    ...(org.endOfYearLockDate === undefined ? {} : { EndOfYearLockDate: wireDay(org.endOfYearLockDate) }),
    CreatedDateUTC: wireMs(org.updatedMs),
    OrganisationEntityType: "COMPANY",
    Timezone: TIMEZONES[org.timezone] ?? org.timezone.toUpperCase(),
    ShortCode: `!${org.id.slice(0, 5)}`,
    OrganisationID: org.id,
    Edition: "BUSINESS",
    Class: call.org.multicurrency ? "PREMIUM" : "STANDARD",
    Addresses: [],
    Phones: [],
    ExternalLinks: [],
    PaymentTerms: {},
  };
};

export const getOrganisation = (call: Call): Reply =>
  okReply(call.nowMs, "Organisations", [renderOrganisation(call)]);

const ACTIONS = [
  "CreateApprovedInvoice",
  "CreateDraftPurchaseOrder",
  "CreateApprovedBill",
  "AttachFilesIntoInvoice",
  "UseMulticurrency",
  "CreateDraftInvoice",
  "CreateRepeatingInvoice",
  "CreateRepeatingBill",
  "CreateSentQuote",
  "CreateInvoicePayment",
  "CreateApprovedPurchaseOrder",
  "CreateDraftQuote",
  "CreateDraftBill",
] as const;

export function getActions(call: Call): Reply {
  const isAllowed = (name: string): boolean => {
    if (name === "CreateApprovedInvoice") return !isApprovalLimitReached(call);
    return name !== "UseMulticurrency" || call.org.multicurrency;
  };
  const actions = ACTIONS.map((name) => ({
    Name: name,
    Status: isAllowed(name) ? "ALLOWED" : "NOT-ALLOWED",
  }));
  return okReply(call.nowMs, "Actions", actions);
}

export const getUsers = (call: Call): Reply => okReply(call.nowMs, "Users", [renderUser(call)]);

export function getUser(call: Call): Reply {
  const user = renderUser(call);
  return okReply(call.nowMs, "Users", [
    foundOr404(user.UserID === param(call, "id").toLowerCase() ? user : undefined),
  ]);
}

const renderUser = (call: Call): JsonRecord => ({
  UserID: guidFrom("user", organisationOf(call.books).id),
  EmailAddress: "bookkeeper@example.com",
  FirstName: "Demo",
  LastName: "Bookkeeper",
  UpdatedDateUTC: wireMs(organisationOf(call.books).updatedMs),
  IsSubscriber: true,
  OrganisationRole: "STANDARD",
});

export const getBrandingThemes = (call: Call): Reply =>
  okReply(call.nowMs, "BrandingThemes", brandingThemes(call));

export function getBrandingTheme(call: Call): Reply {
  const wanted = param(call, "id").toLowerCase();
  const theme = brandingThemes(call).find((candidate) => candidate.BrandingThemeID === wanted);
  return okReply(call.nowMs, "BrandingThemes", [foundOr404(theme)]);
}

const brandingThemes = (call: Call): JsonRecord[] => [
  {
    BrandingThemeID: guidFrom("branding", organisationOf(call.books).id, "Standard"),
    Name: "Standard",
    LogoUrl: "",
    Type: "INVOICE",
    SortOrder: 0,
    CreatedDateUTC: wireMs(organisationOf(call.books).updatedMs),
  } satisfies Record<string, Json>,
];
