import { InputError } from '@backstage/errors';
import type { Ingest } from '@fairway/backstage-plugin-fairway-common';
import { digestOf } from '@fairway/clients/registry/content';
import type { DeliveryRecord } from '@fairway/stage/record';
import { z } from 'zod';
import { problemText } from '../http/problem-text.ts';
import { labelName } from './label-name.ts';

/** Minutes that a runner's clock may be ahead of this server's. */
const clockSkew = 10;

const time = z.string().refine(isTime, 'must be a time such as 2026-11-25T09:21:13.243Z');
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits');
/** Pieces of one stage: a database takes only so many values in one question. */
const mostEvidence = 500;
/** Characters of JSON: a few sentences with what they are about. */
const longestCoded = 40_000;

const line = z.string().max(20_000).refine(hasNoNul, 'must not contain the character NUL');

/** What the portal asks of a record beyond its schema: that it can be shown, sorted and stored. */
const storableSchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _'),
  service: z.object({
    name: z
      .string()
      .regex(
        labelName,
        'must be the name of a service: at most 63 lower-case letters, digits and -. It is empty when nothing was ever prepared: there is nothing to show then',
      ),
  }),
  environment: line.max(255).optional(),
  cluster: line.max(255).optional(),
  run: line.max(2000).optional(),
  source: z.object({
    commit: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/, 'must be a commit')
      .optional(),
    author: line.max(255).optional(),
    subject: line.max(255).optional(),
    mergeRequest: z
      .string()
      .regex(/^\d{1,18}$/, 'must be a number')
      .optional(),
    docs: z
      .string()
      .max(255)
      .regex(/^(\.|[\w-][\w.-]*(\/[\w-][\w.-]*)*)$/, 'must be a folder in the repository, such as services/chat')
      .optional(),
  }),
  stages: z.record(
    z.string(),
    z.object({
      reason: line,
      coded: z
        .unknown()
        .refine(
          coded => (JSON.stringify(coded) ?? '').length <= longestCoded,
          `must be at most ${longestCoded} characters`,
        )
        .optional(),
      startedAt: time,
      finishedAt: time,
      outputs: z.record(z.string(), line),
      evidence: z.array(z.object({ digest })).max(mostEvidence, `must name at most ${mostEvidence} pieces`),
    }),
  ),
});

/** The record under the name that its `prepare` gave the service, when an earlier one never passed. */
function named(record: DeliveryRecord): DeliveryRecord {
  const name = record.service.name || record.stages.prepare?.outputs['name'] || '';
  return { ...record, service: { name } };
}

/**
 * An ingest that can be stored as it is.
 * @throws InputError that says what is wrong with it
 */
export function checkedIngest(ingest: Ingest, now: Date): Ingest {
  const record = named(ingest.record);
  const checked = storableSchema.safeParse(record);
  if (!checked.success) throw new InputError(`The delivery record cannot be stored: ${problemText(checked.error)}.`);
  const entries = Object.entries(record.stages);
  if (entries.length === 0) {
    throw new InputError('The delivery record holds no stage: nothing ran. Send it when `prepare` has ended.');
  }
  const latest = new Date(now.getTime() + clockSkew * 60_000).toISOString();
  const ahead = entries.find(([, entry]) => entry.finishedAt > latest);
  if (ahead) {
    throw new InputError(
      `The stage ${ahead[0]} ended at ${ahead[1].finishedAt}, and here it is ${now.toISOString()}: a record from the future would hide all later ones. Set the clock of the machine that delivered.`,
    );
  }
  checkEvidence(record, ingest.evidence);
  return { record, evidence: ingest.evidence };
}

function checkEvidence(record: DeliveryRecord, evidence: Ingest['evidence']): void {
  const known = new Set(Object.values(record.stages).flatMap(entry => entry.evidence.map(piece => piece.digest)));
  for (const [digest, content] of Object.entries(evidence)) {
    if (!known.has(digest)) {
      throw new InputError(`No stage of the record names the evidence ${digest}. Send only what the record names.`);
    }
    const found = digestOf(content);
    if (found !== digest) {
      throw new InputError(
        `The content sent for the evidence ${digest} has the digest ${found}: it was changed after the stage wrote it, or is not UTF-8 text. Deliver again, or leave this piece out.`,
      );
    }
    if (!hasNoNul(content)) throw new InputError(`The evidence ${digest} is not text: it contains the character NUL.`);
  }
}

/** Always with four digits for the year and three for the milliseconds, so that times compare as text. */
function isTime(text: string): boolean {
  const time = Date.parse(text);
  return text.length === 24 && !Number.isNaN(time) && new Date(time).toISOString() === text;
}

function hasNoNul(text: string): boolean {
  return !text.includes('\0');
}
