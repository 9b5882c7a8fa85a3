import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ToolError } from '@fairway/clients/tool-error';

export interface FoundGpus {
  readonly name: string;
  readonly count: number;
  readonly memoryMiB: number;
  readonly driver: string;
}

/** The GPUs of this machine; undefined where there is no NVIDIA driver. All are taken to be of one kind. */
export async function foundGpus(): Promise<FoundGpus | undefined> {
  const rows = await query(['name', 'memory.total', 'driver_version']);
  const [name, memory, driver] = rows?.[0] ?? [];
  if (!rows || name === undefined || driver === undefined) return undefined;
  return { name, count: rows.length, memoryMiB: Number(memory), driver };
}

/** MiB that are in use on all GPUs together. */
export async function gpuMemoryMiB(): Promise<number> {
  const rows = await query(['memory.used']);
  if (!rows) throw new ToolError('nvidia-smi', 'asking for the memory of the GPUs', undefined, 'it is not there.');
  return rows.reduce((sum, [used]) => sum + Number(used), 0);
}

async function query(fields: readonly string[]): Promise<readonly (readonly string[])[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', [
      `--query-gpu=${fields.join(',')}`,
      '--format=csv,noheader,nounits',
    ]);
    return stdout
      .trim()
      .split('\n')
      .map(row => row.split(', '));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ToolError('nvidia-smi', `--query-gpu=${fields.join(',')}`, undefined, String(error));
  }
}
