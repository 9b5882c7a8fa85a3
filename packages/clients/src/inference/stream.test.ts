import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { engineStreams } from '../../../../test/fixtures/engine-streams.ts';
import { openInference } from './index.ts';
import type { InferenceApi, InferenceEndpoint, InferenceOutcome } from './index.ts';
import { StreamReader } from './stream.ts';

/** Answers as engines send them, by name. The bytes are those of the engine's own server, shortened. */
interface Bytes {
  readonly type?: string;
  readonly status?: number;
  readonly body: string;
}

const stream = 'text/event-stream; charset=utf-8';
const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: object, more: object = {}, finish: string | null = null) =>
  event({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1795665107,
    model: 'llama',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...more,
  });
const usage = (prompt_tokens: number, completion_tokens: number, more: object = {}) =>
  event({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1795665107,
    model: 'llama',
    choices: [],
    usage: { prompt_tokens, total_tokens: prompt_tokens + completion_tokens, completion_tokens, ...more },
  });
const done = 'data: [DONE]\n\n';
const reasoned = (reasoning_tokens: number) => ({ completion_tokens_details: { reasoning_tokens } });
const threeTokens = `${chunk({ content: 'It' })}${chunk({ content: ' is' })}${chunk({ content: ' 4.' }, {}, 'stop')}`;

