import { MagentoError } from "./errors.ts";

/** The webapi knows a DTO's setters only. */
export function noAccessor(field: string, type: string): MagentoError {
  const accessor = field.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  return new MagentoError(
    400,
    `Property "${accessor}" does not have accessor method "get${accessor}" in class "${type}".`,
  );
}
