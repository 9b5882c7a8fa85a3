import { InputError } from '@backstage/errors';
import { engineNames } from '@fairway/service/engine-names';
import type { DeliveryRecord } from '@fairway/stage/record';
import { z } from 'zod';
import { currentEntries } from './entries.ts';
import { labelName } from './label-name.ts';
import { problemText } from '../http/problem-text.ts';

const text = z
  .string()
  .max(255)
  .refine(value => !value.includes('\0'), 'must not contain the character NUL');

/** The part of the validated service, as `prepare` keeps it in its evidence, that summaries show. */
const serviceFactsSchema = z.object({
  name: text,
  namespace: z.string().regex(labelName, 'must be the name of a namespace'),
  owner: text,
  system: text.optional(),
  engine: z.object({ name: z.enum(engineNames) }),
  model: z.object({ name: text }),
  access: z.object({ hostname: text.optional() }).optional(),
  resources: z.object({
    cpu: text,
    gpu: z.object({ class: text, count: z.number().int() }).optional(),
  }),
});
export type ServiceFacts = z.output<typeof serviceFactsSchema>;

/** Digest of the evidence that holds the service as it was read from fairway.yaml; absent when `prepare` did not get so far. */
export function serviceEvidence(record: DeliveryRecord): string | undefined {
  return currentEntries(record)
    .get('prepare')
    ?.evidence.find(piece => piece.path === 'evidence/prepare/service.json')?.digest;
}

/** @throws InputError when the text is not the service of this record */
export function parseServiceFacts(text: string, service: string): ServiceFacts {
  const place = 'The evidence evidence/prepare/service.json';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `${place} is not JSON: ${(error as Error).message}. Deliver again and send what is written then.`,
    );
  }
  const parsed = serviceFactsSchema.safeParse(value);
  if (!parsed.success) throw new InputError(`${place} is not a service: ${problemText(parsed.error)}.`);
  if (parsed.data.name !== service) {
    throw new InputError(
      `${place} describes the service "${parsed.data.name}", and the record is of "${service}". Send the record and the evidence of one delivery.`,
    );
  }
  return parsed.data;
}