const answers: Readonly<Record<string, Bytes>> = {
  'vllm 0.24': {
    body: `${chunk({ role: 'assistant', content: '' })}${chunk({ content: ' babigo' })}${chunk({ content: ' dezosi' })}${chunk({ content: ' cu"fu\\' })}${chunk({ content: ' bokisi' }, {}, 'length')}${usage(13, 4)}${done}`,
  },
  'reasoning only': {
    body: `${chunk({ role: 'assistant', content: '' })}${chunk({ reasoning: 'Let' })}${chunk({ reasoning: ' me' })}${chunk({ reasoning_content: ' see' })}${chunk({}, {}, 'length')}${usage(9, 3)}${done}`,
  },
  'reasoning twice': {
    body: `${chunk({ reasoning: 'Let', reasoning_content: 'Let' })}${chunk({ reasoning: ' me', reasoning_content: ' me' })}${chunk({ content: 'Hi' }, {}, 'stop')}${usage(9, 3)}${done}`,
  },
  'tool calls': {
    body: `${chunk({ role: 'assistant', content: null })}${chunk({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }] })}${chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] })}${chunk({ tool_calls: [{ index: 0, function: { arguments: ' "Bern"}' } }] })}${chunk({}, {}, 'tool_calls')}${done}`,
  },
  'fastchat error': {
    body: `data: {"text": "**NETWORK ERROR DUE TO HIGH TRAFFIC. PLEASE REGENERATE OR REFRESH THIS PAGE.**\\n\\n(CUDA out of memory.)", "error_code": 50002}\n\n${done}`,
  },
  'llama.cpp error line': {
    body: `${chunk({ content: 'x' })}error: {"code":500,"message":"context shift is disabled","type":"server_error"}\n\n${done}`,
  },
  'tgi error': {
    body: `${chunk({ role: 'assistant', content: ' correct' })}data: {"error":{"message":"Request failed during generation: Server error","http_status_code":422}}\n\n${done}`,
  },
  'vllm aborted': {
    body: `${chunk({ role: 'assistant', content: '' })}${chunk({ content: ' babigo' })}${chunk({}, {}, 'abort')}${usage(13, 1)}${done}`,
  },
  'vllm old error': {
    body: `data: {"object":"error","message":"max_tokens is too large","type":"BadRequestError","param":null,"code":400}\n\n${done}`,
  },
  'json error as a stream': { body: '{"error":{"message":"model is loading","type":"unavailable_error","code":503}}' },
  'json error': { type: 'application/json', body: '{"error":{"message":"model \'x\' not found"}}' },
  'fastapi detail': { type: 'application/json', status: 422, body: '{"detail":"Unexpected fields in the request"}' },
  // https://platform.openai.com/docs/guides/reasoning
  'hidden reasoning': { body: `${threeTokens}${usage(9, 67, reasoned(64))}${done}` },
  'hidden reasoning beside the count': {
    body: `${threeTokens}${usage(9, 3, { total_tokens: 76, ...reasoned(64) })}${done}`,
  },
  'hidden reasoning that nobody counts': { body: `${threeTokens}${usage(9, 640)}${done}` },
  'hidden reasoning alone': { body: `${chunk({}, {}, 'length')}${usage(9, 64, reasoned(64))}${done}` },
  // DeepSeek, vLLM
  'reasoning that is counted and sent': {
    body: `${chunk({ reasoning_content: 'Hm' })}${chunk({ reasoning_content: '. Two and two' })}${threeTokens}${usage(9, 7, reasoned(4))}${done}`,
  },
  // an engine that counts it by its parser and leaves it in the text
  'reasoning in the text': {
    body: `${chunk({ content: '<think>' })}${chunk({ content: 'Hm' })}${chunk({ content: '</think>' })}${threeTokens}${usage(9, 6, reasoned(4))}${done}`,
  },
  'summary of reasoning': {
    body: [
      { type: 'response.reasoning_summary_text.delta', delta: 'Adding' },
      { type: 'response.output_text.delta', delta: '4' },
      {
        type: 'response.completed',
        response: {
          object: 'response',
          status: 'completed',
          output: [],
          usage: { input_tokens: 8, output_tokens: 33, output_tokens_details: { reasoning_tokens: 32 } },
        },
      },
    ]
      .map(value => `event: ${value.type}\n${event(value)}`)
      .join(''),
  },
  'keep-alive': {
    body: `data:\n\n: ping\n\n${chunk({ content: 'a' })}data: \n\n${chunk({ content: 'b' }, {}, 'stop')}${done}`,
  },
  'several tokens a chunk': {
    body: `${chunk({ content: ' one two three' })}${chunk({ content: ' four five six' }, {}, 'stop')}${usage(5, 6)}${done}`,
  },
  'cached prompt': {
    body: `${chunk({ content: 'a' }, {}, 'stop')}${usage(900, 1, { prompt_tokens_details: { cached_tokens: 896 } })}${done}`,
  },
  'llama.cpp timings': {
    body: `${chunk({ content: 'a' })}${event({ choices: [{ index: 0, delta: {}, finish_reason: 'length' }], usage: { completion_tokens: 1, prompt_tokens: 12 }, timings: { cache_n: 11, prompt_n: 1 } })}${done}`,
  },
  transformers: {
    body: `${chunk({ role: 'assistant' })}${chunk({ content: ' bowoqu' })}${chunk({ content: ' cekuno' })}${chunk({}, { usage: { completion_tokens: 2, prompt_tokens: 13, total_tokens: 15 } }, 'length')}`,
  },
  completions: {
    body: `${event({ id: 'cmpl-1', object: 'text_completion', choices: [{ index: 0, text: ' a', finish_reason: null }] })}${event({ id: 'cmpl-1', object: 'text_completion', choices: [{ index: 0, text: ' b', finish_reason: 'length' }] })}${done}`,
  },
  responses: {
    body: [
      {
        type: 'response.created',
        response: { object: 'response', status: 'in_progress', output: [] },
        sequence_number: 0,
      },
      { type: 'response.reasoning_text.delta', delta: 'Hm', sequence_number: 1 },
      { type: 'response.output_text.delta', delta: 'Hel', sequence_number: 2 },
      { type: 'response.output_text.delta', delta: 'lo', sequence_number: 3 },
      { type: 'response.output_text.done', text: 'Hello', sequence_number: 4 },
      {
        type: 'response.completed',
        sequence_number: 5,
        response: {
          object: 'response',
          status: 'completed',
          output: [{ type: 'message', content: [{ type: 'output_text', text: 'Hello' }] }],
          usage: {
            input_tokens: 8,
            output_tokens: 3,
            input_tokens_details: { cached_tokens: 4 },
            output_tokens_details: { reasoning_tokens: 1 },
          },
        },
      },
    ]
      .map(value => `event: ${value.type}\n${event(value)}`)
      .join(''),
  },
  'responses failed': {
    body: `event: response.failed\n${event({ type: 'response.failed', response: { status: 'failed', error: { code: 'server_error', message: 'The engine died' } } })}`,
  },
  embeddings: {
    type: 'application/json',
    body: JSON.stringify({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [0.1, -0.2] }],
      usage: { prompt_tokens: 7, total_tokens: 7 },
    }),
  },
  whole: {
    type: 'application/json',
    body: JSON.stringify({
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Grüezi', reasoning_content: 'Hm ' },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 7, completion_tokens: 4, total_tokens: 11 },
    }),
  },
  'usage with each token': {
    body: `${chunk({ role: 'assistant', content: '' }, { usage: { prompt_tokens: 9, total_tokens: 9, completion_tokens: 0 } })}${chunk({ content: 'a' }, { usage: { prompt_tokens: 9, total_tokens: 10, completion_tokens: 1 } })}${chunk({ content: 'b' }, { usage: { prompt_tokens: 9, total_tokens: 11, completion_tokens: 2 } }, 'stop')}${usage(9, 2)}${done}`,
  },
  'old function call': {
    body: `${chunk({ function_call: { name: 'look', arguments: '' } })}${chunk({ function_call: { arguments: '{}' } }, {}, 'function_call')}${done}`,
  },
  'custom tool': {
    body: `${chunk({ tool_calls: [{ index: 0, id: 'c', type: 'custom', custom: { name: 'sh', input: 'ls' } }] }, {}, 'tool_calls')}${done}`,
  },
  'content in parts': {
    body: `${chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] })}${chunk({ content: [{ type: 'text', text: '!' }] }, {}, 'stop')}${done}`,
  },
  'timings without usage': {
    body: `${chunk({ content: 'a' })}${event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], timings: { cache_n: 11, prompt_n: 2, predicted_n: 1 } })}${done}`,
  },
  'what no client expects': {
    body: `${event({ choices: null })}${event({ choices: [null] })}${event({ choices: [{ delta: { tool_calls: [null, { function: null }] } }] })}${event({ data: 'x' })}${event({ type: 5 })}${chunk({ content: 'a' }, {}, 'stop')}${done}`,
  },
  'lines of CR LF after a byte order mark': {
    body: `\ufeff${chunk({ content: 'a' })}${chunk({ content: 'b' }, {}, 'stop')}id: 7\nretry: 3000\n: note\ndata: {"choices":\ndata: []}\n\n${done}`.replaceAll(
      '\n',
      '\r\n',
    ),
  },
  'lines of CR, the last without a blank one': {
    body: `${chunk({ content: 'a' }, {}, 'stop')}data:[DONE] `.replaceAll('\n', '\r'),
  },
  'an event that is cut': { body: `${chunk({ content: 'a' }, {}, 'stop')}data: {"choices":[{"del` },
  'event named error': {
    body: `${chunk({ content: 'a' })}event: error\ndata: {"message":"out of memory","code":500}\n\n`,
  },
  'text of an event named error': { body: `event: error\ndata: out of memory\n\n` },
  'vllm lost a cache': { body: `${chunk({ content: 'a' })}${chunk({}, {}, 'error')}${done}` },
  'one of two given up': {
    body: `${event({
      choices: [
        { index: 0, delta: { content: 'a' }, finish_reason: 'stop' },
        { index: 1, delta: { content: 'b' }, finish_reason: 'abort' },
      ],
    })}${done}`,
  },
  'a response of calls and refusals': {
    type: 'application/json',
    body: JSON.stringify({
      object: 'response',
      status: 'completed',
      error: null,
      output: [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm ' }], content: null },
        { type: 'custom_tool_call', name: 'sh', input: ' ls ' },
        { type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] },
      ],
    }),
  },
  'type in capitals': { type: 'Text/Event-Stream', body: `${chunk({ content: 'a' }, {}, 'stop')}${done}` },
  'no type': { type: '', body: `: first\n\n${chunk({ content: 'a' }, {}, 'stop')}${done}` },
  'plain text': { type: 'text/plain', body: `\ufeff${chunk({ content: 'a' }, {}, 'stop')}${done}` },
  'created, not ok': { status: 201, body: `${chunk({ content: 'a' }, {}, 'stop')}${done}` },
  audio: {
    body: `${chunk({ role: 'assistant', content: null, audio: { id: 'audio_1', transcript: 'Hi' } })}${chunk({ audio: { data: 'UklGRg==' } })}${chunk({}, {}, 'stop')}${done}`,
  },
  'counts nothing': { body: `${chunk({ content: 'a' })}${chunk({ content: 'b' }, {}, 'stop')}${usage(5, 0)}${done}` },
  'counts no reasoning': {
    body: `${'abcdefgh'.replace(/./g, one => chunk({ reasoning: one }))}${chunk({ content: 'Hi' }, {}, 'stop')}${usage(5, 1)}${done}`,
  },
  'a count that is text': {
    body: `${chunk({ content: 'a' }, {}, 'stop')}${event({ choices: [], usage: { completion_tokens: '1' } })}${done}`,
  },
  // https://platform.moonshot.ai/docs/api/chat: the last chunk
  'usage of a choice': {
    body: `${chunk({ content: 'a' })}${event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 } }] })}${done}`,
  },
  // https://console.groq.com/docs/api-reference: ChatCompletionChunk
  'usage of Groq': {
    body: `${chunk({ content: 'a' })}${chunk({}, { x_groq: { id: 'req_1', usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 } } }, 'stop')}${done}`,
  },
  'an empty usage at the end': {
    body: `${chunk({ content: 'a' }, {}, 'stop')}${usage(5, 1)}${event({ choices: [], usage: {} })}${done}`,
  },
  'a response of a call without arguments': {
    body: [
      { type: 'response.output_item.added', item: { type: 'function_call', name: 'now', arguments: '' } },
      { type: 'response.function_call_arguments.done', name: 'now', arguments: '{}' },
      { type: 'response.completed', response: { object: 'response', status: 'completed' } },
    ]
      .map(value => `event: ${value.type}\n${event(value)}`)
      .join(''),
  },
  'a response without deltas': {
    body: event({
      type: 'response.completed',
      response: {
        object: 'response',
        status: 'completed',
        output: [{ type: 'message', content: [{ type: 'output_text', text: 'Hello' }] }],
      },
    }),
  },
  'json of a proxy': { type: 'application/json', body: '{"message":"no Route matched with those values"}' },
  // RFC 8259 §7: a control character stands in no string
  'a tab in a string': {
    body: `${chunk({ content: 'a' })}${chunk({ content: 'b' })}${chunk({ content: '\t' }).replace('\\t', '\t')}${done}`,
  },
  umlauts: { body: `${chunk({ content: 'Zü' })}${chunk({ content: 'ri 🏔' }, {}, 'stop')}${done}` },
};

