import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A service folder without anything but its description.
 * @param lines of fairway.yaml after its name and owner
 */
export async function serviceFolder(root: string, name: string, lines: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'fairway.yaml'),
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: ${name}
owner: team-a
engine: { name: vllm }
${lines}`,
  );
  return folder;
}
