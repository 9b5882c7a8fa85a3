import { createClient } from '@redis/client';

/** Milliseconds between two pings, and of silence after which a connection is given up: one whose other end is gone would last for minutes. */
const ping = 2000;
const silence = 5000;

/** A Redis that nobody waits for. */
export type Redis = ReturnType<typeof connectRedis>;

/**
 * Without Redis every command fails at once; while it is slow too, since commands would pile up here.
 * @param variable that has the address, for the error
 * @param patience milliseconds after which requests go on without an answer of Redis
 * @throws Error for an address of another form, without the password that is in it
 */
export function connectRedis(variable: string, url: string, patience: number, failed: (error: Error) => void) {
  const client = clientOf(url, variable);
  client.on('error', failed);
  // it goes on trying by itself
  client.connect().catch(() => undefined);
  /** Commands that took too long and are still on their way. */
  let late = 0;
  return {
    client,
    /** Whether a command may be sent. */
    asked: () => client.isReady && late === 0,
    /**
     * What Redis answers soon; undefined where it does not, or fails.
     * @param tooLate is given what comes after all
     */
    async soon<Value>(answer: Promise<Value>, tooLate?: (value: Value) => void): Promise<Value | undefined> {
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<undefined>(resolve => {
        timer = setTimeout(() => {
          late += 1;
          failed(new Error(`Redis did not answer in ${patience} ms`));
          answer
            .then(tooLate)
            .catch(() => undefined)
            .finally(() => (late -= 1));
          resolve(undefined);
        }, patience);
      });
      try {
        return await Promise.race([answer, timeout]);
      } catch (error) {
        failed(error as Error);
        return undefined;
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => client.close(),
  };
}

function clientOf(url: string, variable: string) {
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
      `${variable} takes redis://user:password@host:port, or rediss:// with TLS, in which signs of a password such as / # % are written %2F %23 %25; it has another form.`,
    );
  }
}
