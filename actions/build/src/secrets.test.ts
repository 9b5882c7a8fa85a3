import { buildSecrets, lackingSecrets } from './secrets.ts';

const read = (text: string | undefined) =>
  Object.fromEntries([...buildSecrets(text, undefined)].map(([id, value]) => [id, Buffer.from(value).toString()]));

// the example of https://docs.docker.com/build/ci/github-actions/secrets/#using-secrets-with-github-actions
test('secrets are read as docker/build-push-action reads them', () => {
  expect(
    read(`MY_TOKEN=abc=def
"MYSECRET=aaaaaaaa
bbbbbbb
ccccccccc"
FOO=bar
"EMPTYLINE=aaaa

bbbb
ccc"
"JSON_SECRET={""key1"":""value1"",""key2"":""value2""}"
`),
  ).toEqual({
    MY_TOKEN: 'abc=def',
    MYSECRET: 'aaaaaaaa\nbbbbbbb\nccccccccc',
    FOO: 'bar',
    EMPTYLINE: 'aaaa\n\nbbbb\nccc',
    JSON_SECRET: '{"key1":"value1","key2":"value2"}',
  });
  expect(read(undefined)).toEqual({});
  expect(read('a=1\r\n\r\nb=\r\n')).toEqual({ a: '1', b: '' });
});

test('what is no secret is named by its line, and not shown', () => {
  expect(() => read('A=1\nhunter2')).toThrow(/^Line 2 of the input build-secrets is no secret(?!.*hunter2)/);
  expect(() => read('"A=1\nhunter2')).toThrow(/^Line 1 of the input build-secrets is no secret(?!.*hunter2)/);
  expect(() => read('A=1\nA=2')).toThrow('has A twice');
  expect(() => buildSecrets('ca-certificates=x', Buffer.from('PEM'))).toThrow(
    'certificates come by the input certificates',
  );
});

test('a secret that a step mounts and nobody gave is found, by its line', () => {
  const dockerfile = `FROM a
# RUN --mount=type=secret,id=none true
RUN --mount=type=cache,target=/c --mount=type=secret,id=pip,target=/etc/pip.conf \\
    --mount=required=true,type=secret,target=/root/.netrc pip install x
RUN --mount=type=secret,id=there true
`;
  expect(lackingSecrets(dockerfile, new Map([['there', '']]))).toEqual([
    { id: 'pip', line: 3 },
    { id: '.netrc', line: 4 },
  ]);
});
