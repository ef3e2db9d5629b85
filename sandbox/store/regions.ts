/** Regions as Magento numbers them in directory_country_region; other countries of the demo shops have none. */
export type Region = { code: string; name: string; id: number };

const REGIONS: Readonly<Record<string, readonly Region[]>> = {
  AU: [
    { code: "ACT", name: "Australian Capital Territory", id: 569 },
    { code: "NSW", name: "New South Wales", id: 570 },
    { code: "VIC", name: "Victoria", id: 571 },
    { code: "QLD", name: "Queensland", id: 572 },
    { code: "SA", name: "South Australia", id: 573 },
    { code: "TAS", name: "Tasmania", id: 574 },
    { code: "WA", name: "Western Australia", id: 575 },
  ],
  US: [
    { code: "CA", name: "California", id: 12 },
    { code: "FL", name: "Florida", id: 18 },
    { code: "NJ", name: "New Jersey", id: 41 },
    { code: "NY", name: "New York", id: 43 },
    { code: "OR", name: "Oregon", id: 49 },
    { code: "PA", name: "Pennsylvania", id: 51 },
    { code: "TX", name: "Texas", id: 57 },
    { code: "VA", name: "Virginia", id: 61 },
    { code: "WA", name: "Washington", id: 62 },
  ],
};

export const regionOf = (country: string, code: string | undefined): Region | undefined =>
  REGIONS[country]?.find((region) => region.code === code);
