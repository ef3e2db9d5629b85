import { expect, test } from "vitest";
import { z } from "zod";
import { zodToJsonSchema } from "zod-to-json-schema";

const Order = z.object({ number: z.string(), total: z.string() });

test("zod-to-json-schema makes an empty schema of a zod 4 object, which would accept everything", () => {
  const schema = zodToJsonSchema(Order as unknown as Parameters<typeof zodToJsonSchema>[0]);
  expect(schema).toEqual({ $schema: "http://json-schema.org/draft-07/schema#" });
});

test("zod's own toJSONSchema says what the object has", () => {
  expect(z.toJSONSchema(Order)).toMatchObject({
    type: "object",
    required: ["number", "total"],
    additionalProperties: false,
  });
});
