import { expect } from "vitest";
import { withSettings, withTables } from "../../engine/core/testing.ts";
import type { Body } from "../../sandbox/ledger/testing.ts";
import { endChapter, scenario } from "./harness.ts";
import { ACCOUNT } from "./organisation.ts";
import { hold, is, only, rated, specOf, taxedBy, taxType } from "./rules.ts";
import { invoiceNumbered, linesOf, sumOf, taxesOf, typesOf } from "./seen.ts";

const NO_TYPE = hold("No tax type for this country and rate.");

const IRELAND = {
  country: "IE",
  baseCurrency: "EUR",
  currencies: ["EUR"],
  timezone: "Europe/Dublin",
  dayRates: {},
  taxRates: [
    { taxType: "TAX001", name: "IE 23%", rate: 23 },
    { taxType: "TAX002", name: "OSS DE 19%", rate: 19 },
    { taxType: "TAX003", name: "OSS FR 20%", rate: 20 },
    { taxType: "TAX004", name: "OSS HU 27%", rate: 27 },
    { taxType: "TAX005", name: "EU B2B reverse charge", rate: 0 },
    { taxType: "NONE", name: "No VAT", rate: 0 },
  ],
  tracking: [{ category: "Member state", options: ["DE", "FR", "HU"] }],
};

const inCountry = (country: string, percent: string, type: string) =>
  [[is("order.shipCountry", country), rated(percent)], taxType(type)] as const;

const irish = taxedBy(
  specOf(IRELAND),
  NO_TYPE,
  inCountry("IE", "23", "TAX001"),
  inCountry("DE", "19", "TAX002"),
  inCountry("FR", "20", "TAX003"),
  inCountry("HU", "27", "TAX004"),
);

const german = (
  rowTotal: number,
  tax: number,
  shipping: number,
  shippingTax: number,
  grandTotal: number,
) => ({
  currency: "EUR",
  country: "DE",
  rows: [{ sku: "SCARF", rowTotal, tax, percent: 19 }],
  shipping: {
    amount: shipping,
    tax: shippingTax,
    taxes: [{ code: "DE 19", percent: 19, amount: shippingTax }],
  },
  grandTotal,
  tax: Math.round((tax + shippingTax) * 100) / 100,
});

scenario(
  "TAX-07",
  "Same gross price abroad (cross-border pricing on)",
  "IE shop, 49.00 with 23 %; a German consumer at 19 % pays 49.00 (tax 7.82) and shipping 5.00 (0.80); with cross-border off 52.25.",
  ({ books, says }) => {
    const ledger = books({ spec: irish, org: IRELAND });
    ledger.post(german(41.18, 7.82, 4.2, 0.8, 54));
    const invoice = ledger.invoice();
    says("the rate of the item, not the store's, selects the TaxType", () =>
      expect(linesOf(invoice)).toEqual([
        [1, 49, 49, "TAX002", ACCOUNT.sales],
        [1, 5, 5, "TAX002", ACCOUNT.shipping],
      ]),
    );
    says("the tax is what was charged", () => expect([invoice.Total, invoice.TotalTax]).toEqual([54, 8.62]));
    ledger.post({ ...german(39.84, 7.57, 4.07, 0.77, 52.25), id: 502, number: "100000502" });
    const off = invoiceNumbered(ledger, "100000502");
    says("with cross-border off the total is 52.25, at the same type", () =>
      expect([off.Total, off.TotalTax, typesOf(off)]).toEqual([52.25, 8.34, ["TAX002", "TAX002"]]),
    );
  },
);

scenario(
  "TAX-08",
  "EU VAT OSS",
  "Irish merchant, consumers in DE at 19 %, FR at 20 % and HU at 27 % on one day.",
  ({ books, says }) => {
    const tracked = withTables(irish, {
      tracking1: only(
        { kind: "noOption" },
        ...["DE", "FR", "HU"].map(
          (country) => [[is("order.shipCountry", country)], { kind: "option", option: country }] as const,
        ),
      ),
    });
    const spec = withSettings(tracked, { tracking1Category: "Member state" });
    const ledger = books({ spec, org: IRELAND });
    const sales = [
      { country: "DE", rowTotal: 100, tax: 19, percent: 19 },
      { country: "FR", rowTotal: 50, tax: 10, percent: 20 },
      { country: "HU", rowTotal: 10, tax: 2.7, percent: 27 },
      { country: "DE", rowTotal: 20, tax: 3.8, percent: 19 },
    ].map(({ country, ...row }, index) => ({
      id: 501 + index,
      number: `10000050${index + 1}`,
      currency: "EUR",
      country,
      rows: [{ sku: "SCARF", ...row }],
      grandTotal: row.rowTotal + row.tax,
      tax: row.tax,
    }));
    for (const sale of sales) ledger.post(sale);
    const lines = sales.flatMap(({ number }) => invoiceNumbered(ledger, number).LineItems as Body[]);
    says("the key is ship-to country and rate", () =>
      expect(lines.map(({ TaxType }) => TaxType)).toEqual(["TAX002", "TAX003", "TAX004", "TAX002"]),
    );
    const britain = { taxRates: [...UNITED_KINGDOM, { taxType: "TAX003", name: "OSS FR 20%", rate: 20 }] };
    const british = books({
      org: britain,
      spec: taxedBy(
        specOf(britain),
        NO_TYPE,
        inCountry("GB", "20", "OUTPUT2"),
        inCountry("FR", "20", "TAX003"),
      ),
    });
    british.post({ country: "FR", rows: [{ rowTotal: 50, tax: 10, percent: 20 }], grandTotal: 60, tax: 10 });
    const elsewhere = british.held({
      id: 502,
      country: "ES",
      rows: [{ rowTotal: 50, tax: 10, percent: 20 }],
      grandTotal: 60,
      tax: 10,
    });
    says("never the rate alone: 20 % in FR is not the UK's 20 %, and 20 % elsewhere is held", () =>
      expect([typesOf(british.invoice()), elsewhere.hold]).toEqual([["TAX003"], "ruleHolds"]),
    );
    const control = Object.fromEntries(
      ["DE", "FR", "HU"].map((country) => [
        country,
        sumOf(
          lines.filter(({ Tracking }) => Tracking[0]?.Option === country),
          "TaxAmount",
        ),
      ]),
    );
    says("the control table per country = the sum of Magento's tax", () =>
      expect(control).toEqual({ DE: 22.8, FR: 10, HU: 2.7 }),
    );
  },
);

