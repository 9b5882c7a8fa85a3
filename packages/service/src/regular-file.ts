import { stat } from 'node:fs/promises';
import { ConfigurationError } from './configuration-error.ts';
import { reasonOf } from './reasons/delivery-reason.ts';

/**
 * To be asked before a file of the user is read: a pipe nobody writes to and a device such as /dev/zero have no end.
 * What is not there, or is a folder, is for the reader to say.
 * @throws ConfigurationError for a pipe, a socket or a device
 */
export async function requireRegularFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isFile() || found.isDirectory()) return;
  const kind = found.isFIFO() ? 'file.aPipe' : found.isSocket() ? 'file.aSocket' : 'file.aDevice';
  throw new ConfigurationError(reasonOf('file.notRegular', { path, kind: reasonOf(kind) }));
}
