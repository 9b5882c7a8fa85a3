import { readFile, rename, writeFile } from 'node:fs/promises';

/** Bytes of each log file that are read, by the file's id. */
export type Positions = Map<string, number>;

/** Empty where nothing was read yet, or where a killed machine left a torn file: reading everything again changes nothing. */
export async function readPositions(path: string): Promise<Positions> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(path, 'utf8')) as Record<string, number>));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}

export async function writePositions(path: string, positions: Positions): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, JSON.stringify(Object.fromEntries(positions)), { mode: 0o600 });
  await rename(draft, path);
}