/** In whose bytes nothing is counted but what an engine counted. */
const ofEngines = Object.entries(engineStreams).map(([name, { type, ...expected }]) => ({
  name,
  expected,
  type: type ?? stream,
}));
const all: Readonly<Record<string, Bytes>> = {
  ...answers,
  ...Object.fromEntries(ofEngines.map(({ name, type, expected: { body } }) => [`engines: ${name}`, { type, body }])),
};

let server: http.Server;
let endpoint: InferenceEndpoint;

beforeAll(done => {
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      const answer = all[(JSON.parse(body) as { model: string }).model]!;
      const type = answer.type ?? stream;
      response.writeHead(answer.status ?? 200, type === '' ? {} : { 'content-type': type });
      response.end(answer.body);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    endpoint = openInference(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    done();
  });
});

afterAll(() => {
  endpoint.close();
  server.closeAllConnections();
  server.close();
});

function ask(model: string, api: InferenceApi = 'chat'): Promise<InferenceOutcome> {
  const body = JSON.stringify({ model });
  return endpoint.exchange({ api, body, headers: {}, timeout: 5000, end: 'finish', wantsText: true }).outcome;
}

test.each<[string, number, Partial<InferenceOutcome>]>([
  [
    'vllm 0.24',
    4,
    {
      text: ' babigo dezosi cu"fu\\ bokisi',
      pieceIsToken: true,
      completionTokens: 4,
      finishReason: 'length',
      done: true,
    },
  ],
  ['reasoning only', 3, { text: 'Let me see', answer: '', pieceIsToken: true, completionTokens: 3 }],
  ['reasoning twice', 3, { text: 'Let meHi', answer: 'Hi', finishReason: 'stop' }],
  ['tool calls', 3, { text: 'weather{"city": "Bern"}', answer: '', finishReason: 'tool_calls', pieceIsToken: false }],
  ['keep-alive', 2, { text: 'ab', answer: 'ab', completionTokens: undefined, pieceIsToken: false }],
  ['several tokens a chunk', 2, { completionTokens: 6, pieceIsToken: false }],
  ['cached prompt', 1, { usage: { promptTokens: 900, completionTokens: 1, cachedTokens: 896 } }],
  ['llama.cpp timings', 1, { usage: { promptTokens: 12, completionTokens: 1, cachedTokens: 11 } }],
  ['transformers', 2, { done: false, completionTokens: 2, pieceIsToken: true, finishReason: 'length' }],
  ['umlauts', 2, { text: 'Züri 🏔', answer: 'Züri 🏔' }],
  // `continuous_usage_stats` of vLLM
  ['usage with each token', 2, { text: 'ab', completionTokens: 2, pieceIsToken: true }],
  ['old function call', 2, { text: 'look{}', finishReason: 'function_call' }],
  ['custom tool', 1, { text: 'shls' }],
  // https://docs.mistral.ai/capabilities/reasoning
  ['content in parts', 2, { text: 'Hm!', answer: '!' }],
  ['timings without usage', 1, { usage: { promptTokens: 13, completionTokens: 1, cachedTokens: 11 } }],
  ['what no client expects', 1, { text: 'a' }],
  // a media type has no case, and 2xx is success: RFC 9110, 8.3.1 and 15.3
  ['type in capitals', 1, { text: 'a', done: true }],
  ['created, not ok', 1, { text: 'a', done: true }],
  ['no type', 1, { text: 'a', done: true }],
  ['plain text', 1, { text: 'a', done: true }],
  // https://platform.openai.com/docs/guides/audio
  ['audio', 2, { text: 'HiUklGRg==' }],
  ['counts nothing', 2, { completionTokens: undefined, pieceIsToken: false }],
  ['counts no reasoning', 9, { answer: 'Hi', completionTokens: undefined, pieceIsToken: false }],
  ['hidden reasoning', 3, { completionTokens: 3, hiddenTokens: 64, pieceIsToken: true }],
  [
    'hidden reasoning beside the count',
    3,
    { completionTokens: 3, hiddenTokens: 64, usage: { promptTokens: 9, completionTokens: 67, reasoningTokens: 64 } },
  ],
  ['hidden reasoning that nobody counts', 3, { completionTokens: undefined, pieceIsToken: false }],
  ['reasoning that is counted and sent', 5, { completionTokens: 7, hiddenTokens: 0 }],
  ['reasoning in the text', 6, { completionTokens: 6, hiddenTokens: 0, pieceIsToken: true }],
  ['summary of reasoning', 2, { completionTokens: undefined, hiddenTokens: 32 }],
  ['a count that is text', 1, { completionTokens: undefined }],
  ['usage of a choice', 1, { usage: { promptTokens: 5, completionTokens: 1 } }],
  ['usage of Groq', 1, { usage: { promptTokens: 5, completionTokens: 1 } }],
  ['an empty usage at the end', 1, { usage: { promptTokens: 5, completionTokens: 1 } }],
  // https://platform.openai.com/docs/api-reference/responses-streaming
  ['a response of a call without arguments', 1, { text: 'now', finishReason: 'stop' }],
  ['a response without deltas', 1, { text: 'Hello', answer: 'Hello' }],
  // what ends a line, and the mark before all: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
  ['lines of CR LF after a byte order mark', 2, { text: 'ab', done: true }],
  ['lines of CR, the last without a blank one', 1, { text: 'a', done: true }],
  ['an event that is cut', 1, { text: 'a', done: false }],
])('%s: %d pieces', async (name, pieces, expected) => {
  const outcome = await ask(name);
  expect(outcome).toMatchObject({ error: undefined, streamed: true, cancelled: false, ...expected });
  expect(outcome.tokensAt).toHaveLength(pieces);
});

