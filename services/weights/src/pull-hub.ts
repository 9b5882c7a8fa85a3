import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { allOf } from '@fairway/clients/all-of';
import { downloadFile } from '@fairway/service/model/download';
import { hubFiles, isUnused } from '@fairway/service/model/hub';
import type { Hub } from '@fairway/service/model/hub';
import { putOnce } from './put-once.ts';
import type { Files, Place } from './put-once.ts';

export interface PullHub extends Place {
  /** hf://owner/name@commit, and a path behind it. */
  readonly reference: string;
  /** Its fetch sets no limit to how long a body may take. */
  readonly hub: Hub;
  say(message: string): void;
}

/** Files that come at the same time. */
const atOnce = 3;

/**
 * Downloads what a reference names at its commit, without files that no engine loads; each is proved by the hash that the commit has of it.
 * @throws ConfigurationError and ToolError of the hub, which say what to do
 */
export async function pullHub(pull: PullHub): Promise<void> {
  const { reference, hub, signal, say } = pull;
  const put = await putOnce(pull, async part => {
    const wanted = (await hubFiles(reference, hub)).filter(file => !isUnused(file));
    say(`Downloading ${wanted.length} files of ${reference}.`);
    const files: Files = {};
    await allOf(wanted, atOnce, signal, async (file, within) => {
      const target = join(part, file.path);
      await mkdir(dirname(target), { recursive: true });
      await downloadFile(hub, { reference, file, target, signal: within, passed: () => undefined });
      files[file.path] = file.size;
    });
    return files;
  });
  say(put ? `${reference} is there: ${Object.keys(put).length} files.` : `${reference} is there already.`);
}
