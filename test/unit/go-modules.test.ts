import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const programs = [
  'packages/platform/parts/coredns',
  'packages/platform/parts/envoy-gateway',
  'packages/platform/parts/ratelimit',
  'services/waf',
];

/** The rate limit service calls what 0.63 of it no longer has. */
const apart = 'go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc';

interface GoMod {
  readonly Require: readonly { readonly Path: string; readonly Version: string }[];
  readonly Replace:
    readonly { readonly Old: { readonly Path: string }; readonly New: { readonly Version: string } }[] | null;
}

test('what several programs are compiled from has one version, so that it is compiled once', () => {
  const versions = new Map<string, Set<string>>();
  for (const program of programs) {
    const { Require, Replace } = JSON.parse(
      execFileSync('go', ['mod', 'edit', '-json'], { cwd: join(root, program), encoding: 'utf8' }),
    ) as GoMod;
    for (const { Path, Version } of Require) {
      const version = Replace?.find(({ Old }) => Old.Path === Path)?.New.Version ?? Version;
      versions.set(Path, new Set([...(versions.get(Path) ?? []), version]));
    }
  }
  expect(
    [...versions].filter(([path, found]) => path !== apart && found.size > 1).map(([path, found]) => [path, ...found]),
  ).toEqual([]);
  expect(versions.size).toBeGreaterThan(100);
});