test.each(ofEngines)('$name', async ({ name, expected, type }) => {
  const outcome = await ask(`engines: ${name}`);
  const [promptTokens, completionTokens] = expected.usage ?? [];
  expect({
    pieces: outcome.tokensAt.length,
    text: outcome.text,
    promptTokens: outcome.usage.promptTokens,
    // embeddings have none
    completionTokens: outcome.usage.completionTokens ?? (expected.usage ? 0 : undefined),
    error: outcome.error?.kind,
    streamed: outcome.streamed,
  }).toEqual({
    pieces: expected.pieces,
    text: expected.text,
    promptTokens,
    completionTokens,
    error: expected.error,
    streamed: !/json/i.test(type),
  });
});

test.each<[string, string, string | RegExp]>([
  ['fastchat error', 'engine', /HIGH TRAFFIC.*CUDA out of memory/s],
  ['llama.cpp error line', 'engine', 'context shift is disabled'],
  ['a tab in a string', 'format', /^not JSON: .*"content":"\t"/],
  ['tgi error', 'engine', 'Request failed during generation: Server error'],
  ['vllm aborted', 'truncated', 'the engine aborted the answer after 1 tokens'],
  ['event named error', 'engine', 'out of memory'],
  ['text of an event named error', 'engine', 'out of memory'],
  ['vllm lost a cache', 'truncated', 'the engine aborted the answer after 1 tokens'],
  ['one of two given up', 'truncated', 'the engine aborted the answer after 1 tokens'],
  ['vllm old error', 'engine', 'max_tokens is too large'],
  ['json error as a stream', 'engine', 'model is loading'],
  ['json of a proxy', 'empty', 'the answer holds no token: {"message":"no Route matched with those values"}'],
  ['json error', 'engine', "model 'x' not found"],
  ['fastapi detail', 'status', 'HTTP 422: {"detail":"Unexpected fields in the request"}'],
  ['responses failed', 'engine', 'The engine died'],
  ['hidden reasoning alone', 'empty', /^the answer holds no token but 64 of reasoning that the server does not send/],
])('%s → %s', async (name, kind, words) => {
  const { error } = await ask(name);
  expect(error?.kind).toBe(kind);
  if (typeof words === 'string') expect(error?.detail).toBe(words);
  else expect(error?.detail).toMatch(words);
});

