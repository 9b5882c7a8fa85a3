import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { type DeliveryRecord, recordSchema, recordSchemaVersion } from './record.ts';

/** Folder of the record and its evidence, inside the service folder. */
export const recordFolder = '.fairway';

export function recordPath(folder: string): string {
  return join(folder, recordFolder, 'delivery.json');
}

/** Folder of the OCI layout that holds the images of the service in `folder`, absolute. */
export function imageFolder(folder: string): string {
  return join(folder, recordFolder, 'image');
}

/** An empty record: nothing has been delivered yet. */
export function newRecord(serviceName: string): DeliveryRecord {
  return {
    schemaVersion: recordSchemaVersion,
    id: randomBytes(8).toString('hex'),
    service: { name: serviceName },
    source: {},
    image: {},
    stages: {},
  };
}

/**
 * Reads a record in any stored version.
 * @param place what to call it in errors: a file, or "input record"
 * @throws ConfigurationError when it is not a record or was written by a newer Fairway
 */
export function parseRecord(text: string, place: string): DeliveryRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigurationError(reasonOf('record.wrong', { words: (error as Error).message }), { file: place });
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > recordSchemaVersion) {
    throw new ConfigurationError(reasonOf('record.newer', { version, most: recordSchemaVersion }), { file: place });
  }
  const parsed = recordSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigurationError(
      reasonOf('record.wrong', {
        words: `${issue?.path.join('.') || 'the document'}: ${issue?.message}`,
      }),
      { file: place },
    );
  }
  return parsed.data;
}

/** The record of the service in `folder`, or undefined when nothing was delivered from it yet. */
export async function readRecord(folder: string): Promise<DeliveryRecord | undefined> {
  const path = recordPath(folder);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseRecord(text, path);
}

/** Replaces the record so that a reader, or a machine that loses power, finds the old one or the new one and nothing between. */
export async function writeRecord(folder: string, record: DeliveryRecord): Promise<void> {
  const path = recordPath(folder);
  await mkdir(join(folder, recordFolder), { recursive: true });
  const temporary = `${path}.${process.pid}.new`;
  const file = await open(temporary, 'w', 0o644);
  try {
    await file.writeFile(`${JSON.stringify(record, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const directory = await open(join(folder, recordFolder), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
