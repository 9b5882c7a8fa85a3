import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '../..');
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const listed = (...patterns: readonly string[]) =>
  execFileSync('git', ['ls-files', ...patterns], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
/** What users read; sketches, decisions and generated reports speak of what was or of what others have. */
const pages = listed('*.md').filter(
  file => !/^(\.changeset|docs\/(design|decisions)|test\/)|report.*\.api\.md$/.test(file),
);

interface Declared {
  readonly inputs?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

/** Actions and workflows by the way that a step or a job names them. */
const called = new Map<string, Declared>([
  ...readdirSync(join(root, 'actions'))
    .filter(name => existsSync(join(root, 'actions', name, 'action.yml')))
    .map(name => [`actions/${name}`, parse(text(`actions/${name}/action.yml`)) as Declared] as const),
  ...readdirSync(join(root, 'workflows'))
    .filter(name => name.endsWith('.yml'))
    .map(name => {
      const { on } = parse(text(`workflows/${name}`)) as { readonly on: { readonly workflow_call?: Declared } };
      return [`.github/workflows/${name}`, on.workflow_call ?? {}] as const;
    }),
]);

/** YAML blocks of a page, with what readers fill in as words. */
const blocks = (file: string) =>
  [...text(file).matchAll(/^( *)```yaml\n([\s\S]*?)^\1```/gm)].map(
    ([, , body = '']) => parse(body.replace(/<([\w ]+)>/g, '$1')) as unknown,
  );

interface Call {
  readonly uses: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

function calls(node: unknown): readonly Call[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(calls);
  return 'uses' in node && typeof node.uses === 'string' ? [node as Call, ...below] : below;
}

test('steps and jobs in the pages give inputs and secrets that there are', () => {
  const wrong = pages.flatMap(file =>
    blocks(file)
      .flatMap(calls)
      .flatMap(({ uses, with: given = {}, secrets = {} }) => {
        const [, name] = /^owner\/fairway\/(.+)@full commit SHA$/.exec(uses) ?? [];
        if (name === undefined) return [];
        const declared = called.get(name);
        if (!declared) return `${file}: ${uses}`;
        return [
          ...Object.keys(given).filter(key => !(key in (declared.inputs ?? {}))),
          ...Object.keys(secrets).filter(key => !(key in (declared.secrets ?? {}))),
        ].map(key => `${file}: ${name} has no ${key}`);
      }),
  );
  expect(wrong).toEqual([]);
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}
const schema = JSON.parse(text('packages/service/fairway.schema.json')) as Schema;

/** Whether fairway.yaml has a key; what stands below a mapping of free names is its user's. */
function hasKey(at: Schema, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  const ways = [at, ...(at.anyOf ?? [])].flatMap(way => [way, ...(way.items ? [way.items] : [])]);
  const fields = ways.filter(way => way.properties !== undefined);
  return fields.length === 0 || fields.some(way => way.properties![first] && hasKey(way.properties![first], rest));
}

test('keys of fairway.yaml in the pages are some', () => {
  const top = Object.keys(schema.properties ?? {});
  // a comparison has a file of its own, with some of the same names
  const wrong = pages
    .filter(file => file !== 'docs/comparisons.md')
    .flatMap(file =>
      [...text(file).matchAll(/`([a-z]+(?:\.[a-zA-Z]+)+)`/g)]
        .map(([, key = '']) => key)
        .filter(key => top.includes(key.split('.')[0]!) && !/\.(md|yaml|json|cmake|sarif|html)$/.test(key))
        .filter(key => !hasKey(schema, key.split('.')))
        .map(key => `${file}: ${key}`),
    );
  expect(wrong).toEqual([]);
});

const configurations = listed('*config.schema.json').map(file => JSON.parse(text(file)) as Schema);

/** Paths of all keys of a mapping, those in lists too. */
function paths(node: unknown, above: readonly string[] = []): readonly (readonly string[])[] {
  if (Array.isArray(node)) return node.flatMap(item => paths(item, above));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [[...above, key], ...paths(value, [...above, key])]);
}

test('the configuration of a portal in the pages has keys that there are', () => {
  const wrong = pages.flatMap(file =>
    blocks(file)
      .flatMap(block => (block as { readonly fairway?: unknown } | null)?.fairway ?? [])
      .flatMap(fairway => paths(fairway, ['fairway']))
      .filter(path => !path.includes('$include') && !configurations.some(one => hasKey(one, path)))
      .map(path => `${file}: ${path.join('.')}`),
  );
  expect(wrong).toEqual([]);
});

test('commands, options, scripts and variables in the pages are in the sources', () => {
  const sources = listed('*.ts', '*.go', '*.yml', '*.yaml', '*.sh', '*.njk', '*.json', 'bin/run')
    .filter(file => !/^actions\/dist\/|\.test\.ts$|package-lock\.json$/.test(file))
    .map(text)
    .join('\n');
  const { scripts } = JSON.parse(text('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const inputs = new Set([...called.values()].flatMap(({ inputs = {} }) => Object.keys(inputs)));
  const secret = (variable: string) => inputs.has(variable.slice('FAIRWAY_'.length).toLowerCase().replaceAll('_', '-'));
  const wrong = pages.flatMap(file => {
    const lines = text(file);
    const commands = [...lines.matchAll(/(?:^ {4}|`|-- )(?:bin\/)?fairway ([a-z]+)([^\n`]*)/gm)];
    return [
      ...commands
        .filter(([, name]) => !sources.includes(`\n  ${name}: async () =>`))
        .map(([, name]) => `${file}: fairway ${name}`),
      ...commands
        .flatMap(([, , rest = '']) => [...rest.matchAll(/ --([a-z][a-z-]+)/g)].map(([, option = '']) => option))
        .filter(option => !inputs.has(option) && !new RegExp(`'?${option}'?: \\{ type`).test(sources))
        .map(option => `${file}: --${option}`),
      ...[...lines.matchAll(/npm run ([\w:]+)(?! *[^\n`]*-w )/g)]
        .filter(([, script = '']) => !(script in scripts))
        .map(([, script]) => `${file}: npm run ${script}`),
      ...[...lines.matchAll(/\bFAIRWAY_(?!CLUSTER_)[A-Z_]+\b/g)]
        .filter(([variable]) => !secret(variable) && !sources.includes(variable))
        .map(([variable]) => `${file}: ${variable}`),
    ];
  });
  expect(wrong).toEqual([]);
});
