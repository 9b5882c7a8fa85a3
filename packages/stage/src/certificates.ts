import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@fairway/service';
import { requireRegularFile } from '@fairway/service/regular-file';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { InputSpecs } from './inputs.ts';

/** Input of a stage whose steps in an image reach the network through a proxy with authorities of its own. */
export const certificatesInput = {
  certificates: {
    type: 'string',
    description:
      'File of certificate authorities for RUN steps behind a proxy, mounted as the build secret `ca-certificates`.',
    environment: 'SSL_CERT_FILE',
    keyed: false,
  },
} as const satisfies InputSpecs;

/** The certificate authorities that RUN steps may mount, or undefined when none were named. */
export async function readCertificates(path: string | undefined): Promise<Buffer | undefined> {
  if (!path) return undefined;
  await requireRegularFile(path);
  try {
    return await readFile(path);
  } catch (error) {
    throw new ConfigurationError(
      reasonOf('input.certificates', { path, errno: (error as NodeJS.ErrnoException).code ?? '' }),
    );
  }
}
