import { proposalText } from './proposal-text.ts';

const fix = {
  files: { 'requirements.txt': '' },
  bases: [
    { image: 'debian:12', from: 'sha256:1', to: 'sha256:2' },
    { image: 'node:24', to: 'sha256:3' },
  ],
  fixes: [
    {
      package: 'jinja2',
      installed: '3.1.4',
      atLeast: '3.1.6',
      findings: ['CVE-1', 'CVE-2', 'CVE-3', 'CVE-4'],
      done: 'Raised in requirements.txt.',
    },
  ],
};
const where = { service: 'services/hello', run: 'https://github.com/team/hello/actions/runs/1' };

test('it lists what is done about each package, and the bases', () => {
  const text = proposalText(fix, where);
  expect(text).toContain(
    '| `jinja2` | `3.1.4` | `3.1.6` | `CVE-1, CVE-2, CVE-3 and 1 more` | `Raised in requirements.txt.` |',
  );
  expect(text).toContain('| `debian:12` | `sha256:1` | `sha256:2` |');
  expect(text).toContain('| `node:24` | `the tag alone` | `sha256:3` |');
});

test('nothing that was read becomes a mention, a link, HTML or a row', () => {
  const hostile = '`@everyone` <img src=x> [a](https://evil)\n| b |';
  const text = proposalText({ ...fix, bases: [], fixes: [{ ...fix.fixes[0]!, done: hostile }] }, where);
  expect(text.split('\n').find(line => line.startsWith('| `jinja2`'))).toMatch(
    /\| `'@everyone' <img src=x> \[a\]\(https:\/\/evil\) \\\| b \\\|` \|$/,
  );
});
