import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseImages, DockerfileError, fullImageName, metadataLine, NoTarget } from './dockerfile-bases.ts';

interface Case {
  readonly name: string;
  readonly dockerfile: readonly string[];
  readonly arguments?: Readonly<Record<string, string>>;
  readonly platform: string;
  /** Full names of the images whose configuration BuildKit asked for, sorted. */
  readonly bases?: readonly string[];
  readonly error?: string;
}

// what BuildKit 0.24.0 says of each Dockerfile: dockerfile2llb.Dockerfile2LLB with a MetaResolver that writes down what it is asked
const cases = JSON.parse(readFileSync(join(__dirname, 'buildkit-bases.json'), 'utf8')) as readonly Case[];

test.each(cases.map(one => [one.name, one] as const))('%s', (_name, one) => {
  const [, architecture = ''] = one.platform.split('/');
  const read = () => baseImages(one.dockerfile.join('\n'), one.arguments ?? {}, { architecture });
  if (one.error === undefined)
    expect(
      read()
        .map(({ name }) => fullImageName(name))
        .sort(),
    ).toEqual(one.bases ?? []);
  else expect(read).toThrow(DockerfileError);
});

// https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
test('a build for another platform reads the images of both', () => {
  const source =
    'FROM --platform=$BUILDPLATFORM tool:${BUILDARCH} AS tool\nFROM base:${TARGETARCH}\nCOPY --from=tool / /\n';
  const names = (platform?: string) =>
    baseImages(source, {}, { architecture: 'amd64', platform }).map(({ name }) => name);
  expect(names('linux/arm64')).toEqual(['tool:amd64', 'base:arm64']);
  expect(names()).toEqual(['tool:amd64', 'base:amd64']);
});

test('a stage that is named is built, and what it does not need is not read', () => {
  const source = 'FROM a AS One\nFROM b AS two\nFROM one\nCOPY --from=two / /\n';
  const names = (target?: string) => baseImages(source, {}, { architecture: 'amd64' }, target).map(({ name }) => name);
  expect([names(), names('one'), names('TWO')]).toEqual([['a', 'b'], ['a'], ['b']]);
  expect(() => names('three')).toThrow(NoTarget);
});

test('an error names the line, and BuildKit’s step leads to the line of its image', () => {
  const source = 'ARG V=12\n\nFROM debian:$V AS a\nFROM a\nCOPY --from=uv \\\n  /uv /\n';
  const bases = baseImages(source, {}, { architecture: 'amd64' });
  expect(bases).toEqual([
    { name: 'debian:12', line: 3, below: true },
    { name: 'uv', line: 5, below: false },
  ]);
  expect(metadataLine('[internal] load metadata for docker.io/library/debian:12', () => bases)).toBe(3);
  expect(metadataLine('[linux/amd64 internal] load metadata for docker.io/library/uv:latest', () => bases)).toBe(5);
  expect(metadataLine('[internal] load build context', () => bases)).toBeUndefined();
  expect(() => baseImages('ARG A\n\nFROM $A', {}, { architecture: 'amd64' })).toThrow(
    expect.objectContaining({ line: 3, message: 'base name ($A) should not be blank' }),
  );
});
