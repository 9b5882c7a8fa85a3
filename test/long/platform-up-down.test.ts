import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { down, platformFolders, status, up } from '@fairway/platform';
import { traces } from '../real/traces.ts';

const signal = new AbortController().signal;
const progress = () => undefined;

test('a platform of its own comes up, survives the end of its cluster and services, and leaves nothing', async () => {
  const state = await mkdtemp(join(tmpdir(), 'fairway-platform-'));
  const folders = { ...platformFolders(), state };
  const before = await traces(state);
  try {
    const options = { signal, progress, folders, portBase: 19_400 };
    const first = await up(options);
    expect(await notRunning()).toEqual([]);
    const during = await traces(state);
    expect({ ...during, cgroups: [], processes: [] }).toEqual(before);

    for (const sandbox of ['cluster', 'services']) {
      const { pid } = JSON.parse(await readFile(join(state, sandbox, 'process.json'), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');
    }
    // in each sandbox a process has this number: what containerd had may be another's after a kill
    if (first.docker.host.startsWith(`unix://${state}`))
      await writeFile(join(state, 'services/docker-run/containerd/containerd.pid'), '1');
    await expect(up(options)).resolves.toEqual(first);
    expect(await notRunning()).toEqual([]);
  } finally {
    await down({ progress, folders });
  }
  await expect(traces(state)).resolves.toEqual(before);
  await expect(status(folders)).resolves.toEqual([]);
  await rm(state, { recursive: true });

  async function notRunning() {
    return (await status(folders)).filter(({ running }) => !running);
  }
}, 300_000);
