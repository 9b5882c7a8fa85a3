import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ToolError } from '@fairway/clients/tool-error';
import { runCommand } from '../command.ts';
import type { MavenPart } from '../parts.ts';
import type { Builder, Versions } from './builder.ts';

const central = 'https://repo1.maven.org/maven2';
const advice = 'Check that this machine reaches Maven Central, or name a mirror of it by FAIRWAY_MAVEN_URL.';

/** Fetches one archive by its path and sha256 and unpacks it. Nothing in it is run. */
export async function buildMavenPart(part: MavenPart, builder: Builder): Promise<Versions> {
  const url = `${process.env['FAIRWAY_MAVEN_URL'] || central}/${part.path}`;
  builder.progress(`fetching ${basename(part.path)}`);
  const content = await download(url, builder.signal);
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== part.sha256)
    throw new ToolError(
      'maven',
      `GET ${url}`,
      'another checksum',
      `expected sha256 ${part.sha256}, got ${found}`,
      'Do not use this repository.',
    );
  const archive = join(builder.scratch, 'archive.zip');
  await writeFile(archive, content);
  await runCommand('python3', ['-m', 'zipfile', '-e', archive, builder.target], { signal: builder.signal });
  return { [basename(part.path)]: part.sha256 };
}

async function download(url: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(300_000)]) });
    if (!answer.ok)
      throw new ToolError('maven', `GET ${url}`, answer.status, (await answer.text()).slice(0, 300), advice);
    return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolError) throw error;
    const { message, cause } = error as Error & { cause?: Error };
    throw new ToolError('maven', `GET ${url}`, undefined, cause?.message ?? message, advice);
  }
}
