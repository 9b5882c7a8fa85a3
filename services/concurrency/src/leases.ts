import { randomUUID } from 'node:crypto';
import { connectRedis } from '@fairway/cache/redis';

/** A client's place at a service, until it is given back. */
export interface Lease {
  /** Places that are left behind it. */
  readonly left: number;
  giveBack(): void;
}

export interface Leases {
  /**
   * @param key of the client and the service
   * @param most places of the client
   * @returns how many it has where it has all of them; undefined while nobody can count
   */
  take(key: string, most: number): Promise<Lease | { readonly running: number } | undefined>;
  /** Leases of this program. */
  held(): number;
  close(): Promise<void>;
}

/** Milliseconds until a lease ends that nobody renews, since the program that took it is gone. */
const lifetime = 30_000;
const renewal = 10_000;
/** Under the second that the gateway waits for an answer, and more than a busy machine takes: who is not counted may pass. */
const patience = 500;

// Redis's clock is the one that all replicas have. A key is gone with its last lease at the latest.
const now = `local time = redis.call('TIME')
local ends = time[1] * 1000 + math.floor(time[2] / 1000) + ${lifetime}
`;
const takeScript = `${now}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ends - ${lifetime})
local running = redis.call('ZCARD', KEYS[1])
if running >= tonumber(ARGV[2]) then return { 0, running } end
redis.call('ZADD', KEYS[1], ends, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ${lifetime})
return { 1, running + 1 }`;
// without a look at the limit: who runs goes on running, also behind a Redis that lost what it had
const renewScript = `${now}
for _, lease in ipairs(ARGV) do redis.call('ZADD', KEYS[1], ends, lease) end
redis.call('PEXPIRE', KEYS[1], ${lifetime})`;

/**
 * Leases in Redis: a sorted set for each client of each service, by the time at which a lease ends.
 * @throws Error for an address of another form, without the password that is in it
 */
export function redisLeases(url: string, failed: (error: Error) => void): Leases {
  const { client, asked, soon, close } = connectRedis('CONCURRENCY_REDIS_URL', url, patience, failed);
  const held = new Map<string, Set<string>>();
  let count = 0;

  const remove = (key: string, id: string) => {
    // one that Redis does not hear of ends by itself
    if (client.isReady) client.zRem(key, id).catch(failed);
  };
  const giveBack = (key: string, id: string) => {
    const leases = held.get(key);
    if (!leases?.delete(id)) return;
    count -= 1;
    if (leases.size === 0) held.delete(key);
    remove(key, id);
  };
  const renew = () => {
    if (!client.isReady) return;
    // in one go, since all of them are written before an answer is awaited
    for (const [key, ids] of held) client.eval(renewScript, { keys: [key], arguments: [...ids] }).catch(failed);
  };
  const timer = setInterval(renew, renewal);

  return {
    async take(key, most) {
      if (!asked()) return undefined;
      const id = randomUUID();
      const answer = client.eval(takeScript, { keys: [key], arguments: [id, String(most)] }) as Promise<number[]>;
      // nobody waits for it any more
      const found = await soon(answer, ([taken]) => taken && remove(key, id));
      if (!found) return undefined;
      const [taken, running = 0] = found;
      if (!taken) return { running };
      const leases = held.get(key) ?? new Set();
      held.set(key, leases.add(id));
      count += 1;
      return { left: most - running, giveBack: () => giveBack(key, id) };
    },
    held: () => count,
    close() {
      clearInterval(timer);
      return close();
    },
  };
}
