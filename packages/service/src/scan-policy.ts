import { readVex } from './openvex.ts';
import type { ServiceFile } from './service-file.ts';

/** By what the findings of a scan are judged: `scan` of fairway.yaml, with the statements of the VEX documents that it names. */
export async function scanPolicy({ service, folder }: Pick<ServiceFile, 'service' | 'folder'>) {
  return { ...service.scan, product: service.name, statements: await readVex(folder, service.scan.vex) };
}
