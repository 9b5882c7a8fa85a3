import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { askEngine } from './chat-probe.ts';

let sent = '';
let server: http.Server;
let url = '';

beforeAll(async () => {
  server = http.createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(sent);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => void server.close());

const delta = (value: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: value }] })}\n\n`;

test('a model that only thinks in so few tokens serves, as vLLM sends it', async () => {
  sent = `data:\n\n${delta({ role: 'assistant', content: '' })}${delta({ reasoning: 'Hm' })}${delta({ content: '', reasoning: '.' })}data: [DONE]\n\n`;
  await expect(askEngine(url, 'tiny', undefined)).resolves.toMatchObject({ text: 'Hm.' });
});

test.each([
  ['an error in the stream', 'data: {"error":{"message":"out of memory"}}\n\ndata: [DONE]\n\n', /out of memory/],
  ['FastChat’s error', 'data: {"text":"NETWORK ERROR","error_code":50002}\n\ndata: [DONE]\n\n', /NETWORK ERROR/],
  ['no token', `${delta({ content: '' })}data: [DONE]\n\n`, /no token/],
])('%s is an error with its words', async (_, answer, words) => {
  sent = answer;
  await expect(askEngine(url, 'tiny', undefined)).rejects.toThrow(words);
});
