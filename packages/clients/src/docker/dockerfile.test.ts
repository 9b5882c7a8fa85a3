import { dockerfileInstructions, instructionLine } from './dockerfile.ts';

const source = `# syntax=docker/dockerfile:1
ARG BASE=debian:bookworm-slim
ARG ENGINE=compiled
FROM \${BASE} AS compiled
# a comment
RUN apt-get update \\
    # inside
 && apt-get install   make
COPY <<EOF /etc/a
RUN not an instruction
EOF
RUN --mount=type=secret,id=x make all

FROM \${ENGINE} AS engine
FROM registry.example.org/base@sha256:aa
COPY --from=engine /a /a
FROM scratch
`;

test('instructions keep their first line; continuation lines, comments and here-documents belong to them', () => {
  expect(
    dockerfileInstructions(source).map(({ line, text }) => [line, text.replace(/\s+/g, ' ').slice(0, 24)]),
  ).toEqual([
    [2, 'ARG BASE=debian:bookworm'],
    [3, 'ARG ENGINE=compiled'],
    [4, 'FROM \${BASE} AS compiled'],
    [6, 'RUN apt-get update && ap'],
    [9, 'COPY <<EOF /etc/a'],
    [12, 'RUN --mount=type=secret,'],
    [14, 'FROM \${ENGINE} AS engine'],
    [15, 'FROM registry.example.or'],
    [16, 'COPY --from=engine /a /a'],
    [17, 'FROM scratch'],
  ]);
});

test.each<[string, number | undefined]>([
  ['[compiled 2/4] RUN apt-get update  && apt-get install   make', 6],
  ['[compiled 4/4] RUN --mount=type=secret,id=x make all', 12],
  ['[compiled 4/4] RUN make all', 12],
  ['[stage-2 2/2] COPY --from=engine /a /a', 16],
  ['[internal] load build context', undefined],
  ['exporting to image', undefined],
])('%s is at line %p', (step, line) => {
  expect(instructionLine(source, step)).toBe(line);
});