test('completions', async () => {
  const outcome = await ask('completions', 'completions');
  expect(outcome).toMatchObject({ text: ' a b', answer: ' a b', done: true, finishReason: 'length', error: undefined });
  expect(outcome.tokensAt).toHaveLength(2);
});

test('responses: reasoning and text are tokens, and response.completed is the end', async () => {
  const outcome = await ask('responses', 'responses');
  expect(outcome).toMatchObject({
    text: 'HmHello',
    answer: 'Hello',
    done: true,
    pieceIsToken: true,
    usage: { promptTokens: 8, completionTokens: 3, cachedTokens: 4, reasoningTokens: 1 },
    finishReason: 'stop',
    error: undefined,
  });
  expect(outcome.tokensAt).toHaveLength(3);
});

test('a response of calls and refusals alone holds tokens', async () => {
  const outcome = await ask('a response of calls and refusals', 'responses');
  expect(outcome).toMatchObject({ error: undefined, finishReason: 'stop', text: 'Hm sh ls No.', answer: 'No.' });
});

test('embeddings are a whole answer without tokens of their own', async () => {
  const outcome = await ask('embeddings', 'embeddings');
  expect(outcome).toMatchObject({
    streamed: false,
    error: undefined,
    usage: { promptTokens: 7 },
    completionTokens: undefined,
  });
});

