import { isAbsolute } from 'node:path';
import { type RootConfigService, resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { dnsLabelPattern, longestName } from '@fairway/service/schema-values';

/** The rule of fairway.yaml's `name`; with it no name leads out of the folder of the services. */
export const serviceNamePattern = dnsLabelPattern;

/**
 * Where a service of this machine lies.
 * @throws InputError when no folder is configured or the name is none
 */
export function serviceFolder(config: RootConfigService, name: string): string {
  const root = config.getOptionalString('fairway.localServices.folder');
  if (root === undefined) {
    throw new InputError(
      'This portal keeps no services on its own machine: fairway.localServices.folder is not set in its configuration. Publish to GitHub instead, or set it to the absolute path of a folder.',
    );
  }
  if (!isAbsolute(root)) {
    throw new InputError(
      `fairway.localServices.folder must be an absolute path, since a relative one depends on where the portal was started; found "${root}".`,
    );
  }
  if (!serviceNamePattern.test(name)) {
    throw new InputError(
      `"${name}" cannot be the name of a service: at most ${longestName} lower-case letters, digits and hyphens, first a letter, last no hyphen.`,
    );
  }
  return resolveSafeChildPath(root, name);
}
