import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@fairway/service';
import type { ServiceFile } from '@fairway/service';

export async function dockerfileText(file: ServiceFile, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ConfigurationError(
      `there is no Dockerfile at ${file.service.build.dockerfile}. Write one, or name another under build.dockerfile.`,
      file.place('build', 'dockerfile'),
    );
  }
}
