import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeExample } from '../../packages/cli/src/example.ts';

/** A copy of examples/hello-llm under a name of its own, so that a service the user delivered stays alone. */
export async function copyExample(name: string): Promise<string> {
  const source = join(import.meta.dirname, '../../examples/hello-llm');
  await makeExample(source, new AbortController().signal, () => {});
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  await cp(source, folder, { recursive: true, filter: path => !path.endsWith('/.fairway') });
  await editService(folder, text => text.replace(/^name: .*$/m, `name: ${name}`));
  return folder;
}

export async function editService(folder: string, edit: (text: string) => string): Promise<void> {
  const path = join(folder, 'fairway.yaml');
  const before = await readFile(path, 'utf8');
  const after = edit(before);
  if (after === before)
    throw new Error('The edit of fairway.yaml changed nothing: the test no longer fits the example.');
  await writeFile(path, after);
}

/** The text of another version of the service, which answers like the one before: it asks for a thousandth of a processor more. */
export function anotherVersion(text: string): string {
  return text.replace(/^ {2}cpu: (\d+)m$/m, (_line, thousandths) => `  cpu: ${Number(thousandths) + 1}m`);
}

/** Gives the service a host name of its own, so that another one on the same gateway does not answer instead. */
export function giveHostname(folder: string, hostname: string): Promise<void> {
  return editService(folder, text => text.replace(/^access:$/m, `access:\n  hostname: ${hostname}`));
}
