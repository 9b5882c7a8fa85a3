import { isWholeAnswer } from './whole-answer.ts';

const stream = 'text/event-stream; charset=utf-8';
const event = (value: unknown) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const token = { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] };
const last = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const usage = { choices: [], usage: { prompt_tokens: 1 } };
const whole = (type: string, body: string) => isWholeAnswer(type, Buffer.from(body));

test('a stream is whole with its end, its reason and without an error', () => {
  expect(whole(stream, event(token) + event(last) + event(usage) + event('[DONE]'))).toBe(true);
  expect(whole(stream, event(token) + event(last))).toBe(false);
  expect(whole(stream, event(token) + event('[DONE]'))).toBe(false);
  // vLLM ends a stream like this after an error
  expect(whole(stream, event(token) + event({ error: { message: 'failed' } }) + event('[DONE]'))).toBe(false);
  expect(whole(stream, event({ choices: [{ finish_reason: 'abort' }] }) + event('[DONE]'))).toBe(false);
  expect(whole(stream, `${event(token).slice(0, 20)}\n\n${event(last)}${event('[DONE]')}`)).toBe(false);
});

test('JSON is whole when it can be read and says why it ended', () => {
  const answer = JSON.stringify({ choices: [{ finish_reason: 'length' }] });
  expect(whole('application/json', answer)).toBe(true);
  expect(whole('application/json', answer.slice(0, -3))).toBe(false);
  expect(whole('application/json', '{"error":{}}')).toBe(false);
  expect(whole('application/json', '{"object":"list","data":[]}')).toBe(true);
  expect(whole('text/plain', answer)).toBe(false);
});
