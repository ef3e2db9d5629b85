/**
 * Arithmetic as PHP does it, because Magento's cents depend on it (accounting.md 1.2 point 2).
 */

/** PHP's round() before 8.4: pre-rounds to 15 significant digits, then half away from zero. */
export function phpRound(value: number, places = 2): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const precisionPlaces = 14 - Math.floor(Math.log10(Math.abs(value)));
  const factor = 10 ** places;
  let scaled: number;
  if (precisionPlaces > places && precisionPlaces - 15 < places) {
    const preScaled = precisionPlaces >= 0 ? value * 10 ** precisionPlaces : value / 10 ** -precisionPlaces;
    scaled = halfAway(preScaled) / 10 ** Math.abs(places - precisionPlaces);
  } else {
    scaled = value * factor;
    // Beyond a double's precision rounding is pointless: PHP returns the value as it is.
    if (Math.abs(scaled) >= 1e15) return value;
  }
  return halfAway(scaled) / factor;
}

/** Magento's PriceCurrency::round: two places whatever the currency. */
export const round2 = (value: number): number => phpRound(value, 2);

/** What MySQL keeps in a decimal(20,4) column. Negative zero would print as "-0". */
export const stored4 = (value: number): number => phpRound(value, 4) + 0;

/** PHP casts a float to string with 14 significant digits (precision=14); discount rules round that text. */
export const viaText = (value: number): number => Number(value.toPrecision(14));

function halfAway(value: number): number {
  return value >= 0 ? Math.floor(value + 0.5) : Math.ceil(value - 0.5);
}