const UNITED_KINGDOM = [
  { taxType: "OUTPUT2", name: "20% (VAT on Income)", rate: 20 },
  { taxType: "NONE", name: "No VAT", rate: 0 },
];

scenario(
  "TAX-15",
  "EU B2B reverse charge",
  "Irish merchant, a German business with the validated VAT number DE123456789 buys for 500.00, tax 0.",
  ({ books, says }) => {
    const spec = taxedBy(
      irish,
      NO_TYPE,
      [
        [
          rated("0"),
          { op: "isTrue", fact: "order.vatIdValid" },
          { op: "isNot", fact: "order.shipCountry", value: "IE" },
        ],
        taxType("TAX005"),
      ],
      inCountry("DE", "19", "TAX002"),
      [[rated("0")], taxType("NONE")],
    );
    const ledger = books({ spec, org: IRELAND });
    const business = (vat: { [key: string]: string | number }, country = "DE") => ({
      country,
      currency: "EUR",
      rows: [{ sku: "MACHINE", rowTotal: 500, percent: 0 }],
      grandTotal: 500,
      more: {
        billing_address: {
          address_type: "billing",
          company: "Muster GmbH",
          firstname: "Max",
          lastname: "Muster",
          street: ["1 Example Street"],
          city: "Musterstadt",
          postcode: "10115",
          country_id: country,
          ...vat,
        },
      },
    });
    const plan = ledger.post(business({ vat_id: "DE123456789", vat_is_valid: 1 }));
    says("reverse charge with a valid number, another country and tax 0", () =>
      expect([typesOf(ledger.invoice()), plan.warnings]).toEqual([["TAX005"], []]),
    );
    says("the contact carries the number", () =>
      expect(plan.documents[0]?.body.TaxNumber).toBe("DE123456789"),
    );
    ledger.post({
      ...business({ vat_id: "IE6388047V", vat_is_valid: 1 }, "IE"),
      id: 502,
      number: "100000502",
    });
    says("and only then: not in the seller's own country", () =>
      expect(typesOf(invoiceNumbered(ledger, "100000502"))).toEqual(["NONE"]),
    );
    const unchecked = ledger.post({ ...business({ vat_id: "DE123456789" }), id: 503, number: "100000503" });
    says("a number that was not validated is worth a warning", () =>
      expect(unchecked.warnings).toEqual([expect.stringMatching(/^vatIdUnchecked/)]),
    );
    const invalid = ledger.held({
      ...business({ vat_id: "DE000", vat_is_valid: 0 }),
      id: 504,
      number: "100000504",
    });
    says("an invalid number with tax 0 is held", () =>
      expect(invalid).toMatchObject({ hold: "vatIdInvalid", field: "billing_address.vat_id" }),
    );
  },
);

scenario(
  "TAX-28",
  "Import: IOSS / low-value goods",
  "UK seller, a parcel of 90.00 to France: 15.00 of tax charged at the rate IOSS-FR-20; another at the rate OSS-FR-20.",
  ({ books, says }) => {
    const org = {
      taxRates: [
        ...UNITED_KINGDOM,
        { taxType: "TAX003", name: "OSS FR 20%", rate: 20 },
        { taxType: "TAX006", name: "IOSS FR 20%", rate: 20 },
      ],
    };
    const applied = (code: string) => ({ op: "includes", fact: "line.appliedTaxes", value: code }) as const;
    const spec = taxedBy(
      specOf(org),
      NO_TYPE,
      [[applied("IOSS-FR-20"), is("order.shipCountry", "FR"), rated("20")], taxType("TAX006")],
      [[applied("OSS-FR-20"), is("order.shipCountry", "FR"), rated("20")], taxType("TAX003")],
      inCountry("GB", "20", "OUTPUT2"),
    );
    const ledger = books({ spec, org });
    const parcel = (code: string) => ({
      country: "FR",
      rows: [{ sku: "TOY", rowTotal: 75, tax: 15, percent: 20, taxes: [{ code, percent: 20, amount: 15 }] }],
      grandTotal: 90,
      tax: 15,
    });
    ledger.post(parcel("IOSS-FR-20"));
    ledger.post({ ...parcel("OSS-FR-20"), id: 502, number: "100000502" });
    says("the key is scheme, country and rate; the scheme is the code of the store's tax rate", () =>
      expect([taxesOf(ledger.invoice()), ledger.invoice().Total]).toEqual([{ TAX003: 15 }, 90]),
    );
    says("IOSS is not in the bucket of the Union OSS", () =>
      expect(taxesOf(invoiceNumbered(ledger, "100000501"))).toEqual({ TAX006: 15 }),
    );
    const other = ledger.held({ ...parcel("DE-19"), id: 503, number: "100000503" });
    says("a scheme that no rule names is held", () => expect(other.hold).toBe("ruleHolds"));
  },
);

endChapter("01-tax-b", "Tax by place and scheme");
