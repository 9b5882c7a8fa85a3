import { taggedBases, withDigests } from './base-images.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const dockerfile = `ARG BASE=nvidia/cuda:13.0.3-base@${digest('a')}
FROM \${BASE} AS python
FROM --platform=linux/amd64 registry.example.com:5000/team/base:1@${digest('b')} AS other
FROM debian:bookworm-slim
ARG ADDRESS=https://mirror.example.com:443/debian
# FROM debian:12@${digest('c')}
RUN echo debian:12@${digest('d')}
COPY --from=other /a /a
`;

test('bases are the images of FROM and ARG that have a digest, or that the build reads', () => {
  expect(taggedBases(dockerfile, { arguments: {} })).toEqual([
    { image: 'nvidia/cuda:13.0.3-base', from: digest('a') },
    { image: 'registry.example.com:5000/team/base:1', from: digest('b') },
    { image: 'debian:bookworm-slim', from: undefined },
  ]);
});

test('bases are also the images that files are taken from', () => {
  const text = `FROM scratch
COPY --link --from=ghcr.io/astral-sh/uv:0.9.7@${digest('a')} /uv /bin/
RUN --mount=type=bind,from=node:24@${digest('b')},target=/node \\
    --mount=from=golang:1@${digest('c')} echo debian:12@${digest('d')}
# COPY --from=busybox:1@${digest('e')} / /
`;
  expect(taggedBases(text, { arguments: {} }).map(({ image }) => image)).toEqual([
    'ghcr.io/astral-sh/uv:0.9.7',
    'node:24',
    'golang:1',
  ]);
  const raised = withDigests(text, [{ image: 'node:24', from: digest('b'), to: digest('f') }]);
  expect(raised).toBe(text.replace(digest('b'), digest('f')));
});

test('what a here-document writes is no base, and a FROM of two lines is one', () => {
  const text = `FROM \\
  debian:12
RUN <<EOF
cat > Dockerfile <<END
FROM debian:12
END
EOF
COPY --from=node:24 <<-'FILE' /made
\tFROM debian:12@${digest('a')}
\tFILE
`;
  expect(taggedBases(text, { arguments: {} })).toEqual([
    { image: 'debian:12', from: undefined },
    { image: 'node:24', from: undefined },
  ]);
  const raised = withDigests(text, [
    { image: 'debian:12', from: undefined, to: digest('f') },
    { image: 'debian:12', from: digest('a'), to: digest('f') },
  ]);
  expect(raised).toBe(text.replace('debian:12', `debian:12@${digest('f')}`));
});

test('a digest that is known takes the place of the old one, and nothing else changes', () => {
  const bases = [
    { image: 'nvidia/cuda:13.0.3-base', from: digest('a'), to: digest('e') },
    { image: 'registry.example.com:5000/team/base:1', from: digest('b'), problem: 'no answer' },
  ];
  expect(withDigests(dockerfile, bases)).toBe(dockerfile.replace(digest('a'), digest('e')));
});

test.each([
  ['in FROM', 'FROM debian:12\nRUN echo debian:12\n', {}, `FROM debian:12@${digest('f')}\nRUN echo debian:12\n`],
  [
    'in the default of an ARG',
    'ARG BASE=debian:12\nFROM ${BASE}\n',
    {},
    `ARG BASE=debian:12@${digest('f')}\nFROM \${BASE}\n`,
  ],
  [
    'in a flag',
    'FROM scratch\nCOPY --from=debian:12 /a /a\n',
    {},
    `FROM scratch\nCOPY --from=debian:12@${digest('f')} /a /a\n`,
  ],
  ['not where build.arguments name another', 'ARG BASE=debian:12\nFROM ${BASE}\n', { BASE: 'debian:13' }, undefined],
  ['not of a tag that begins alike', 'FROM debian:12-slim\n', {}, undefined],
  ['not of a stage that nothing needs', 'FROM debian:12 AS tests\nFROM scratch\n', {}, undefined],
])('a tag alone gets a digest %s', (_case, text, values, expected) => {
  const bases = taggedBases(text, { arguments: values }).map(base => ({ ...base, to: digest('f') }));
  expect(
    withDigests(
      text,
      bases.filter(({ image }) => image === 'debian:12'),
    ),
  ).toBe(expected ?? text);
});
