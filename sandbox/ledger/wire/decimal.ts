/** Exact decimals. Money is bigint cents, quantities and unit amounts are bigint 1e-4, rates are bigint 1e-6. */
export type Decimal = { readonly units: bigint; readonly scale: number };

/**
 * What happens exactly at a half. Xero rounds 2.165 to 2.17 (facts/xero.md section 5, rule 2); what it does with
 * negative halves is not documented, so "up" means away from zero here, and the scenario can try the others.
 */
export type Ties = "up" | "even" | "down";

export const CENTS = 2;
export const UNITS = 4;
export const RATES = 6;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads decimal text, with an exponent if there is one; undefined when it is not a number. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  if (whole === "" && fraction === "") return undefined;
  const units = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

export function roundTo(value: Decimal, scale: number, ties: Ties = "up"): bigint {
  if (value.scale <= scale) return value.units * 10n ** BigInt(scale - value.scale);
  return divideRounded(value.units, 10n ** BigInt(value.scale - scale), ties);
}

/** numerator / denominator to the nearest integer; the denominator is positive. */
export function divideRounded(numerator: bigint, denominator: bigint, ties: Ties): bigint {
  const negative = numerator < 0n;
  const size = negative ? -numerator : numerator;
  const floor = size / denominator;
  const twice = (size % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && tieGoesUp(floor, ties));
  const rounded = up ? floor + 1n : floor;
  return negative ? -rounded : rounded;
}

function tieGoesUp(floor: bigint, ties: Ties): boolean {
  if (ties === "up") return true;
  return ties === "even" && floor % 2n === 1n;
}

/** Whether two decimals are the same number, whatever their scales. */
export function sameNumber(left: Decimal, right: Decimal): boolean {
  const scale = Math.max(left.scale, right.scale);
  return roundTo(left, scale) === roundTo(right, scale);
}

/** "12.50" for (1250n, 2). */
export function formatUnits(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? "" : `.${digits.slice(digits.length - scale)}`;
  return `${units < 0n ? "-" : ""}${whole}${fraction}`;
}

/** The shortest text with at least two decimals: "0.30", "0.305". Error messages print amounts like this. */
export function formatPlain(value: Decimal): string {
  let { units, scale } = value;
  while (scale > CENTS && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return scale < CENTS ? formatUnits(roundTo(value, CENTS), CENTS) : formatUnits(units, scale);
}

export const cents = (units: bigint): Decimal => ({ units, scale: CENTS });
