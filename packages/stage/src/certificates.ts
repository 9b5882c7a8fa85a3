import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@fairway/service';

/** The certificate authorities that RUN steps may mount, or undefined when none were named. */
export async function readCertificates(path: string | undefined): Promise<Buffer | undefined> {
  if (!path) return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    throw new ConfigurationError(
      `The input certificates names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
}
