import { RESP_TYPES } from '@redis/client';
import { connectRedis } from './redis.ts';

export interface Answer {
  readonly type: string;
  readonly version: string;
  readonly body: Buffer;
}

/** Answers by their key. What goes wrong reads as nothing stored: the engine is there. */
export interface Answers {
  get(key: string): Promise<Answer | undefined>;
  put(key: string, answer: Answer, seconds: number): Promise<void>;
}

/** Longer than any look into a Redis of the same cluster takes; after it the engine is asked. */
const patience = 50;
const separator = 0x0a;

/**
 * Answers in Redis. Without it every request is a miss, at once; while it is slow too.
 * @throws Error for an address of another form, without the password that is in it
 */
export function redisAnswers(url: string, failed: (error: Error) => void): Answers & { close(): Promise<void> } {
  const { client, asked, soon, close } = connectRedis('CACHE_REDIS_URL', url, patience, failed);
  const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  return {
    async get(key) {
      if (!asked()) return undefined;
      const stored = await soon(buffers.get(key));
      return stored ? answerOf(stored) : undefined;
    },
    async put(key, { type, version, body }, seconds) {
      if (!asked()) return;
      const head = Buffer.from(`${JSON.stringify({ type, version })}\n`);
      await soon(client.set(key, Buffer.concat([head, body]), { expiration: { type: 'EX', value: seconds } }));
    },
    close,
  };
}

function answerOf(stored: Buffer): Answer {
  const end = stored.indexOf(separator);
  const { type, version } = JSON.parse(stored.toString('utf8', 0, end)) as Pick<Answer, 'type' | 'version'>;
  return { type, version, body: stored.subarray(end + 1) };
}
