import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { runProgram } from '../run-program.ts';

// What a scanner may know of the environment: where programs and certificates lie and how the network is left.
const passed = [
  'PATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'no_proxy',
  'TMPDIR',
];

/** Runs a scanner in an empty folder with an empty home, where it finds no configuration and no credentials, and gives what it printed. */
export async function runScanner(
  tool: string,
  program: string,
  parameters: readonly string[],
  folder: string,
  signal: AbortSignal,
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const environment = Object.fromEntries(
    passed.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return runProgram({
    ...{ tool, program, parameters, folder, signal },
    environment: { ...environment, HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, ...settings },
    advice: reasonOf('scanner.install'),
    lastLines: 6,
  });
}

/** A folder for one run, which goes with it. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-scan-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
