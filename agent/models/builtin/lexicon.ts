/** Bookkeepers' words, by what they are about. Patterns run over lower-case text with covered names. */

/** What customers pay for delivery; not where an order goes ("shipped to", "delivery address"). */
export const SHIPPING =
  /\b(?:postage|postal|freight|carriage|p ?& ?p|courier|shipping (?:charges?|fees?|costs?|income|revenue|lines?|amounts?|prices?)|delivery (?:charges?|fees?|costs?|income|revenue|lines?|amounts?|prices?))\b|\b(?:shipping|delivery)\b(?! (?:to (?:the |an? |our )?(?:_country_|eu\b|europe|abroad|overseas|outside|customers|other countries)|address|addresses|country|countries|method|methods|date|dates|note|notes))/;
export const SALES =
  /\b(?:sales?|revenue|income|takings|turnover|goods|products?|items?|lines?|sold|sells?|selling|buys?|bought|buying|purchases?|purchased|proceeds|merchandise|stuff|orders?)\b/;
export const PAYMENT =
  /\b(?:payments?|paid|receipts?|money|cash|funds|banked|deposit(?:s|ed)?|collected|moneys?|monies|settlements?|checks? out|pays?)\b/;
/** Words for the money itself, which decide where an account could take both lines and payments. */
export const PAYMENT_STRONG =
  /\b(?:payments?|receipts?|money|cash|funds|banked|deposit(?:s|ed)?|monies|received into|paid into|drop(?:s|ped)? into)\b/;
export const DISCOUNT =
  /\b(?:discount(?:s|ed|ing)?|coupons?|vouchers?|promo(?:tion)?s?|price reductions?|reductions?|money off|markdowns?|giving away|give away|knock(?:s|ed|ing)? (?:it |them )?off)\b/;
export const FEE =
  /\b(?:surcharges?|gift[- ]?wrap(?:ping)?|handling fees?|fees?|extra charges?|additional charges?|other charges?)\b/;
export const BOOK =
  /\b(?:book(?:s|ed|ing)?|post(?:s|ed)?|cod(?:e|ed|es)|put|puts|goes|go|going|record(?:s|ed)?|move(?:s|d)?|land(?:s)?|ends? up|belongs?|hits?|drop(?:s)?|comes? through|come|show(?:s)? up|pop|use|uses|want|see|send|sit|sits|under|assign(?:ed)?|map(?:ped|s)?|allocate[ds]?|account)\b/;
export const TAX = /\b(?:vat|gst|tax|taxed|tax type|tax code|tax rate|zero[- ]?rated?|exempt|rated)\b/;
export const TRACK = /\btrack(?:s|ed|ing)?\b|\btag(?:s|ged|ging)?\b/;
/** Parts of a sentence that only say that the rest stays as it is. */
export const UNCHANGED =
  /\b(?:everything|everyone|everybody|all|any(?:one|thing)?|the rest|others?)(?: else| other \w+)? (?:stays?|remains?|keeps?|is|are|should stay|can stay)(?: \w+){0,3} (?:is|are|now|same|before|unchanged|was|it is|they are)\b/;
