import protobuf from 'protobufjs/light.js';
import { BuildProgress } from './build-progress.ts';
import { BuildError, buildFailure } from './build-failure.ts';
import { StepFailure } from './build-step-failure.ts';

// written by hand with the field numbers of BuildKit, so that the decoder is not checked against itself
const writer = () => protobuf.Writer.create();
const timestamp = writer().uint32(8).int64(1).finish();
interface Vertex {
  digest: string;
  name?: string;
  cached?: boolean;
  started?: boolean;
  completed?: boolean;
  error?: string;
}
function trace(vertexes: readonly Vertex[], logs: readonly (readonly [string, string, number?])[] = []) {
  const out = writer();
  for (const vertex of vertexes) {
    const body = writer().uint32(10).string(vertex.digest);
    if (vertex.name) body.uint32(26).string(vertex.name);
    if (vertex.cached) body.uint32(32).bool(true);
    if (vertex.started) body.uint32(42).bytes(timestamp);
    if (vertex.completed) body.uint32(50).bytes(timestamp);
    if (vertex.error) body.uint32(58).string(vertex.error);
    out.uint32(10).bytes(body.finish());
  }
  for (const [vertex, text, stream = 1] of logs)
    out
      .uint32(26)
      .bytes(
        writer()
          .uint32(10)
          .string(vertex)
          .uint32(24)
          .int64(stream)
          .uint32(34)
          .bytes(Buffer.from(text, 'latin1'))
          .finish(),
      );
  return { id: 'moby.buildkit.trace', aux: Buffer.from(out.finish()).toString('base64') };
}

function failedBuild() {
  const told: string[] = [];
  const progress = new BuildProgress(line => told.push(line));
  progress.take(trace([{ digest: 'a', name: '[internal] load build definition', started: true }]));
  progress.take(
    trace([
      { digest: 'b', name: '[1/2] FROM a', started: true, cached: true },
      { digest: 'c', name: '[2/2] RUN make', started: true },
    ]),
  );
  progress.take(trace([], [['c', 'one\n10%\r100%\n']]));
  progress.take(trace([{ digest: 'c', error: 'exit code: 2' }]));
  progress.take({ status: 'nothing of BuildKit' });
  return { told, progress };
}

test('steps and output become lines; redrawn lines are told once', () => {
  const { told, progress } = failedBuild();
  expect(told).toEqual(['[internal] load build definition', '[1/2] FROM a (cached)', '[2/2] RUN make', 'one', '100%']);
  expect(progress.counts()).toEqual({ steps: 2, cached: 1 });
});

test('a line that comes in pieces is one, apart from what another stream prints meanwhile', () => {
  const told: string[] = [];
  const progress = new BuildProgress(line => told.push(line));
  progress.take(trace([{ digest: 'c', name: 'RUN apt-get', started: true }]));
  // Docker 20.10 with apt; the last is half of an é in UTF-8
  const pieces = [
    ['E: ', 2],
    ['1 upgraded', 1],
    ['Held packages\n', 2],
    [', 0 removed\n', 1],
    ['caf\xc3', 1],
  ] as const;
  for (const [text, stream] of pieces) progress.take(trace([], [['c', text, stream]]));
  expect(told.slice(1)).toEqual(['E: Held packages', '1 upgraded, 0 removed']);
  progress.take(trace([], [['c', '\xa9', 1]]));
  progress.take(trace([{ digest: 'c', completed: true }]));
  expect(told.at(-1)).toBe('café');
});

test('the images that were read have their digest where BuildKit resolved one', () => {
  const progress = new BuildProgress();
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  const names = [
    '[internal] load metadata for docker.io/library/local:1',
    '[internal] load metadata for docker.io/library/debian:12',
    `[linux/arm64 internal] load metadata for e.example/uv@${digest('b')}`,
    `[stage-1 1/2] FROM docker.io/library/debian:12@${digest('a')}`,
    '[build 1/1] FROM docker.io/library/local:1',
    `[uv 1/1] FROM e.example/uv@${digest('b')}`,
    // Docker 20.10, for COPY --from
    'FROM docker.io/library/busybox:latest',
  ];
  progress.take(trace(names.map((name, at) => ({ digest: String(at), name }))));
  expect(progress.bases()).toEqual([
    { name: 'docker.io/library/busybox:latest' },
    { name: 'docker.io/library/debian:12', digest: digest('a') },
    { name: 'docker.io/library/local:1' },
    { name: `e.example/uv@${digest('b')}`, digest: digest('b') },
  ]);
});

const platform = { architecture: 'amd64' };
const request = { context: '/c', dockerfile: 'Dockerfile', tag: 'a:1' };

test('a failed step is told with its line and its last output', () => {
  const failure = buildFailure(
    new StepFailure('failed to solve: rpc error: code = Unknown desc = exit code: 2'),
    'FROM a\nRUN make\n',
    request,
    failedBuild().progress,
    platform,
  );
  expect(failure).toBeInstanceOf(BuildError);
  expect((failure as BuildError).line).toBe(2);
  expect((failure as BuildError).message).toBe(
    'docker: building a:1 from Dockerfile:2 failed: one\n100%\nexit code: 2',
  );
});

test('a cache that could not be read first is no step that failed', () => {
  const progress = new BuildProgress();
  const ended = { cached: false, started: true, completed: true };
  const vertexes = [
    // as buildx 0.38 prints them
    { ...ended, digest: 'sha256:1', name: 'importing cache manifest from gha:12475854448761008126', error: 'none' },
    { ...ended, digest: 'sha256:2', name: '[2/2] RUN make', error: 'exit code: 2' },
  ];
  progress.follow({ vertexes, logs: [] });
  expect(progress.failed()?.name).toBe('[2/2] RUN make');
});

test('a line that cannot be parsed is told', () => {
  const failure = buildFailure(
    new StepFailure('dockerfile parse error line 3: unknown instruction: FOO'),
    '',
    request,
    new BuildProgress(),
    platform,
  );
  expect((failure as BuildError).line).toBe(3);
});

test('an error of the daemon stays one', () => {
  const error = new Error('socket hang up');
  expect(buildFailure(error, '', request, new BuildProgress(), platform)).toBe(error);
});
