import { english } from '@fairway/service/reasons/delivery-reason';
import type { Finding, Upgrade } from '@fairway/clients/scanner/index';
import { parse } from 'yaml';
import { acceptLines, fixSummary, layered, proofSummary, unfixedReason } from './summary.ts';

const finding: Finding = {
  id: 'A',
  severity: 'high',
  package: 'a',
  ecosystem: 'debian',
  installed: '1',
  fixed: '2',
  title: '',
};
const unfixable = (name: string) => ({
  action: 'unfixable-now' as const,
  package: name,
  ecosystem: 'debian',
  installed: '1',
  atLeast: '2',
  because: 'the mirrors offer 1, and 2 is needed',
  findings: ['A'],
});

test.each([
  [
    [unfixable('a')],
    [finding],
    '1 finding is left: a cannot be fixed now, the mirrors offer 1, and 2 is needed. Fix it in the Dockerfile, or accept it for a time under scan.exceptions.',
  ],
  [
    [unfixable('a'), unfixable('b')],
    [finding, finding],
    '2 findings are left: a cannot be fixed now, the mirrors offer 1, and 2 is needed; 1 more in fix-plan.json. Fix it in the Dockerfile, or accept it for a time under scan.exceptions.',
  ],
  [
    [
      {
        ...{ action: 'rebuild' as const, package: 'golang.org/x/net', ecosystem: 'gobinary', installed: 'v0.33.0' },
        ...{ atLeast: '0.38.0', environment: 'usr/bin/x', findings: ['A'] },
        because: 'rebuild /usr/bin/x with golang.org/x/net v0.38.0 or newer',
      },
    ],
    [finding],
    '1 finding is left: rebuild /usr/bin/x with golang.org/x/net v0.38.0 or newer. Fix it in the Dockerfile, or accept it for a time under scan.exceptions.',
  ],
  [
    [{ ...unfixable('a'), action: 'remove' as const, command: 'RUN dpkg --purge a' }],
    [finding],
    '1 finding is left: a cannot be fixed now, the mirrors offer 1, and 2 is needed; no other package needs it: RUN dpkg --purge a removes it, if the service does not use it either. Fix it in the Dockerfile, or accept it for a time under scan.exceptions.',
  ],
  [[], [finding], '1 finding is left after 3 attempts; allow more, or look at fix-plan.json.'],
])('says what is left and what to do', (left, blocking, expected) => {
  expect(english(unfixedReason(left, blocking, 3))).toBe(expected);
});

const report = {
  ...{ image: 'sha256:a', scanner: { name: 'trivy', version: '0.58.1' }, packages: {} },
  ...{ findings: [finding], inconclusive: [], notes: [] },
};

test('the table says where a package lies', () => {
  const upgrade = { ...unfixable('minimist'), action: 'patch-layer' as const, manager: 'npm' as const };
  const folders = ['app/node_modules', 'app/node_modules/mkdirp/node_modules'];
  const plan = folders.map(environment => ({ ...upgrade, environment }));
  expect(fixSummary(plan, report, report)).toContain(
    '| patch-layer | minimist in /app/node_modules | 1 → 2 or newer | 1 |\n| patch-layer | minimist in /app/node_modules/mkdirp/node_modules | ',
  );
});

test('a newer base may fix its findings, and no more is claimed', () => {
  const [from, to] = ['a', 'b'].map(letter => `sha256:${letter.repeat(64)}`) as [string, string];
  const text = fixSummary([{ action: 'rebase', package: 'debian:12', from, to, findings: ['A', 'B'] }], report, report);
  // as FROM takes it
  expect(text).toContain(
    `| rebase | debian:12 | \`debian:12@${to}\` in the place of sha256:aaaaaaaaaaaa… may fix them`,
  );
});

test('why the base could not be asked stands below the table', () => {
  expect(fixSummary([], report, report, 'docker.io does not answer.')).toContain('\n`docker.io does not answer.`\n');
});

test('what a layer did not bring far enough is not among what it fixed', () => {
  const upgrade = (name: string): Upgrade => ({ ...unfixable(name), action: 'patch-layer', manager: 'apt' });
  const [a, b] = [upgrade('a'), upgrade('b')];
  expect(layered({ steps: [{ image: 'sha256:a', plan: [a, b] }], left: [unfixable('a')] })).toEqual([b]);
});

test('the lines to copy are an exception that fairway.yaml takes', () => {
  const text = acceptLines(
    [finding, { ...finding, id: 'CVE-2026-1', package: 'b: c' }],
    new Date('2026-11-27T10:00:00Z'),
  );
  const [, yaml = ''] = /```yaml\n([^]*)```/.exec(text) ?? [];
  expect(parse(yaml)).toEqual({
    scan: {
      exceptions: [
        { id: 'A', package: 'a', owner: 'TEAM', reason: 'WHY', until: '2026-12-27' },
        { id: 'CVE-2026-1', package: 'b: c', owner: 'TEAM', reason: 'WHY', until: '2026-12-27' },
      ],
    },
  });
});

test('a fix whose engine answered is said to be proved, and one that was not asked has lines that take it back', () => {
  const today = new Date('2026-11-29T00:00:00Z');
  expect(proofSummary({}, [finding], today)).toBe('\nThe engine of the fixed image was started and answered.\n');
  const programs = [
    { name: 'the engine reads its arguments', before: undefined, after: undefined },
    { name: 'Python imports vllm', before: 'exit code 1: no CUDA', after: 'exit code 1: no CUDA' },
  ];
  const summary = proofSummary({ programs }, [finding], today);
  expect(summary).toContain('| the engine reads its arguments | as before |\n| Python imports vllm | not here |');
  expect(summary).toContain('proves less than an answer');
  const [, lines = ''] = /```yaml\n([^`]+)```/.exec(summary) ?? [];
  expect(parse(lines)).toEqual({
    scan: { exceptions: [{ id: 'A', package: 'a', owner: 'TEAM', reason: 'WHY', until: '2026-12-29' }] },
  });
});
