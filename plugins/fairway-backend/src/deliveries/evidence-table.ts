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

export async function readEvidence(database: Knex, digest: string): Promise<string | undefined> {
  const row: { content: string } | undefined = await database('evidence').where({ digest }).first('content');
  return row?.content;
}

/** Of the evidence that a record names, the digests of those pieces whose content is there. */
export async function heldDigests(database: Knex, record: DeliveryRecord): Promise<string[]> {
  const named = Object.values(record.stages).flatMap(entry => entry.evidence.map(piece => piece.digest));
  const rows: { digest: string }[] = await database('evidence')
    .whereIn('digest', named)
    .orderBy('digest')
    .select('digest');
  return rows.map(row => row.digest);
}
