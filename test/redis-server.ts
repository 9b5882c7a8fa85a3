import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import type { RedisLogins } from '@fairway/platform/serving/redis';

/** How the platform starts Redis, with the passwords of a test. */
export async function redisServerArguments(logins: RedisLogins): Promise<readonly string[]> {
  const file = join(platformTemplate, 'parts/redis/redis.yaml');
  const deployment = parseManifest(await readFile(file, 'utf8'), file).find(({ kind }) => kind === 'Deployment');
  const { template } = deployment!.spec as { template: { spec: { containers: { args: string[] }[] } } };
  // as the kubelet fills them in
  return template.spec.containers[0]!.args.map(text =>
    text.replace(/\$\((\w+)_HASH\)/, (_, user: string) => logins[user.toLowerCase() as keyof RedisLogins].hash),
  );
}
