import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, connectDocker, removeImage, runOnce } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { english } from '@fairway/service/reasons/delivery-reason';
import { dnf } from '../../actions/remediate/src/package-managers/dnf.ts';
import { zypper } from '../../actions/remediate/src/package-managers/zypper.ts';
import { withRemovals } from '../../actions/remediate/src/removal.ts';
import { upgradeEach } from '../../actions/remediate/src/upgrade-each.ts';
import { baseImage, platform } from './platform.ts';

jest.setTimeout(300_000);

const image = `fairway-rpm:${process.pid}`;
const tags = { dnf: `${image}-dnf`, zypper: `${image}-zypper` };
const { signal } = new AbortController();
let engine: DockerEngine;
let folder: string;

// dnf and zypper are Debian's, since no distribution with RPM need be reachable: packages, repository and database are real ones. The newer beta asks for what nobody has, and gamma for alpha
const dockerfile = `FROM ${baseImage}
RUN apt-get update && apt-get install --yes --no-install-recommends dnf zypper rpm createrepo-c && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /repo /etc/rpm && echo '%_dbpath /var/lib/rpm' > /etc/rpm/macros.dbpath \\
 && for name in alpha beta gamma; do for version in 1 2; do \\
      requires=; if [ $name$version = beta2 ]; then requires='Requires: nobody-has-this'; elif [ $name = gamma ]; then requires='Requires: alpha'; fi; \\
      printf 'Name: %s\\nVersion: %s\\nRelease: 1\\nSummary: t\\nLicense: MIT\\nBuildArch: noarch\\n%s\\n%%description\\nt\\n%%files\\n' $name $version "$requires" > /tmp/p.spec \\
   && rpmbuild -bb --define '_rpmdir /repo' /tmp/p.spec || exit 1; done; done \\
 && rpm --install --nodeps --force-debian /repo/noarch/*-1-1.noarch.rpm \\
 && createrepo_c /repo \\
 && rm -rf /etc/yum.repos.d /etc/zypp/repos.d && mkdir -p /etc/yum.repos.d /etc/zypp/repos.d \\
 && printf '[here]\\nname=here\\nenabled=1\\nautorefresh=1\\nbaseurl=file:///repo\\ngpgcheck=0\\n[away]\\nname=away\\nenabled=1\\nautorefresh=1\\nbaseurl=http://127.0.0.1:9/\\ngpgcheck=0\\n' > /etc/yum.repos.d/test.repo \\
 && cp /etc/yum.repos.d/test.repo /etc/zypp/repos.d/
USER 65532:65532
`;

beforeAll(async () => {
  engine = await connectDocker(platform.docker.host);
  folder = await mkdtemp(join(tmpdir(), 'fairway-rpm-'));
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  await buildImage(engine, { context: folder, dockerfile: 'Dockerfile', tag: image });
});

afterAll(async () => {
  for (const name of [image, ...Object.values(tags)]) await removeImage(engine, name);
  await rm(folder, { recursive: true });
});

test.each([
  ['dnf', dnf, tags.dnf, /'away'/],
  ['zypper', zypper, tags.zypper, /\[away\|http:\/\/127\.0\.0\.1:9\/\] Valid metadata not found/],
] as const)(
  '%s: a package whose newer version lacks something costs no other its upgrade, and a source that does not answer costs none',
  async (_name, manager, tag, unread) => {
    const names = ['alpha', 'beta', 'gamma'];
    const network = platform.docker.network as 'default' | 'host';
    const wanted = names.map(name => ({ package: name, atLeast: '2' }));
    const request = { image, tag, manager, wanted, network, signal, progress() {} };
    const { refused, unreadable } = await upgradeEach(engine, request);
    expect([...refused].map(([of, why]) => [of, english(why)])).toEqual([
      [
        { package: 'beta', atLeast: '2' },
        expect.stringMatching(/^its upgrade was refused: Problem: .*nothing provides nobody-has-this.*beta/),
      ],
    ]);
    expect(unreadable.join('\n')).toMatch(unread);
    const versions = await runOnce(engine, {
      image: tag,
      command: ['rpm', '--query', '--queryformat', '%{NAME} %{VERSION}\\n', ...names],
      timeout: 60_000,
      signal,
    });
    expect(versions.lines).toEqual(['alpha 2', 'beta 1', 'gamma 2']);
  },
);

test('what cannot be upgraded is proposed for removal where no other package needs it', async () => {
  const left = ['alpha', 'beta', 'gamma'].map(name => ({
    ...{ action: 'unfixable-now' as const, package: name, ecosystem: 'redhat', installed: '1', atLeast: '3' },
    ...{ because: 'its sources offer 2, and 3 is needed', findings: ['A'] },
  }));
  const [alpha, beta, gamma] = left;
  expect(await withRemovals(engine, image, left, signal)).toEqual([
    alpha,
    { ...beta, action: 'remove', command: 'RUN rpm --erase beta' },
    { ...gamma, action: 'remove', command: 'RUN rpm --erase gamma' },
  ]);
});
