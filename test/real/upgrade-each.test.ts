import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, connectDocker, removeImage, runOnce } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { english } from '@fairway/service/reasons/delivery-reason';
import { apt } from '../../actions/remediate/src/package-managers/apt.ts';
import { withRemovals } from '../../actions/remediate/src/removal.ts';
import { upgradeEach } from '../../actions/remediate/src/upgrade-each.ts';
import { baseImage, platform } from './platform.ts';

jest.setTimeout(300_000);

const image = `fairway-upgrade:${process.pid}`;
const tag = `${image}-1`;
const signal = new AbortController().signal;
let engine: DockerEngine;
let folder: string;

// a repository in the image itself: two versions of three packages, of which one is held and the last needs the first, beside a source that nobody serves
const dockerfile = `FROM ${baseImage}
RUN mkdir -p /repo/new /repo/old && cd /repo \\
 && for name in alpha beta gamma; do for version in 1 2; do \\
      depends=; if [ $name = gamma ]; then depends='Depends: alpha\\n'; fi; \\
      mkdir -p /tmp/p/DEBIAN \\
   && printf 'Package: %s\\nVersion: %s\\n%bArchitecture: all\\nMaintainer: t <t@example.com>\\nDescription: t\\n' $name $version "$depends" > /tmp/p/DEBIAN/control \\
   && dpkg-deb --build /tmp/p $name-$version.deb && rm -r /tmp/p; done; done \\
 && dpkg -i *-1.deb \\
 && for deb in *-2.deb; do dpkg-deb --field $deb; printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' $deb $(stat -c %s $deb) $(sha256sum $deb | cut -d" " -f1); done > Packages \\
 && rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* \\
 && printf 'deb [trusted=yes] file:/repo ./\\ndeb [trusted=yes] http://127.0.0.1:9/ ./\\n' > /etc/apt/sources.list \\
 && apt-mark hold beta
USER 65532:65532
`;

beforeAll(async () => {
  engine = await connectDocker(platform.docker.host);
  folder = await mkdtemp(join(tmpdir(), 'fairway-upgrade-'));
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  await buildImage(engine, { context: folder, dockerfile: 'Dockerfile', tag: image });
});

afterAll(async () => {
  for (const name of [image, tag]) await removeImage(engine, name);
  await rm(folder, { recursive: true });
});

test('a package that is held costs no other its upgrade, and a source that does not answer costs none', async () => {
  const packages = ['alpha', 'beta', 'gamma'];
  const network = platform.docker.network as 'default' | 'host';
  const wanted = packages.map(name => ({ package: name, atLeast: '2' }));
  const request = { image, tag, manager: apt, wanted, network, signal, progress() {} };
  const { refused, unreadable } = await upgradeEach(engine, request);
  expect([...refused].map(([of, why]) => [of, english(why)])).toEqual([
    [{ package: 'beta', atLeast: '2' }, expect.stringMatching(/^its upgrade was refused: E: .*held/i)],
  ]);
  expect(unreadable.join('\n')).toContain('http://127.0.0.1:9');
  const versions = await runOnce(engine, {
    image: tag,
    command: ['dpkg-query', '--show', '--showformat', '${Package} ${Version}\\n', ...packages],
    timeout: 60_000,
    signal,
  });
  expect(versions.lines).toEqual(['alpha 2', 'beta 1', 'gamma 2']);
});

test('what cannot be upgraded is proposed for removal where no other package needs it', async () => {
  const left = ['alpha', 'beta', 'gamma', 'dpkg'].map(name => ({
    ...{ action: 'unfixable-now' as const, package: name, ecosystem: 'debian', installed: '1', atLeast: '3' },
    ...{ because: 'its sources offer 2, and 3 is needed', findings: ['A'] },
  }));
  const [alpha, beta, gamma, dpkg] = left;
  expect(await withRemovals(engine, image, left, signal)).toEqual([
    alpha,
    { ...beta, action: 'remove', command: 'RUN dpkg --purge beta' },
    { ...gamma, action: 'remove', command: 'RUN dpkg --purge gamma' },
    // essential
    dpkg,
  ]);
});
