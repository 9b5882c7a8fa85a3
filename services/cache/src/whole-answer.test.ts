import { engineStreams } from '../../../test/fixtures/engine-streams.ts';
import { isWholeAnswer } from './whole-answer.ts';

const stream = 'text/event-stream; charset=utf-8';
const event = (value: unknown) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const token = { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] };
const last = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const usage = { choices: [], usage: { prompt_tokens: 1 } };
const whole = (type: string, body: string) => isWholeAnswer(type, Buffer.from(body));

test('a stream is whole with its end, its reason and without an error', () => {
  expect(whole(stream, event(token) + event(last) + event(usage) + event('[DONE]'))).toBe(true);
  expect(
    whole(stream, `data:\n\n: ping\n\n${event(token)}data: \n\n${event({ ...last, error: null })}${event('[DONE]')}`),
  ).toBe(true);
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
  // `FinishReason` of TGI's router/src/lib.rs
  expect(whole('application/json', '{"choices":[{"finish_reason":"stop_sequence"}]}')).toBe(true);
  expect(whole('application/json', answer.slice(0, -3))).toBe(false);
  expect(whole('application/json', '{"error":{}}')).toBe(false);
  expect(whole('application/json', '{"error":null,"choices":[{"finish_reason":"stop"}]}')).toBe(true);
  expect(whole('application/json', '{"object":"list","data":[]}')).toBe(true);
  expect(whole('text/plain', answer)).toBe(false);
});

test.each(Object.entries(engineStreams))('%s is stored if it came to an end without an error', (_, answer) => {
  expect(whole(answer.type ?? stream, answer.body)).toBe(answer.whole);
});

// tools/server/utils.hpp of llama.cpp before September 2025
test('a line of an error among events is an error', () => {
  expect(whole(stream, `${event(token)}error: {"code":500,"message":"x"}\n\n${event(last)}${event('[DONE]')}`)).toBe(
    false,
  );
});

const response = { id: 'resp_1', object: 'response', status: 'completed', error: null, output: [] };
const named = (type: string, more: object = {}) => `event: ${type}\n${event({ type, sequence_number: 1, ...more })}`;
const begun = named('response.created', { response: { ...response, status: 'in_progress' } });
const delta = named('response.output_text.delta', { delta: 'a' });
const completed = named('response.completed', { response });

test('a response is whole when it is completed', () => {
  expect(whole('application/json', JSON.stringify(response))).toBe(true);
  expect(whole('application/json', JSON.stringify({ ...response, status: 'incomplete' }))).toBe(false);
  expect(whole('application/json', JSON.stringify({ ...response, error: { message: 'failed' } }))).toBe(false);
});

test('a stream of a response is whole with its last event, whether or not the engine says that it is done', () => {
  expect(whole(stream, begun + delta + completed)).toBe(true);
  expect(whole(stream, begun + delta + completed + event('[DONE]'))).toBe(true);
  expect(whole(stream, begun + delta)).toBe(false);
  expect(whole(stream, begun + delta + event('[DONE]'))).toBe(false);
  expect(whole(stream, begun + named('error', { message: 'failed' }) + completed)).toBe(false);
  expect(whole(stream, begun + named('response.failed', { response: { ...response, status: 'failed' } }))).toBe(false);
  expect(whole(stream, begun + named('response.incomplete', { response: { ...response, status: 'incomplete' } }))).toBe(
    false,
  );
});
