import type { CodedReason } from '@fairway/backstage-plugin-fairway-common';
import type { StageEntry } from '@fairway/stage/record';

/** What stands in a column beside the one of the sentence: the code, and the sentence that it is of. */
export function codedColumn({ reason, coded }: Pick<StageEntry, 'reason' | 'coded'>): string | null {
  return coded ? JSON.stringify({ reason, coded }) : null;
}

/** A replica of an older version writes the sentence and leaves the code of an earlier one, which is not read. */
export function codedOf(column: string | null, reason: string): CodedReason | undefined {
  const stored = column === null ? undefined : (JSON.parse(column) as { reason: string; coded: CodedReason });
  return stored?.reason === reason ? stored.coded : undefined;
}
