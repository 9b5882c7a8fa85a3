import { serviceJsonSchema } from './schema.ts';

interface Property {
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly items?: Property;
  readonly anyOf?: readonly Property[];
}

/** Every field of fairway.yaml as a Markdown table: name, type, default or "required", meaning. */
function fieldTable(): string {
  const rows = [
    '| field | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...fields(serviceJsonSchema() as Property, ''),
  ];
  return `${rows.join('\n')}\n`;
}

function fields(schema: Property, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const given =
      property.const !== undefined
        ? `\`${property.const}\``
        : defaultOf(property, schema.required?.includes(name) ?? false);
    const row = `| \`${path}\` | ${typeOf(property)} | ${given} | ${(property.description ?? '').replaceAll('|', '\\|')} |`;
    return [row, ...fields(property, `${path}.`), ...fields(property.items ?? {}, `${path}[].`)];
  });
}

function defaultOf(property: Property, required: boolean): string {
  if (required) return '**required**';
  if (property.default === undefined || property.properties) return '';
  return `\`${JSON.stringify(property.default)}\``;
}

function typeOf(property: Property): string {
  if (property.enum) return property.enum.map(value => `\`${value}\``).join(' ');
  if (property.anyOf) return [...new Set(property.anyOf.map(typeOf))].join(' or ');
  if (property.type === 'array') return `list of ${typeOf(property.items ?? {})}`;
  return property.type ?? 'text';
}

/** The reference page with the table of fields replaced; it stands between `<!-- fields -->` markers. */
export function withFieldTable(page: string): string {
  return withTable(page, 'fields', fieldTable());
}

/** A page with the table between its `<!-- name -->` and `<!-- /name -->` markers replaced. */
export function withTable(page: string, name: string, content: string): string {
  return page.replace(
    new RegExp(`(<!-- ${name}[^>]*-->\\n)[^]*?(<!-- /${name} -->)`),
    `$1\n${content.replaceAll('$', '$$$$')}\n$2`,
  );
}
