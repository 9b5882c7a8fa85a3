import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@fairway/clients/docker/free-port';
import { platformFolders } from '@fairway/platform/folders';
import { workflowTool } from '../workflow-tools.ts';

export interface OpenWebUi {
  /** Without a slash at its end. */
  readonly url: string;
  /** What it said last. */
  said(): string;
  stop(): Promise<void>;
}

/**
 * Starts Open WebUI on the loopback, with nothing in it yet: a quarter of a minute on two idle cores.
 * @param environment its settings, https://docs.openwebui.com/reference/env-configuration
 */
export async function startOpenWebUi(environment: Readonly<Record<string, string>>): Promise<OpenWebUi> {
  const program = await installed();
  const folder = await mkdtemp(join(tmpdir(), 'fairway-open-webui-'));
  const port = await freePort();
  const child = spawn(program, ['serve', '--host', '127.0.0.1', '--port', String(port)], {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      DATA_DIR: folder,
      WEBUI_SECRET_KEY: 'of-a-test-and-of-no-use-to-anybody',
      OFFLINE_MODE: 'true',
      ENABLE_OLLAMA_API: 'false',
      ANONYMIZED_TELEMETRY: 'false',
      // its own engine of embeddings is not installed
      RAG_EMBEDDING_ENGINE: 'openai',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said = (said + text).slice(-6000)));
  const ended = new Promise(resolve => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const url = `http://127.0.0.1:${port}`;
  const healthy = () =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (const deadline = Date.now() + 300_000; !(await healthy()); await sleep(500)) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error(`Open WebUI did not start:\n${said}`);
  }
  return { url, said: () => said, stop };
}

/** Installs what the lock names into the user's cache, 900 MB, and only what is not there. @returns the path of its program */
async function installed(): Promise<string> {
  const uv = await workflowTool('uv');
  const environment = join(platformFolders().cache, 'open-webui');
  await mkdir(environment, { recursive: true });
  const run = promisify(execFile);
  // the versions of Python that it runs with; one of the machine
  const python = ['--python', '>=3.11,<3.13', '--no-python-downloads'];
  await run(uv, ['venv', '--quiet', '--allow-existing', ...python, environment]);
  const lock = join(import.meta.dirname, 'open-webui/open-webui.txt');
  const exactly = ['--quiet', '--no-cache', '--require-hashes', '--only-binary', ':all:'];
  await run(uv, ['pip', 'sync', ...exactly, '--python', environment, lock]);
  return join(environment, 'bin/open-webui');
}
