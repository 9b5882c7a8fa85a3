import { readFile } from 'node:fs/promises';
import { ConfigurationError, systemErrorCode } from '@fairway/service';
import { requireRegularFile } from '@fairway/service/regular-file';
import type { ServiceFile } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';

export async function dockerfileText(file: ServiceFile, path: string): Promise<string> {
  await requireRegularFile(path);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error) ?? '';
    if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) throw error;
    const { dockerfile } = file.service.build;
    throw new ConfigurationError(
      reasonOf(code === 'EISDIR' ? 'dockerfile.folder' : 'dockerfile.none', { file: dockerfile }),
      file.place('build', 'dockerfile'),
    );
  }
}
