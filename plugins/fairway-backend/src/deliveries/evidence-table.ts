import type { DeliveryRecord } from '@fairway/stage/record';
import type { Knex } from 'knex';

/** Stores content by its digest. @returns how many pieces were new */
export async function writeEvidence(
  transaction: Knex.Transaction,
  evidence: Readonly<Record<string, string>>,
): Promise<number> {
  let added = 0;
  // in one order, so that two writers of the same pieces wait for each other and never both
  for (const digest of Object.keys(evidence).sort()) {
    const written = await transaction('evidence')
      .insert({ digest, content: evidence[digest] })
      .onConflict('digest')
      .ignore()
      .returning('digest');
    added += written.length;
  }
  return added;
}

/** Notes which evidence a record names, so that `removeUnnamedEvidence` leaves it. */
export async function nameEvidence(transaction: Knex.Transaction, record: DeliveryRecord): Promise<void> {
  const rows = [...new Set(namedDigests(record))].map(digest => ({ delivery: record.id, digest }));
  if (rows.length > 0) await transaction('delivery_evidence').insert(rows).onConflict(['delivery', 'digest']).ignore();
}

/** Removes the content that no delivery names any more. */
export async function removeUnnamedEvidence(database: Knex): Promise<void> {
  await database('evidence').whereNotIn('digest', database('delivery_evidence').select('digest')).delete();
}

function namedDigests(record: DeliveryRecord): string[] {
  return Object.values(record.stages).flatMap(entry => entry.evidence.map(piece => piece.digest));
}

export async function readEvidence(database: Knex, digest: string): Promise<string | undefined> {
  const row: { content: string } | undefined = await database('evidence').where({ digest }).first('content');
  return row?.content;
}

/** Of the evidence that a record names, the digests of those pieces whose content is there. */
export async function heldDigests(database: Knex, record: DeliveryRecord): Promise<string[]> {
  const rows: { digest: string }[] = await database('evidence')
    .whereIn('digest', namedDigests(record))
    .orderBy('digest')
    .select('digest');
  return rows.map(row => row.digest);
}
