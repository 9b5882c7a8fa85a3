import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parse } from 'yaml';

const root = join(__dirname, '../..');
const tracked = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
const text = (file: string) => readFileSync(join(root, file), 'utf8');
/** Those of docs/ that users read; a sketch of a page of the portal is for those who build it. */
const pages = tracked
  .filter(file => /^docs\/(?!design\/|README\.md)/.test(file))
  .map(file => file.slice('docs/'.length));

type Entry = string | { readonly [title: string]: string | readonly Entry[] };

const pagesOf = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap(entry =>
    typeof entry === 'string'
      ? entry
      : Object.values(entry).flatMap(below => (typeof below === 'string' ? below : pagesOf(below))),
  );

const withoutBlocks = (file: string) => text(file).replace(/^ *(```|~~~)[\s\S]*?^ *\1/gm, '');

/** Targets of links inside of the repository, without code. */
function targets(file: string): readonly string[] {
  const prose = withoutBlocks(file).replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter(target => !/^([a-z]+:|\{\{)/.test(target));
}

const links = (file: string) =>
  targets(file)
    .filter(target => !target.startsWith('#'))
    .map(target => target.split('#')[0]!);

/** As GitHub and Python-Markdown name headings; no page has two of one name. */
const anchors = (file: string) =>
  [...withoutBlocks(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

test('the site has every page once', () => {
  const { nav } = parse(text('mkdocs.yml')) as { nav: readonly Entry[] };
  expect(pagesOf(nav).toSorted()).toEqual(['README.md', ...pages].toSorted());
});

test('the first page leads to every other one', () => {
  expect(
    links('docs/README.md')
      .filter(target => !target.startsWith('..'))
      .toSorted(),
  ).toEqual(pages.toSorted());
});

test('every link between files leads to one', () => {
  const broken = tracked.flatMap(file =>
    links(file)
      .filter(target => !existsSync(join(root, dirname(file), decodeURIComponent(target))))
      .map(target => `${relative('.', file)}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every link to a heading leads to one', () => {
  const broken = tracked.flatMap(file =>
    targets(file).flatMap(target => {
      const [path = '', anchor] = target.split('#');
      const page = path === '' ? file : relative('.', join(dirname(file), path));
      if (anchor === undefined || !page.endsWith('.md') || !existsSync(join(root, page))) return [];
      return anchors(page).includes(anchor) ? [] : `${file}: ${target}`;
    }),
  );
  expect(broken).toEqual([]);
});

test('troubleshooting quotes what the program says', () => {
  const sources = execFileSync('git', ['ls-files', 'packages/*.ts', 'actions/*.ts', 'services/*.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const said = sources
    .trim()
    .split('\n')
    .filter(file => !/\.test\.ts$/.test(file))
    .map(text)
    .join('\n');
  // an ellipsis stands for what differs, with the punctuation around it
  const quoted = [...text('docs/troubleshooting.md').matchAll(/^> (.+)$/gm)].flatMap(([, line = '']) =>
    line.split('…').map(part => part.replace(/^[.,:]?\s+|[.,:]?\s*$/g, '')),
  );
  expect(quoted.filter(part => !said.includes(part))).toEqual([]);
  expect(quoted.length).toBeGreaterThan(50);
});
