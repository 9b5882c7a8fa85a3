import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Answers the first requests, which find out what it takes, at once, and all others after three seconds. */
const server = createServer((_request, response) => {
  const later = asked++ < 2 ? 0 : 3000;
  setTimeout(() => {
    const usage = { prompt_tokens: 9, completion_tokens: 1 };
    const choice = { index: 0, delta: { content: 'one' }, finish_reason: 'length' };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`data: ${JSON.stringify({ choices: [choice], usage })}\n\ndata: [DONE]\n\n`);
  }, later);
});
let asked: number;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => void (asked = 0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** `fairway load` as a process that may have 100 open files, some 20 of which are Node's own. */
async function load(...options: readonly string[]) {
  const { port } = server.address() as AddressInfo;
  const words = ['load', '--url', `http://127.0.0.1:${port}`, '--model', 'm', '--warm-up', '1', ...options];
  const program = [process.execPath, join(import.meta.dirname, 'main.ts'), ...words];
  const child = spawn('bash', ['-c', 'ulimit -n 100; exec "$@"', 'bash', ...program]);
  const said = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => void (said.out += String(text)));
  child.stderr.on('data', (text: Buffer) => void (said.err += String(text)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...said };
}

test('requests for which this machine has no connection are no failure of the server', async () => {
  const { code, out, err } = await load('--rate', '60', '--seconds', '3', '--availability', '90%');
  expect(err).not.toContain('failed');
  expect(out).toMatch(/This machine had no connection for \d+ requests \(EMFILE\)/);
  expect(out).toMatch(/^inconclusive availability: .*; the generator was the bottleneck$/m);
  expect(out).toContain('ended with EMFILE. Raise the limit of open files (ulimit -n), or lower the load.');
  expect(code).toBe(3);
});

test('a load that begins with more connections than there may be says what to do', async () => {
  const { code, err } = await load('--concurrency', '200', '--seconds', '1');
  expect(err).toContain(
    'failed: this machine has no connection left for it (EMFILE). Raise the limit of open files (ulimit -n), or lower the load.',
  );
  expect(code).toBe(1);
});
