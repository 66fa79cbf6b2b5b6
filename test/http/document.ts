/** The OpenAPI document of an app, and a check of answers against it. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import request, { type Response } from 'supertest';
import type { TestApp } from './app.ts';

export interface DescribedParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Record<string, unknown>;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters: readonly DescribedParameter[];
  readonly requestBody?: { readonly content: Record<string, unknown> };
  readonly responses: Record<string, { readonly $ref?: string; readonly content?: Record<string, unknown> }>;
}

export interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: object; readonly responses: Record<string, Operation['responses'][string]> };
}

export async function readDocument({ app }: TestApp): Promise<Document> {
  return (await request(app).get('/api?f=json').expect(200)).body;
}

const escapePointer = (text: string) => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Returns examples and defaults of parameters that violate their own schemas. */
export function wrongExamples(document: Document): string[] {
  const ajv = new Ajv({ strict: false, logger: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ parameters }) => parameters.map((each) => ({ path, ...each }))),
  );
  return all.flatMap(({ path, name, schema = {} }) =>
    [schema.example, schema.default]
      .filter((value) => value !== undefined && !ajv.validate(schema, value))
      .map((value) => `${path} ${name}: ${JSON.stringify(value)}`),
  );
}

/** @returns a function that lists deviations of an answer from the document; empty if there are none */
export function answerChecker(document: Document) {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  ajv.addSchema(document, 'openapi');
  // Compiled once: the same schema holds for hundreds of answers.
  const validators = new Map<string, ValidateFunction>();
  const validatorOf = ($ref: string) => {
    const validate = validators.get($ref) ?? ajv.compile({ $ref });
    validators.set($ref, validate);
    return validate;
  };
  return (method: string, path: string, { status, headers, body, text }: Response): string[] => {
    const answer = document.paths[path]?.[method]?.responses[status];
    if (!answer) return [`${status} is not described: ${text}`];
    const pointer = answer.$ref?.slice(1) ?? `/paths/${escapePointer(path)}/${method}/responses/${status}`;
    const { content } = answer.$ref ? (document.components.responses[pointer.split('/').pop() ?? ''] ?? {}) : answer;
    const type = headers['content-type'];
    if (!content) return type === undefined ? [] : [`${status} has a body of ${type}`];
    const known = Object.keys(content).find((each) => each === type || each === type?.split(';')[0]);
    if (known === undefined) return [`${type} is not described`];
    if (!/json/.test(known)) return [];
    const validate = validatorOf(`openapi#${pointer}/content/${escapePointer(known)}/schema`);
    const value = Buffer.isBuffer(body) || Object.keys(body).length === 0 ? JSON.parse(text ?? String(body)) : body;
    return validate(value) ? [] : (validate.errors ?? []).map(tell);
  };
}

function tell({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}
