import { readFile } from 'node:fs/promises';
import { ConfigurationError, systemErrorCode } from '@fairway/service';
import { requireRegularFile } from '@fairway/service/regular-file';
import type { ServiceFile } from '@fairway/service';

export async function dockerfileText(file: ServiceFile, path: string): Promise<string> {
  await requireRegularFile(path);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error) ?? '';
    if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) throw error;
    const { dockerfile } = file.service.build;
    throw new ConfigurationError(
      `${code === 'EISDIR' ? `${dockerfile} is a folder` : `there is no Dockerfile at ${dockerfile}`}. Write one, or name another under build.dockerfile.`,
      file.place('build', 'dockerfile'),
    );
  }
}
