import type { Service } from '@fairway/service';
import type { BuildPlan } from './plan.ts';

/** Labels of the OCI image specification. No time is among them: the same source gives the same image. */
export function imageLabels(
  service: Service,
  { files, bases }: Pick<BuildPlan, 'files' | 'bases'>,
  commit: string | undefined,
): Readonly<Record<string, string>> {
  const base = bases.find(({ below }) => below)?.name;
  return {
    'org.opencontainers.image.title': service.name,
    'org.opencontainers.image.vendor': service.owner,
    'org.opencontainers.image.version': files.slice('sha256:'.length, 'sha256:'.length + 12),
    ...(commit ? { 'org.opencontainers.image.revision': commit } : {}),
    ...(base ? { 'org.opencontainers.image.base.name': base } : {}),
    ...(service.model.license ? { 'org.opencontainers.image.licenses': service.model.license } : {}),
  };
}
