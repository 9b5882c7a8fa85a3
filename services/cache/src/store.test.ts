import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { redisAnswers } from './store.ts';

/** A Redis that is slow when a test says so: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
class SlowRedis {
  readonly server: Server;
  /** The names of the commands that came, without those of the connection itself. */
  readonly asked: string[] = [];
  connections = 0;
  slow = false;
  #open = new Set<Socket>();
  #owed: (() => void)[] = [];

  constructor() {
    this.server = createServer(socket => {
      this.connections += 1;
      this.#open.add(socket);
      socket.on('error', () => undefined);
      // a command is an array of strings; those of this test come whole
      socket.on('data', data => {
        for (const [, command = ''] of data.toString('latin1').matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
          const answer = () =>
            void socket.write(command === 'HELLO' ? '%0\r\n' : command === 'GET' ? '_\r\n' : '+OK\r\n');
          if (command === 'GET' || command === 'SET') this.asked.push(command);
          if (this.slow) this.#owed.push(answer);
          else answer();
        }
      });
    });
  }

  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers all that waits. */
  wake(): void {
    this.slow = false;
    for (const answer of this.#owed.splice(0)) answer();
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
    this.server.close();
  }
}

const answer = { type: 'application/json', version: '1', body: Buffer.from('{}') };

let redis: SlowRedis;
let answers: ReturnType<typeof redisAnswers>;
let said: string[];

beforeEach(async () => {
  redis = new SlowRedis();
  said = [];
  answers = redisAnswers(await redis.listen(), error => said.push(error.message));
  while (redis.asked.length === 0) {
    await answers.get('ready');
    await pause(5);
  }
  redis.asked.splice(0);
});

afterEach(async () => {
  redis.wake();
  await answers.close().catch(() => undefined);
  redis.close();
});

async function milliseconds(action: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await action();
  return performance.now() - began;
}

test('a slow Redis is waited for once, and is asked nothing more until it has answered', async () => {
  redis.slow = true;
  expect(await answers.get('a')).toBeUndefined();
  expect(said).toEqual(['Redis did not answer in 50 ms']);
  const hundred = () => Promise.all(Array.from({ length: 100 }, () => answers.put('b', answer, 60)));
  expect(await milliseconds(hundred)).toBeLessThan(50);
  expect(await milliseconds(() => answers.get('a'))).toBeLessThan(50);
  expect(redis.asked).toEqual(['GET']);
  redis.wake();
  await pause(50);
  await answers.put('b', answer, 60);
  expect(redis.asked).toEqual(['GET', 'SET']);
});

test('a connection whose other end is gone is made anew', async () => {
  redis.slow = true;
  await answers.get('a');
  // the pings of the connection must not keep it alive
  for (const end = Date.now() + 20_000; redis.connections === 1; await pause(100))
    if (Date.now() > end) throw new Error('the connection lasts');
  redis.wake();
  await pause(300);
  await answers.get('a');
  expect(redis.asked).toEqual(['GET', 'GET']);
});

test.each(['redis://cache:pa/ss@host:6379', 'redis://cache:pa#ss@host', 'http://cache:pa@host', 'redis://h/pa'])(
  'an address of another form is said without its password: %s',
  address => {
    let error: Error | undefined;
    try {
      redisAnswers(address, () => undefined);
    } catch (thrown) {
      error = thrown as Error;
    }
    expect(error?.message).toMatch(/^CACHE_REDIS_URL takes redis:\/\/user:password@host:port/);
    // what Node prints of an error that nobody catches
    expect(inspect(error)).not.toContain('pa/ss');
    expect(inspect(error)).not.toContain('pa#ss');
  },
);
