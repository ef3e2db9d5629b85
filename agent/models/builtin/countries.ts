/** Country names and the everyday words for them -> ISO 3166 codes, as Magento writes them. */

const CODES =
  "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WS YE YT ZA ZM ZW".split(
    " ",
  );

/** Members of the European Union. */
export const EU_COUNTRIES =
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" ");

const EVERYDAY: Readonly<Record<string, readonly string[]>> = {
  US: ["usa", "u.s", "u.s.a", "united states of america", "the states", "america", "the us", "american"],
  GB: ["uk", "u.k", "the united kingdom", "united kingdom", "great britain", "britain", "england", "british"],
  NL: ["holland", "the netherlands", "dutch"],
  AE: ["uae", "emirates"],
  CZ: ["czech republic"],
  IE: ["republic of ireland", "eire", "irish"],
  KR: ["south korea"],
  RU: ["russia"],
  TR: ["turkey"],
  DE: ["german"],
  FR: ["french"],
  CA: ["canadian"],
  AU: ["australian"],
  ES: ["spanish"],
  IT: ["italian"],
  CH: ["swiss"],
};

const DISPLAY = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });

export const countryName = (code: string): string => DISPLAY.of(code) ?? code;

export type CountryWords = { readonly code: string; readonly phrases: readonly string[] };

/** Every country with its phrases in lower case. Bare two-letter codes are not among them: "us", "it" and "in" are words. */
export const COUNTRIES: readonly CountryWords[] = CODES.map((code) => ({
  code,
  phrases: [countryName(code).toLowerCase(), ...(EVERYDAY[code] ?? [])],
}));

const KNOWN = new Set(CODES);

/** "US" in capitals is a country; "us" is not. */
export const isCountryCode = (raw: string): boolean => KNOWN.has(raw);
