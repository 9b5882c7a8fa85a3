import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { writeSecret } from './secret-file.ts';

/** Who writes to Redis. Each has a password and sees only keys of its own. */
const users = ['limits', 'cache', 'leases'] as const;
type RedisUser = (typeof users)[number];

export type RedisLogins = Readonly<Record<RedisUser, { readonly password: string; readonly hash: string }>>;

/** Makes the passwords of Redis's users, unless they are there. The server itself gets hashes only. */
export async function redisLogins(state: string): Promise<RedisLogins> {
  const folder = join(state, 'redis');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const logins = await Promise.all(
    users.map(async user => {
      const file = join(folder, `${user}.password`);
      await writeSecret(file, async () => randomBytes(24).toString('hex'));
      const password = await readFile(file, 'utf8');
      return [user, { password, hash: createHash('sha256').update(password).digest('hex') }] as const;
    }),
  );
  return Object.fromEntries(logins) as RedisLogins;
}

/** How the server knows those that write to it, and how they log in: Secrets that a platform team makes itself. */
export function redisSecrets({ limits, cache, leases }: RedisLogins): readonly KubernetesObject[] {
  const secret = (namespace: string, name: string, stringData: object): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'fairway' } },
    stringData,
  });
  return [
    secret('fairway-system', 'redis', { limits: limits.hash, cache: cache.hash, leases: leases.hash }),
    // the rate limit services of Envoy Gateway and of Istio's gateway
    ...['envoy-gateway-system', 'fairway-system'].map(namespace =>
      secret(namespace, 'redis-limits', { auth: `limits:${limits.password}` }),
    ),
    secret('fairway-system', 'redis-cache', { url: `redis://cache:${cache.password}@redis.fairway-system:6379` }),
    secret('fairway-system', 'redis-leases', { url: `redis://leases:${leases.password}@redis.fairway-system:6379` }),
  ];
}
