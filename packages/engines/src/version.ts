import type { EngineName } from '@fairway/service/engine-names';
import { engineProfile } from './profile.ts';

/**
 * The version of an engine by the tag of its public image in a Dockerfile: `0.24.0` for `FROM vllm/vllm-openai:v0.24.0@sha256:…`.
 * Undefined where the image is another, or its tag names no version.
 */
export function engineVersion(engine: EngineName, dockerfile: string): string | undefined {
  const repository = engineProfile(engine)
    .image?.replace(/^[^/]+\//, '')
    .replace(/:[^/]*$/, '');
  if (repository === undefined) return undefined;
  const tag = new RegExp(`\\b${repository.replaceAll('.', '\\.')}:v?(\\d+\\.\\d+(?:\\.\\d+)?)`);
  return tag.exec(dockerfile)?.[1];
}
