import { join } from 'node:path';
import { runToken } from '@fairway/clients/github/index';
import { evidenceToSend, sendDelivery } from '@fairway/clients/portal/index';
import { ConfigurationError } from '@fairway/service';
import { readRecord, recordFolder } from '@fairway/stage';

export interface Report {
  /** Of the service. */
  readonly folder: string;
  /** Base address of the portal's backend; its token is for this audience. */
  readonly portal: string;
  /** Of the job. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * Sends what the job knows of its delivery; the portal joins what several jobs send, in any order.
 * @returns the delivery, or undefined when no stage has run in this job
 */
export async function report({ folder, portal, environment, signal }: Report) {
  const baseUrl = checkedAddress(portal);
  return sendRecord(folder, { baseUrl, token: () => runToken(environment, baseUrl, signal), signal });
}

export interface RecordReceiver {
  readonly baseUrl: string;
  /** Asked for only when there is something to send. */
  token(): string | Promise<string>;
  readonly signal?: AbortSignal;
}

/**
 * Sends the record of a service folder as it is, with its evidence.
 * @returns undefined when no stage has ended yet
 */
export async function sendRecord(folder: string, { baseUrl, token, signal }: RecordReceiver) {
  const record = await readRecord(folder);
  if (!record || Object.keys(record.stages).length === 0) return undefined;
  const evidence = await evidenceToSend(join(folder, recordFolder), record);
  return sendDelivery({ baseUrl, token: await token(), record, evidence, signal });
}

/** A token must not be read on its way: the loopback alone needs no TLS. */
function checkedAddress(portal: string): string {
  const url = URL.parse(portal);
  const loopback = url && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)) return portal.replace(/\/+$/, '');
  throw new ConfigurationError(
    `The input portal is "${portal}"; it must be the address of the portal with https://, such as https://portal.example.com.`,
  );
}
