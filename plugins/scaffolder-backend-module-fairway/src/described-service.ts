import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceResource } from '@fairway/backstage-plugin-fairway-common';
import { ConfigurationError, parseServiceFile, serviceFileName, systemErrorCode } from '@fairway/service';

/**
 * The service that a delivery of the folder would be of, as permissions ask for it. A first delivery is that of the owner whom
 * the file names; the portal knows the owner of every other. Without a file that can be read it is the name alone.
 */
export async function describedService(folder: string, name: string): Promise<ServiceResource> {
  try {
    const { service } = parseServiceFile(
      await readFile(join(folder, serviceFileName), 'utf8'),
      folder,
      serviceFileName,
    );
    return { namespace: service.namespace, service: service.name, owner: service.owner };
  } catch (error) {
    if (error instanceof ConfigurationError || ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? ''))
      return { service: name };
    throw error;
  }
}
