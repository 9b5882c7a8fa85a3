import type { Evidence } from './stage.ts';
import type { StageName, Verdict } from './verdict.ts';

/** Version of the stored format. Readers take every older version; a newer one is refused with a sentence. */
export const recordSchemaVersion = 1;

export interface StageEntry {
  readonly verdict: Verdict;
  readonly reason: string;
  /** Content key of the run: `sha256:<hex>`. */
  readonly key: string;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly evidence: readonly Evidence[];
  /** True once an earlier stage ran again after this entry was written: kept for skipping, not read by later stages. */
  readonly stale?: boolean;
}

export interface DeliveryRecord {
  readonly schemaVersion: typeof recordSchemaVersion;
  /** Identifies the delivery; a new one begins when `prepare` or `build` runs on changed content. */
  readonly id: string;
  readonly service: { readonly name: string };
  readonly source: { readonly commit?: string; readonly digest?: string };
  readonly image: { readonly reference?: string; readonly digest?: string };
  readonly stages: Readonly<Partial<Record<StageName, StageEntry>>>;
}
