import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { resolved } from './description.ts';
import type { Description, Operation, Parameter, Schema } from './description.ts';

/** An operation of the description that a request asks for, and the values in its path. */
export interface FoundOperation {
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
}

/** Says what of a request or an answer is not as GitHub describes it. */
export interface Validator {
  find(method: string, pathname: string): FoundOperation | undefined;
  /** Problems of a request; none when GitHub would take its form. */
  request(found: FoundOperation, query: URLSearchParams, body: unknown): readonly string[];
  answer(found: FoundOperation, status: number, body: unknown): readonly string[];
}

/** Each schema is compiled when it is first asked for, with what it refers to and nothing else: the whole description takes seconds. */
export function validatorOf(description: Description): Validator {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  // the description itself has an empty text as the default of addresses
  const uri = formats.default.get('uri', 'full') as (text: string) => boolean;
  ajv.addFormat('uri', text => text === '' || uri(text));
  // in the description and in no standard; Octokit's own clients read them as text too
  for (const name of ['repo.nwo', 'uri-template', 'timestamp']) ajv.addFormat(name, true);
  const compiled = new Map<Schema, (value: unknown) => readonly string[]>();
  const check = (schema: Schema, value: unknown, what: string): readonly string[] => {
    if (!compiled.has(schema)) {
      const validate = ajv.compile({ ...schema, components: { schemas: closure(description, schema) } });
      compiled.set(schema, candidate =>
        validate(candidate) ? [] : (validate.errors ?? []).map(one => `${one.instancePath} ${one.message}`),
      );
    }
    return compiled.get(schema)!(value).map(problem => `${what}${problem}`);
  };
  const routes = Object.entries(description.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      operation,
      // a fixed word wins over a value, as for GitHub
      values: template.split('{').length,
      pattern: patternOf(template, parametersOf(description, operation)),
    })),
  );
  return {
    find(method, pathname) {
      const [found] = routes
        .filter(route => route.method === method && route.pattern.test(pathname))
        .toSorted((a, b) => a.values - b.values);
      if (!found) return undefined;
      const groups = Object.entries(found.pattern.exec(pathname)?.groups ?? {});
      return {
        operation: found.operation,
        path: Object.fromEntries(groups.map(([key, value]) => [key, decodeURIComponent(value)])),
      };
    },
    request({ operation, path }, query, body) {
      const parameters = parametersOf(description, operation);
      const inPath = parameters.filter(one => one.in === 'path');
      const inQuery = parameters.filter(one => one.in === 'query');
      const content = operation.requestBody?.content;
      const schema = content?.['application/json']?.schema;
      const given = schema ? (resolved(description, schema)['properties'] as Schema | undefined) : {};
      return [
        ...inPath.flatMap(one => check(one.schema, typed(one, path[one.name] ?? ''), one.name)),
        ...inQuery.flatMap(one => {
          const value = query.get(one.name);
          if (value === null) return one.required ? [`${one.name} is missing`] : [];
          return check(one.schema, typed(one, value), one.name);
        }),
        // GitHub ignores what it does not know: for us that is a mistake
        ...[...query.keys()].filter(key => !inQuery.some(({ name }) => name === key)).map(key => `${key} is unknown`),
        ...(schema && (body !== undefined || operation.requestBody?.required) ? check(schema, body, 'body') : []),
        ...Object.keys((body ?? {}) as object)
          .filter(key => given !== undefined && !(key in given))
          .map(key => `body/${key} is unknown`),
      ];
    },
    answer({ operation }, status, body) {
      const described = resolved(
        description,
        operation.responses[status] ?? operation.responses[`${status}`.at(0) + 'XX'],
      );
      if (!described) return [`the status ${status} is not described`];
      const schema = described.content?.['application/json']?.schema;
      return schema ? check(schema, body, 'answer') : [];
    },
  };
}

function parametersOf(description: Description, operation: Operation): readonly Parameter[] {
  return (operation.parameters ?? []).map(one => {
    const parameter = resolved(description, one);
    return { ...parameter, schema: resolved(description, parameter.schema) };
  });
}

function patternOf(template: string, parameters: readonly Parameter[]): RegExp {
  const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{([^}]+)\}/g, (_whole, name: string) => {
    const many = parameters.find(one => one.name === name)?.['x-multi-segment'];
    return `(?<${name.replaceAll('-', '_')}>${many ? '.+' : '[^/]+'})`;
  });
  return new RegExp(`^${pattern}$`);
}

/** The text of an address as the type that the description says. */
function typed({ schema }: Parameter, text: string): unknown {
  if (schema['type'] === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  return schema['type'] === 'boolean' ? text === 'true' : text;
}

/** The schemas that one refers to, directly or not, by their names. */
function closure(description: Description, schema: Schema): Readonly<Record<string, unknown>> {
  const found = new Map<string, unknown>();
  const waiting: unknown[] = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [, name = ''] of JSON.stringify(next).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name)) continue;
      const referred = description.components['schemas']?.[name];
      found.set(name, referred);
      waiting.push(referred);
    }
  }
  return Object.fromEntries(found);
}