test('a whole answer: its text, and no pace of pieces', async () => {
  const outcome = await ask('whole');
  expect(outcome).toMatchObject({
    streamed: false,
    text: 'Hm Grüezi',
    answer: 'Grüezi',
    completionTokens: 4,
    pieceIsToken: false,
    error: undefined,
  });
});

test.each(Object.keys(all).filter(name => (all[name]!.type ?? stream) === stream))(
  '%s reads the same however the bytes are cut',
  name => {
    const read = (parts: RegExp) => {
      const reader = new StreamReader();
      for (const part of Buffer.from(all[name]!.body).toString('latin1').match(parts)!) reader.feed(part, 0);
      reader.endWhole(0);
      const { text, done, usage, error, finishReason, tokensAt } = reader;
      return { text, done, usage, error, finishReason, pieces: tokensAt.length };
    };
    const whole = read(/.*/s);
    expect(read(/./gs)).toEqual(whole);
    expect(read(/.{1,7}/gs)).toEqual(whole);
    // line by line, and event by event as most engines write them
    expect(read(/.*?(\n|$)/gs)).toEqual(whole);
    expect(read(/.*?(\n\n|$)/gs)).toEqual(whole);
  },
);

test('without the text, times and counts are the same', () => {
  const reader = new StreamReader(false);
  reader.feed(answers['vllm 0.24']!.body, 5);
  expect(reader).toMatchObject({ text: '', tokensAt: [5, 5, 5, 5], done: true, usage: { completionTokens: 4 } });
});

test('what is cancelled has what arrived until then, and no error', async () => {
  const never = http.createServer((_, response) => {
    response.writeHead(200, { 'content-type': stream });
    response.write(chunk({ content: 'x' }));
  });
  await new Promise<void>(resolve => never.listen(0, '127.0.0.1', resolve));
  const other = openInference(`http://127.0.0.1:${(never.address() as AddressInfo).port}`);
  const { outcome, cancel } = other.exchange({
    api: 'chat',
    body: '{}',
    headers: {},
    timeout: 60_000,
    end: 'done',
    wantsText: true,
  });
  never.once('request', () => setTimeout(cancel, 100));
  expect(await outcome).toMatchObject({ cancelled: true, text: 'x', error: undefined });
  never.closeAllConnections();
  never.close();
});
