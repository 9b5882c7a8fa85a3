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
/** Milliseconds between two pings, and of silence after which a connection is given up: one whose other end is gone would last for minutes. */
const ping = 2000;
const silence = 5000;
const separator = 0x0a;

/**
 * Answers in Redis. Without it every request is a miss, at once; while it is slow too, since what it was asked and answers alike would pile up here.
 * @throws Error for an address of another form, without the password that is in it
 */
export function redisAnswers(url: string, failed: (error: Error) => void): Answers & { close(): Promise<void> } {
  const client = clientOf(url);
  client.on('error', failed);
  // it goes on trying by itself
  client.connect().catch(() => undefined);
  const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  /** Commands that took too long and are still on their way. */
  let late = 0;
  const asked = () => client.isReady && late === 0;
  const soon = async <Value>(value: Promise<Value>): Promise<Value | undefined> => {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<undefined>(resolve => {
      timer = setTimeout(() => {
        late += 1;
        failed(new Error(`Redis did not answer in ${patience} ms`));
        value.catch(() => undefined).finally(() => (late -= 1));
        resolve(undefined);
      }, patience);
    });
    try {
      return await Promise.race([value, timeout]);
    } catch (error) {
      failed(error as Error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };
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
    close: () => client.close(),
  };
}

function clientOf(url: string) {
  try {
    return createClient({
      url,
      disableOfflineQueue: true,
      pingInterval: ping,
      socket: {
        connectTimeout: 2000,
        socketTimeout: silence,
        reconnectStrategy: retries => Math.min(100 * 2 ** retries, 5000),
      },
    });
  } catch {
    // the error has the address in it, and so the password
    throw new Error(
      'CACHE_REDIS_URL takes redis://user:password@host:port, or rediss:// with TLS, in which signs of a password such as / # % are written %2F %23 %25; it has another form.',
    );
  }
}

function answerOf(stored: Buffer): Answer {
  const end = stored.indexOf(separator);
  const { type, version } = JSON.parse(stored.toString('utf8', 0, end)) as Pick<Answer, 'type' | 'version'>;
  return { type, version, body: stored.subarray(end + 1) };
}
