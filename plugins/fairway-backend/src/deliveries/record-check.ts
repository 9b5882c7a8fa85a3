import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { RecordCheck } from '@fairway/backstage-plugin-fairway-common';
import { parseRepository } from '@fairway/clients/registry/address';
import type { RegistryCredentials } from '@fairway/clients/registry/authorization';
import { openRepository, type RegistryClient } from '@fairway/clients/registry/client';
import { type Descriptor, getBlob, getManifest } from '@fairway/clients/registry/content';
import { listReferrers } from '@fairway/clients/registry/referrers';
import { type DeliveryRecord, recordSchema } from '@fairway/stage/record';
import { stageOrder } from '@fairway/stage/verdict';
import { saidError } from '../http/said-error.ts';

/** As `push` attaches the record to the image. */
const recordType = 'application/vnd.fairway.delivery+json';
/** Whoever may push may attach anything. */
const largestRecord = 10 * 1024 * 1024;
const mostRecords = 20;

/** Login by host: only these are asked, since it is the sender of a record who names the registry in it. */
export type Registries = ReadonlyMap<string, RegistryCredentials>;

/**
 * The registries of `fairway.verifyRecords`; none where it is not there: then no record is verified.
 * @throws InputError when it names a host that is none
 */
export function configuredRegistries(config: Config): Registries {
  const entries = config.getOptionalConfigArray('fairway.verifyRecords.registries') ?? [];
  return new Map(
    entries.map((entry, index) => {
      const host = entry.getString('host');
      if (!/^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(host))
        throw new InputError(
          `fairway.verifyRecords.registries[${index}].host is "${host}". Give host or host:port without a scheme or a path, such as registry.example.com.`,
        );
      return [host, { username: entry.getOptionalString('username'), password: entry.getOptionalString('password') }];
    }),
  );
}

/**
 * Whether the record is what `push` attached to the image, as far as it speaks of the image.
 * @returns undefined for one whose image is in none of the registries, or not pushed yet
 */
export async function checkRecord(
  record: DeliveryRecord,
  registries: Registries,
  signal: AbortSignal,
): Promise<RecordCheck | undefined> {
  const pushed = record.stages.push;
  const [name = '', digest = ''] = (pushed?.verdict === 'pass' ? (pushed.outputs['reference'] ?? '') : '').split('@');
  const login = registries.get(name.slice(0, name.indexOf('/')));
  if (!login || !/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
  const at = new Date().toISOString();
  try {
    const attached = await attachedRecords(openRepository(parseRepository(name), login, signal), digest);
    // the record of another environment took the image with the words of the delivery that made it
    const own = attached.filter(({ id }) => id === record.id || record.promotedFrom !== undefined);
    if (own.length === 0) return { state: 'no-referrer', at };
    const differing = own.map(one => differences(record, one));
    if (differing.some(({ length }) => length === 0)) return { state: 'verified', at };
    return { state: 'differs', at, words: differing.at(-1)?.join(', ') };
  } catch (error) {
    signal.throwIfAborted();
    const { message, coded } = saidError(error as Error);
    return { state: 'unreachable', at, words: message, ...(coded && { coded }) };
  }
}

async function attachedRecords(client: RegistryClient, digest: string): Promise<readonly DeliveryRecord[]> {
  const referrers = (await listReferrers(client, digest)).filter(({ artifactType }) => artifactType === recordType);
  const records = await Promise.all(referrers.slice(-mostRecords).map(one => attachedRecord(client, one.digest)));
  return records.filter(record => record !== undefined);
}

async function attachedRecord(client: RegistryClient, digest: string): Promise<DeliveryRecord | undefined> {
  const found = await getManifest<{ layers?: readonly Descriptor[] }>(client, digest);
  const layer = found?.manifest.layers?.[0];
  if (!layer || layer.size > largestRecord) return undefined;
  try {
    return recordSchema.parse(JSON.parse((await getBlob(client, layer.digest))?.toString('utf8') ?? 'null'));
  } catch (error) {
    // what another tool attached under the same type is no record
    if (error instanceof SyntaxError || (error as Error).name.includes('ZodError')) return undefined;
    throw error;
  }
}

/** What the two say of the image and do not agree on: `service`, `source`, and the stages before the push. */
function differences(record: DeliveryRecord, attached: DeliveryRecord): readonly string[] {
  const { commit, digest } = record.source;
  const source = commit === attached.source.commit && digest === attached.source.digest;
  const stages = stageOrder.slice(0, stageOrder.indexOf('push')).filter(name => {
    const [ours, theirs] = [record, attached].map(({ stages: { [name]: entry } }) =>
      entry && !entry.stale ? [entry.verdict, entry.key, ...entry.evidence.map(piece => piece.digest)].join() : '',
    );
    return ours !== theirs;
  });
  return [
    ...(record.service.name === attached.service.name ? [] : ['service']),
    ...(source ? [] : ['source']),
    ...stages,
  ];
}
