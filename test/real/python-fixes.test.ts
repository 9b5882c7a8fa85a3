import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildImage,
  connectDocker,
  exportImage,
  inspectImage,
  removeImage,
  runOnce,
} from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { openScanner } from '@fairway/clients/scanner/index';
import { openLayout } from '@fairway/image';
import { remediateImage } from '../../actions/remediate/src/loop.ts';
import { machineAuthorities } from '../machine-authorities.ts';
import { advisory, madeDatabase } from './made-database.ts';
import { baseImage, platform } from './platform.ts';

jest.setTimeout(600_000);

const { signal } = new AbortController();
const image = `fairway-python:${process.pid}`;
let engine: DockerEngine;
let root: string;
let database: string;

const python = {
  idna: { 'CVE-2024-3651': advisory('GHSA-jjg7-2v4v-x38h', '<3.7', '3.7') },
  requests: { 'CVE-2023-32681': advisory('GHSA-j8r2-6x86-q33q', '>=2.3.0, <2.31.0', '2.31.0') },
  zipp: { 'CVE-2024-5569': advisory('GHSA-jfmj-5v4g-7637', '<3.19.1', '3.19.1') },
};

// an environment with pip and a package that forbids a fix, one without pip beside uv, and packages that somebody put into a folder
const dockerfile = `FROM ${baseImage}
RUN apt-get update && apt-get install --yes --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/*
RUN --mount=type=secret,id=ca-certificates,target=/dev/shm/ca \\
    if [ -s /dev/shm/ca ]; then export PIP_CERT=/dev/shm/ca SSL_CERT_FILE=/dev/shm/ca; fi \\
 && mkdir /pinner && printf '[project]\\nname = "pinner"\\nversion = "1.0"\\ndependencies = ["zipp<3.19"]\\n[tool.setuptools]\\npackages = []\\n' > /pinner/pyproject.toml \\
 && python3 -m venv /app/.venv && /app/.venv/bin/pip install --quiet requests==2.28.2 idna==3.4 zipp==3.18.0 /pinner \\
 && python3 -m venv /opt/uv && /opt/uv/bin/pip install --quiet uv==0.13.9 && ln -s /opt/uv/bin/uv /usr/local/bin/uv \\
 && export UV_NO_CACHE=1 && uv venv --quiet /srv/tool && uv pip install --quiet --python /srv/tool/bin/python idna==3.4 \\
 && /app/.venv/bin/pip install --quiet --target /plugins idna==3.4
USER 65532:65532
`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-python-'));
  database = await madeDatabase(root, { python });
  engine = await connectDocker(platform.docker.host);
  await mkdir(join(root, 'context'));
  await writeFile(join(root, 'context/Dockerfile'), dockerfile);
  await buildImage(engine, {
    context: join(root, 'context'),
    dockerfile: 'Dockerfile',
    tag: image,
    secrets: new Map([['ca-certificates', await machineAuthorities()]]),
  });
});

afterAll(async () => {
  for (const name of [image, `${image}-1`, `${image}-2`]) await removeImage(engine, name);
  await rm(root, { recursive: true });
});

test('each environment gets what fixes its findings and nothing newer; what cannot be fixed says why', async () => {
  const layout = await openLayout(join(root, 'layout'));
  const { digest } = await exportImage(engine, layout, { image, name: 'build' });
  const scanner = await openScanner(platform.scanner.trivy, signal);
  const { after, before, steps, left, ...patched } = await remediateImage({ docker: engine, scanner }, layout, {
    image: { digest, name: image },
    policy: { failOn: 'medium', exceptions: [], product: 'python', statements: [] },
    others: [],
    database,
    attempts: 3,
    network: platform.docker.network as 'default' | 'host',
    certificates: await machineAuthorities(),
    today: new Date(),
    signal,
    progress() {},
  });
  const found = (report: typeof before) =>
    report.findings.flatMap(({ package: name, path, ecosystem }) =>
      ecosystem === 'python-pkg' ? `${name} ${path?.replace(/[^/]+\.dist-info.*/, '')}` : [],
    );
  expect(found(before).toSorted()).toEqual([
    'idna app/.venv/lib/python3.11/site-packages/',
    'idna plugins/',
    'idna srv/tool/lib/python3.11/site-packages/',
    'requests app/.venv/lib/python3.11/site-packages/',
    'zipp app/.venv/lib/python3.11/site-packages/',
  ]);
  expect(found(after).toSorted()).toEqual(['idna plugins/', 'zipp app/.venv/lib/python3.11/site-packages/']);
  expect(left).toMatchObject([
    { package: 'idna', because: expect.stringMatching(/^it lies in no Python environment \(in plugins\/idna-3\.4/) },
    {
      package: 'zipp',
      because: 'its upgrade was refused: E: pinner 1.0 has requirement zipp<3.19, but you have zipp 3.19.1.',
    },
  ]);
  expect(steps).toHaveLength(1);
  const versions = async (python: string) => {
    const command = `from importlib.metadata import distributions as d; print(*sorted(x.name + "==" + x.version for x in d() if x.name in ("idna", "requests", "zipp")))`;
    const { lines } = await runOnce(engine, {
      image: patched.image.name,
      command: [python, '-c', command],
      timeout: 60_000,
      signal,
    });
    return lines.join(' ');
  };
  expect(await versions('/app/.venv/bin/python')).toBe('idna==3.7 requests==2.31.0 zipp==3.18.0');
  expect(await versions('/srv/tool/bin/python')).toBe('idna==3.7');
  expect((await inspectImage(engine, patched.image.name)).config.User).toBe('65532:65532');
  const { lines } = await runOnce(engine, {
    image: patched.image.name,
    command: ['sh', '-c', 'find / -xdev \\( -name ca-certificates -path "*shm*" -o -name upgrade.py \\) 2>/dev/null'],
    timeout: 60_000,
    signal,
  });
  expect(lines.filter(Boolean)).toEqual([]);
});
