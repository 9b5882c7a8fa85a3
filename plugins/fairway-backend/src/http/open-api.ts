import { type Operation, operations, type Operations } from '@fairway/backstage-plugin-fairway-common';
import { z } from 'zod';
import { accessRules } from './access-rules.ts';

/** Part of an OpenAPI document: plain JSON. */
type Json = { readonly [key: string]: unknown };

/** The OpenAPI 3.1 description of the HTTP API, drawn from the same operations as its routes. */
export function openApi(server: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, operation] of Object.entries(operations) as [keyof Operations, Operation][]) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: describe(name, operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fairway',
      version: '1',
      description: 'Services, their deliveries, what runs in the clusters, GPU capacity and alerts.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server }],
    security: [{ backstage: [] }],
    paths,
    components: {
      securitySchemes: {
        backstage: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of Backstage: of a signed-in user, or of external access.',
        },
        run: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The OpenID Connect token of a run that fairway.github or fairway.gitlab lets in.',
        },
      },
      schemas: { Error: errorSchema },
    },
  };
}

const errorSchema: Json = {
  type: 'object',
  properties: {
    error: { type: 'object', properties: { name: { type: 'string' }, message: { type: 'string' } } },
  },
  required: ['error'],
};

function describe(name: keyof Operations, operation: Operation): Json {
  const { permission, callers } = accessRules[name];
  const parameters = [...pathParameters(operation.path), ...queryParameters(operation.query)];
  return {
    operationId: name,
    summary: operation.summary,
    description: `Needs the permission \`${permission.name}\`.`,
    ...(callers.includes('run') ? { security: [{ backstage: [] }, { run: [] }] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(operation.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(operation.body, 'input') } },
          },
        }
      : {}),
    responses: {
      200: {
        description: 'The answer.',
        content: { 'application/json': { schema: schemaOf(operation.response, 'output') } },
      },
      default: {
        description: 'A refusal or a failure; its message says what to do.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodType | undefined): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input');
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

/** OpenAPI 3.1 takes JSON Schema 2020-12 as it is. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const described = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  delete described.$schema;
  return described;
}
