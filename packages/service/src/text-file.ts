import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { ConfigurationError } from './configuration-error.ts';
import { requireRegularFile } from './regular-file.ts';
import { systemErrorCode } from './system-error.ts';
import { reasonOf } from './reasons/delivery-reason.ts';

/** The text of a file, or undefined when there is none. */
export async function textIfThere(path: string): Promise<string | undefined> {
  await requireRegularFile(path);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Bytes that a description may have: a hundred times what it needs, and megabytes of keys take a parser minutes. */
const largest = 256 * 1024;

/** The text of fairway.yaml, or of the file of an environment. @throws ConfigurationError */
export async function descriptionText(file: string): Promise<string> {
  await requireRegularFile(file);
  const { size } = await stat(file);
  if (size > largest)
    throw new ConfigurationError(
      reasonOf('file.tooLarge', { file, size: Math.ceil(size / 1024), most: largest / 1024 }),
    );
  return utf8(await readFile(file), file);
}

/** The text of one of the user's own files. @throws ConfigurationError where it is in another encoding than UTF-8 */
export function utf8(bytes: Buffer, file: string): string {
  if (isUtf8(bytes)) return bytes.toString();
  const wide = ['fffe', 'feff'].includes(bytes.toString('hex', 0, 2));
  throw new ConfigurationError(reasonOf(wide ? 'file.utf16' : 'file.noUtf8', { file }));
}
