import type { DeliveryRecord } from '@fairway/stage/record';
import type { Knex } from 'knex';

/** Stores content by its digest. */
export async function writeEvidence(
  transaction: Knex.Transaction,
  evidence: Readonly<Record<string, string>>,
): Promise<void> {
  // in one order, so that two writers of the same pieces wait for each other and never both
  for (const digest of Object.keys(evidence).sort())
    await transaction('evidence').insert({ digest, content: evidence[digest] }).onConflict('digest').ignore();
}

/**
 * Of some digests those whose content this sender sent, with this delivery or another one: who knows the digest of what others sent
 * may not read it by naming it.
 */
export async function sentBefore(
  transaction: Knex.Transaction,
  digests: readonly string[],
  { id, sender }: { readonly id: string; readonly sender: string },
): Promise<readonly string[]> {
  return transaction('delivery_evidence')
    .join('deliveries', 'deliveries.id', 'delivery_evidence.delivery')
    .whereIn('delivery_evidence.digest', [...digests])
    .where(whose => whose.where({ sender }).orWhere({ delivery: id }))
    .distinct()
    .pluck('delivery_evidence.digest');
}

/** Gives a delivery the evidence that its record names, as far as its sender sent it. @returns how many pieces it did not have before */
export async function holdEvidence(
  transaction: Knex.Transaction,
  record: DeliveryRecord,
  evidence: Readonly<Record<string, string>>,
  sender: string,
): Promise<number> {
  const named = [...new Set(namedDigests(record))];
  const before = await sentBefore(transaction, named, { id: record.id, sender });
  const rows = named
    .filter(digest => digest in evidence || before.includes(digest))
    .map(digest => ({ delivery: record.id, digest }));
  if (rows.length === 0) return 0;
  const written = await transaction('delivery_evidence')
    .insert(rows)
    .onConflict(['delivery', 'digest'])
    .ignore()
    .returning('digest');
  return written.length;
}

/** Removes the content that no delivery has any more. */
export async function removeUnheldEvidence(database: Knex): Promise<void> {
  await database('evidence').whereNotIn('digest', database('delivery_evidence').select('digest')).delete();
}

function namedDigests(record: DeliveryRecord): string[] {
  return Object.values(record.stages).flatMap(entry => entry.evidence.map(piece => piece.digest));
}

export async function readEvidence(database: Knex, digest: string): Promise<string | undefined> {
  const row: { content: string } | undefined = await database('evidence').where({ digest }).first('content');
  return row?.content;
}

/** Of the evidence that a record names, the digests of those pieces whose content was sent. */
export async function heldDigests(database: Knex, record: DeliveryRecord): Promise<string[]> {
  return database('evidence')
    .whereIn('digest', namedDigests(record))
    .whereIn('digest', database('delivery_evidence').where({ delivery: record.id }).select('digest'))
    .orderBy('digest')
    .pluck('digest');
}
