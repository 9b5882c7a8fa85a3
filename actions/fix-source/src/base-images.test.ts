import { pinnedBases, withDigests } from './base-images.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const dockerfile = `ARG BASE=nvidia/cuda:13.0.3-base@${digest('a')}
FROM \${BASE} AS python
FROM --platform=linux/amd64 registry.example.com:5000/team/base:1@${digest('b')} AS other
FROM debian:bookworm-slim
# FROM debian:12@${digest('c')}
RUN echo debian:12@${digest('d')}
COPY --from=other /a /a
`;

test('bases are the images that FROM and ARG pin by tag and digest', () => {
  expect(pinnedBases(dockerfile)).toEqual([
    { image: 'nvidia/cuda:13.0.3-base', from: digest('a') },
    { image: 'registry.example.com:5000/team/base:1', from: digest('b') },
  ]);
});

test('bases are also the images that files are taken from', () => {
  const text = `FROM scratch
COPY --link --from=ghcr.io/astral-sh/uv:0.9.7@${digest('a')} /uv /bin/
RUN --mount=type=bind,from=node:24@${digest('b')},target=/node \\
    --mount=from=golang:1@${digest('c')} echo debian:12@${digest('d')}
# COPY --from=busybox:1@${digest('e')} / /
`;
  expect(pinnedBases(text).map(({ image }) => image)).toEqual(['ghcr.io/astral-sh/uv:0.9.7', 'node:24', 'golang:1']);
  const raised = withDigests(text, [{ image: 'node:24', from: digest('b'), to: digest('f') }]);
  expect(raised).toBe(text.replace(digest('b'), digest('f')));
});

test('a digest that is known takes the place of the old one, and nothing else changes', () => {
  const bases = [
    { image: 'nvidia/cuda:13.0.3-base', from: digest('a'), to: digest('e') },
    { image: 'registry.example.com:5000/team/base:1', from: digest('b'), problem: 'no answer' },
  ];
  expect(withDigests(dockerfile, bases)).toBe(dockerfile.replace(digest('a'), digest('e')));
});
