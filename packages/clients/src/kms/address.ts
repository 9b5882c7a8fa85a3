import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';

/** A key in a key management service. */
export type KeyAddress =
  | { readonly service: 'aws'; readonly host: string; readonly region: string; readonly arn: string }
  /** Name of a version of a key: projects/…/cryptoKeyVersions/1. */
  | { readonly service: 'google'; readonly name: string }
  /** Without a version it is the newest one. */
  | { readonly service: 'azure'; readonly host: string; readonly name: string; readonly version?: string }
  | { readonly service: 'vault'; readonly name: string };

const aws = /^awskms:\/\/\/(arn:(aws(?:-[a-z]+)*):kms:([a-z0-9-]+):\d{12}:(?:key|alias)\/[\w/-]+)$/;
const google =
  /^gcpkms:\/\/(projects\/[\w.:-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+)\/(?:cryptoKeyVersions|versions)\/(\d+)$/;
const azure = /^azurekms:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+){2,})\/([\w-]+)(?:\/(\w+))?$/i;
const vault = /^hashivault:\/\/(\w(?:[\w.-]*\w)?)$/;

/**
 * The address of a key, in the forms that cosign has for them.
 * @returns undefined for a text that is no address, such as a PEM file
 * @throws ToolError for an address of another form
 * @see https://docs.sigstore.dev/cosign/key_management/overview/
 */
export function keyAddress(text: string): KeyAddress | undefined {
  const [scheme] = /^[\w+.-]+:\/\//.exec(text) ?? [];
  if (!scheme) return undefined;
  const [, arn, partition, region] = aws.exec(text) ?? [];
  if (arn && region) {
    const host = `kms.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
    return { service: 'aws', host, region, arn };
  }
  const [, key, keyVersion] = google.exec(text) ?? [];
  if (key) return { service: 'google', name: `${key}/cryptoKeyVersions/${keyVersion}` };
  const [, host, name, version] = azure.exec(text) ?? [];
  if (host && name) return { service: 'azure', host: host.toLowerCase(), name, ...(version ? { version } : {}) };
  const [, transit] = vault.exec(text) ?? [];
  if (transit) return { service: 'vault', name: transit };
  throw new ToolError(
    'sigstore',
    reasonOf('sigstore.readKey'),
    undefined,
    reasonOf('key.unknownAddress', { scheme }),
    reasonOf('key.addresses'),
  );
}
