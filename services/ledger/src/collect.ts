import { readAccessLine } from './access-line.ts';
import type { Usage } from './access-line.ts';
import { containerLines } from './container-log.ts';
import { contentAfter, gatewayLogs, isDamage } from './log-files.ts';
import type { GatewayPods, LogFile } from './log-files.ts';
import { readPositions, writePositions } from './positions.ts';
import type { Positions } from './positions.ts';
import type { Spool } from './spool.ts';

export interface Collector {
  /** The node's /var/log/pods. */
  readonly logs: string;
  readonly gateways: readonly GatewayPods[];
  readonly positionsFile: string;
  readonly spool: Spool;
  /** Bytes of the spool over which logs are left where they are. */
  readonly spoolLimit: number;
  /** Gets what was read of a file: rows and lines that nobody could read. Of one process each line comes once. */
  read(rows: readonly Usage[], unreadable: readonly string[]): void;
  /** A compressed file ends before its time; what could be read of it was. */
  damaged(path: string, error: Error): void;
}

const pieceBytes = 256 * 1024;

/** Compressed files that were read to their end. They never change, and finding the end again means to unpack all of one. */
const ended = new Set<string>();

/**
 * Reads what the gateway's logs have gained and puts it on this node's disk. The positions are written after the rows, so a kill in between reads
 * lines again and loses none.
 */
export async function collect(collector: Collector): Promise<void> {
  const positions = await readPositions(collector.positionsFile);
  const files = await gatewayLogs(collector.logs, collector.gateways);
  for (const file of files) await collectFile(collector, file, positions);
  const paths = new Set(files.map(({ path }) => path));
  for (const path of ended) if (!paths.has(path)) ended.delete(path);
  const present = new Set(files.map(({ id }) => id));
  const gone = [...positions.keys()].filter(id => !present.has(id));
  if (gone.length === 0) return;
  for (const id of gone) positions.delete(id);
  await writePositions(collector.positionsFile, positions);
}

async function collectFile(collector: Collector, file: LogFile, positions: Positions): Promise<void> {
  if (ended.has(file.path)) return;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const piece of contentAfter(file, positions.get(file.id) ?? 0, pieceBytes)) {
      if (collector.spool.bytes >= collector.spoolLimit) return;
      const content: Buffer = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
      const { lines, consumed } = containerLines(content);
      const rows: Usage[] = [];
      const unreadable: string[] = [];
      for (const { text } of lines) {
        const read = readAccessLine(text);
        if (read === 'unreadable') unreadable.push(text);
        else if (read !== 'none') rows.push(read);
      }
      await collector.spool.append(rows);
      positions.set(file.id, (positions.get(file.id) ?? 0) + consumed);
      if (consumed > 0) await writePositions(collector.positionsFile, positions);
      collector.read(rows, unreadable);
      rest = content.subarray(consumed);
    }
    if (file.compressed) ended.add(file.path);
  } catch (error) {
    if (isDamage(error)) {
      ended.add(file.path);
      collector.damaged(file.path, error);
      return;
    }
    // renamed or removed between the look at the folder and now
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
