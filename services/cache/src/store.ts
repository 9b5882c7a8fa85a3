import { createClient, RESP_TYPES } from '@redis/client';

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

/** Answers in Redis. Without it every request is a miss, at once. */
export function redisAnswers(url: string, failed: (error: Error) => void): Answers & { close(): Promise<void> } {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2000, reconnectStrategy: retries => Math.min(100 * 2 ** retries, 5000) },
  });
  client.on('error', failed);
  // it goes on trying by itself
  client.connect().catch(() => undefined);
  const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  const soon = async <Value>(value: Promise<Value>): Promise<Value | undefined> => {
    let late: NodeJS.Timeout | undefined;
    const timeout = new Promise<undefined>(resolve => (late = setTimeout(resolve, patience, undefined)));
    try {
      return await Promise.race([value, timeout]);
    } catch (error) {
      failed(error as Error);
      return undefined;
    } finally {
      clearTimeout(late);
    }
  };
  return {
    async get(key) {
      if (!client.isReady) return undefined;
      const stored = await soon(buffers.get(key));
      return stored ? answerOf(stored) : undefined;
    },
    async put(key, { type, version, body }, seconds) {
      if (!client.isReady) return;
      const head = Buffer.from(`${JSON.stringify({ type, version })}\n`);
      await soon(client.set(key, Buffer.concat([head, body]), { expiration: { type: 'EX', value: seconds } }));
    },
    close: () => client.close(),
  };
}

function answerOf(stored: Buffer): Answer {
  const end = stored.indexOf(separator);
  const { type, version } = JSON.parse(stored.toString('utf8', 0, end)) as Pick<Answer, 'type' | 'version'>;
  return { type, version, body: stored.subarray(end + 1) };
}
