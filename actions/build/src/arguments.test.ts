import { english } from '@fairway/service/reasons/delivery-reason';
import { buildArguments } from './arguments.ts';
import { rootUser } from './user.ts';
import { buildSummary } from './summary.ts';
import { provenance } from './provenance.ts';

test('given arguments come over those of the file; a value may hold an equals sign', () => {
  expect(buildArguments({ BASE: 'a', KEEP: '1' }, ['BASE=b@sha256:1', 'FLAGS=-D X=1', 'EMPTY='])).toEqual({
    BASE: 'b@sha256:1',
    KEEP: '1',
    FLAGS: '-D X=1',
    EMPTY: '',
  });
});

test.each(['BASE', '=b', '1A=b', 'A B=c'])('%s is refused', pair => {
  expect(() => buildArguments({}, [pair])).toThrow(
    `The input build-arguments holds "${pair}"; each must be KEY=VALUE.`,
  );
});

test.each([
  ['TOKENIZER=gpt2', undefined],
  ['INDEX=https://pypi.example.com/simple', undefined],
  ['HF_TOKEN=', undefined],
  [`HF=hf_${'a1B2'.repeat(10)}`, 'HF is a Hugging Face token'],
  ['INDEX=https://team:s3cret@pypi.example.com/simple', 'INDEX is a text with a credential in it'],
  ['HF_TOKEN=anything', 'HF_TOKEN is a credential by its name'],
])('%s', (pair, expected) => {
  if (expected === undefined) expect(buildArguments({}, [pair])).toBeDefined();
  else expect(() => buildArguments({}, [pair])).toThrow(expected);
  // what fairway.yaml declares is read by as many
  const [key = '', value = ''] = pair.split(/=(.*)/s);
  if (expected !== undefined) expect(() => buildArguments({ [key]: value }, [])).toThrow(expected);
});

test.each<[string | undefined, string | undefined]>([
  ['65532:65532', undefined],
  ['1000', undefined],
  [undefined, 'The image runs as root'],
  ['0:0', 'The image runs as root'],
  ['root', 'The image runs as root'],
  ['nobody', 'The image\'s user "nobody" is a name'],
])('the user %s', (user, expected) => {
  if (expected === undefined) expect(rootUser(user)).toBeUndefined();
  else expect(english(rootUser(user)!)).toContain(expected);
});

test('the largest layers come first, and a bar does not break the table', () => {
  const summary = buildSummary(3e6, [
    { createdBy: 'RUN a | b', size: 1e6 },
    { createdBy: '', size: 2e6 },
  ]);
  expect(summary).toBe(
    '3.0 MB in 2 layers.\n\n| size | layer |\n| ---: | --- |\n| 2.0 MB | `base image` |\n| 1.0 MB | `RUN a ¦ b` |\n',
  );
});

test('the statement names what went in, without a digest for what has none', () => {
  const statement = provenance({
    image: 'a:1',
    digest: 'sha256:11',
    source: 'sha256:22',
    commit: 'abc',
    dockerfile: 'Dockerfile',
    arguments: { A: 'b' },
    bases: [
      { name: 'base:1', id: 'sha256:33' },
      { name: 'other:1', id: 'not pulled yet' },
    ],
    builder: 'docker 1',
    begun: new Date(0),
    finished: new Date(1000),
  });
  expect(statement).toMatchObject({
    subject: [{ name: 'a:1', digest: { sha256: '11' } }],
    predicate: {
      buildDefinition: {
        resolvedDependencies: [
          { name: 'source', digest: { sha256: '22' } },
          { name: 'commit', digest: { gitCommit: 'abc' } },
          { name: 'base:1', digest: { sha256: '33' } },
          { name: 'other:1' },
        ],
      },
      runDetails: { metadata: { startedOn: '1970-01-01T00:00:00.000Z', finishedOn: '1970-01-01T00:00:01.000Z' } },
    },
  });
});
