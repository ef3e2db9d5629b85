import type { Json, JsonObject } from "./json.ts";

/** An answer as Magento's webapi renders it: placeholders stay in the message, values are in parameters. */
export class MagentoError extends Error {
  readonly status: number;
  readonly parameters: Json[] | JsonObject | undefined;
  readonly errors: JsonObject[] | undefined;

  constructor(status: number, message: string, parameters?: Json[] | JsonObject, errors?: JsonObject[]) {
    super(message);
    this.status = status;
    this.parameters = parameters;
    this.errors = errors;
  }

  body(): JsonObject {
    return {
      message: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      ...(this.parameters === undefined ? {} : { parameters: this.parameters }),
    };
  }
}

export const noSuchEntity = (): MagentoError =>
  new MagentoError(404, "The entity that was requested doesn't exist. Verify the entity and try again.");

export const noSuchField = (fieldName: string, fieldValue: string | number): MagentoError =>
  new MagentoError(404, "No such entity with %fieldName = %fieldValue", { fieldName, fieldValue });

export const requiredField = (fieldName: string): MagentoError =>
  new MagentoError(400, '"%fieldName" is required. Enter and try again.', { fieldName });

/** The same body for a missing right, a missing signature and a bearer token that is not allowed (magento.md 1). */
export const notAuthorized = (resources: string): MagentoError =>
  new MagentoError(401, "The consumer isn't authorized to access %resources.", { resources });

export const noRoute = (): MagentoError => new MagentoError(404, "Request does not match any route.");

/** ServiceInputProcessor casts path and body values; its message is rendered, not a template. */
export const wrongType = (value: string, type: string): MagentoError =>
  new MagentoError(
    400,
    `The "${value}" value's type is invalid. The "${type}" type was expected. Verify and try again.`,
  );
