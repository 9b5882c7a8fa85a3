import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Places } from './manifests.ts';
import { writeSecret } from './secret-file.ts';

/** Who writes to Redis. Each has a password and sees only keys of its own. */
const users = ['limits', 'cache'] as const;

/** Makes the passwords of Redis's users, unless they are there. The server itself gets hashes only. */
export async function redisPlaces(state: string): Promise<Places> {
  const folder = join(state, 'redis');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const places = await Promise.all(
    users.map(async user => {
      const file = join(folder, `${user}.password`);
      await writeSecret(file, async () => randomBytes(24).toString('hex'));
      const password = await readFile(file, 'utf8');
      const hash = createHash('sha256').update(password).digest('hex');
      return { [`redis-${user}-password`]: password, [`redis-${user}-hash`]: hash };
    }),
  );
  return Object.assign({}, ...places) as Places;
}
