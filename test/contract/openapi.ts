/** OpenAPI 3.0 and Swagger 2.0 documents as one list of operations. A $ref stays as it is, but for parameters and answers. */
import { z } from "zod";

export type Schema = Readonly<Record<string, unknown>>;
export type Parameter = {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly isRequired: boolean;
  readonly schema: Schema;
};
export type Answer = { readonly mediaTypes: readonly string[]; readonly schema: Schema | undefined };
export type Operation = {
  readonly api: string;
  readonly id: string;
  readonly method: string;
  /** As the document writes it, `/Invoices/{InvoiceID}`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly isRequired: boolean; readonly schema: Schema | undefined } | undefined;
  /** By status, or `default`. */
  readonly answers: ReadonlyMap<string, Answer>;
};
export type Api = {
  readonly name: string;
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly operations: readonly Operation[];
};

const Reference = z.looseObject({ $ref: z.string().optional() });
const Node = z.looseObject({ $ref: z.string().optional() });
type Node = z.infer<typeof Node>;
const Document = z.looseObject({
  paths: z.record(z.string(), z.looseObject({ parameters: z.array(Reference).optional() })),
  definitions: z.record(z.string(), z.looseObject({})).optional(),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({})).optional() }).optional(),
});

const Body = z.looseObject({
  required: z.boolean().optional(),
  content: z.record(z.string(), Node).optional(),
});
const RawOperation = z.looseObject({
  operationId: z.string().optional(),
  parameters: z.array(Reference).optional(),
  requestBody: Body.optional(),
  responses: z.record(z.string(), Reference),
});
const RawParameter = z.looseObject({
  name: z.string(),
  in: z.enum(["path", "query", "header", "body", "formData", "cookie"]),
  required: z.boolean().optional(),
  schema: z.looseObject({}).optional(),
});

const METHODS = ["get", "put", "post", "delete", "patch"] as const;

/** `text` may be any OpenAPI document; throws where it is none. */
export function readApi(name: string, raw: unknown): Api {
  const document = Document.parse(raw);
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const found = item[method];
      if (found === undefined) return [];
      const operation = RawOperation.parse(found);
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((parameter) =>
        RawParameter.parse(resolve(raw, parameter)),
      );
      return [
        {
          api: name,
          id: operation.operationId ?? `${method} ${path}`,
          method: method.toUpperCase(),
          path,
          parameters: parameters.flatMap(toParameter),
          body: bodyOf(operation, parameters),
          answers: new Map(
            Object.entries(operation.responses).map(([status, answer]) => [
              status,
              toAnswer(resolve(raw, answer)),
            ]),
          ),
        },
      ];
    }),
  );
  return { name, schemas: document.definitions ?? document.components?.schemas ?? {}, operations };
}

function resolve(raw: unknown, node: Node): Node {
  if (node.$ref === undefined) return node;
  let found: unknown = raw;
  for (const step of node.$ref.replace(/^#\//, "").split("/")) found = Node.parse(found)[step];
  return Node.parse(found);
}

function toParameter(raw: z.infer<typeof RawParameter>): Parameter[] {
  if (raw.in !== "path" && raw.in !== "query" && raw.in !== "header") return [];
  // Swagger 2.0 has the type beside the name.
  const schema = raw.schema ?? { type: raw.type, items: raw.items, enum: raw.enum };
  return [
    {
      name: raw.name,
      in: raw.in,
      isRequired: raw.required ?? false,
      schema: JSON.parse(JSON.stringify(schema)),
    },
  ];
}

function bodyOf(
  { requestBody }: z.infer<typeof RawOperation>,
  parameters: readonly z.infer<typeof RawParameter>[],
): Operation["body"] {
  const inParameters = parameters.find((parameter) => parameter.in === "body");
  if (inParameters !== undefined)
    return { isRequired: inParameters.required ?? false, schema: inParameters.schema };
  if (requestBody === undefined) return undefined;
  return { isRequired: requestBody.required ?? false, schema: jsonSchemaOf(requestBody.content) };
}

function toAnswer(raw: Node): Answer {
  const answer = z
    .looseObject({ content: z.record(z.string(), Node).optional(), schema: z.looseObject({}).optional() })
    .parse(raw);
  return {
    mediaTypes: Object.keys(answer.content ?? {}),
    schema: answer.schema ?? jsonSchemaOf(answer.content),
  };
}

const jsonSchemaOf = (content: Readonly<Record<string, Node>> | undefined): Schema | undefined => {
  const schema = content?.["application/json"]?.schema;
  return schema === undefined ? undefined : Node.parse(schema);
};
