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

/** Targets of relative links, without code. */
function links(file: string): readonly string[] {
  const prose = text(file)
    .replace(/^ *(```|~~~)[\s\S]*?^ *\1/gm, '')
    .replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter(target => !/^([a-z]+:|#|\{\{)/.test(target)).map(target => target.split('#')[0]!);
}

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
