import type { DeliveryRecord } from '@fairway/stage';
import { commentText } from './comment-text.ts';
import type { Results } from './results.ts';

const check = {
  service: 'services/hello',
  environment: '',
  conclusion: 'success',
  commit: '0123456789abcdef',
  address: 'https://x/1',
};
const entry = (reason: string, outputs: Record<string, string> = {}) => ({
  verdict: 'pass' as const,
  reason,
  key: '',
  startedAt: '',
  finishedAt: '',
  outputs,
  evidence: [],
});
const record = (size: string, reason = 'all is well'): DeliveryRecord => ({
  schemaVersion: 1,
  id: 'a',
  service: { name: 'hello' },
  source: {},
  image: {},
  stages: { scan: entry(reason), optimize: entry('smaller', { 'size-after': size }) },
});
const finding = (id: string) => ({ id, severity: 'high', package: 'zlib1g', installed: '1', fixed: '2' });

test('it shows new findings, the proposed fix and the size against the base branch', () => {
  const text = commentText(
    {
      record: record('120000000'),
      base: record('100000000'),
      scan: {
        findings: [finding('CVE-1'), finding('CVE-2')],
        judgement: { blocking: ['CVE-1 zlib1g'], old: ['CVE-2 zlib1g'] },
      },
      fix: {
        steps: [
          { plan: [{ action: 'patch-layer', package: 'zlib1g', installed: '1', atLeast: '2', findings: ['CVE-1'] }] },
        ],
      },
    },
    check,
  );
  expect(text).toContain('### ✅ Fairway: `hello`');
  expect(text).toContain('| scan | ✅ pass | `all is well` |');
  expect(text).toContain('1 new ones stop the delivery; 2 in all. 1 more are in packages');
  expect(text).toContain('| `CVE-1` | `high` | `zlib1g` | `1` | `2` |');
  expect(text).not.toContain('`CVE-2`');
  expect(text).toContain('| `zlib1g` | `1` | `2` | `CVE-1` |');
  expect(text).toContain('**Size.** 120.0 MB, 20.0 MB more than the base branch.');
});

test('a check that GitHub says has failed is not passed by what it left', () => {
  expect(commentText({ record: record('1') }, { ...check, conclusion: 'failure' })).toContain('### ❌');
  expect(commentText({}, { ...check, conclusion: 'failure' })).toContain('No stage has ended');
});

// the code of a pull request may write the results
test('nothing in the results becomes a mention, a link, HTML or a row', () => {
  const hostile = '`@everyone` <img src=x> [a](https://evil)\n| b | <!-- fairway 1 -->';
  const text = commentText({ record: record('1', hostile) }, check);
  expect(text.split('\n').find(line => line.startsWith('| scan'))).toBe(
    "| scan | ✅ pass | `'@everyone' <img src=x> [a](https://evil) \\| b \\| <!-- fairway 1 -->` |",
  );
});

// GitHub takes 65,536 characters a comment
test('it stays within what GitHub takes', () => {
  const long = 'x'.repeat(10_000);
  const many = Array.from({ length: 500 }, (_unused, at) => ({
    ...finding(`CVE-${at}`),
    package: long,
    installed: long,
  }));
  const scan = { findings: many, judgement: { blocking: many.map(one => `${one.id} ${one.package}`), old: [] } };
  const text = commentText({ record: record('1', long), scan } satisfies Results, check);
  expect(text.length).toBeLessThan(65_536);
  expect(text).toContain('… and 480 more');
});
