import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import express from 'express';
import request from 'supertest';
import { Redaction } from '../redaction.ts';
import { Answers } from './answers.ts';

/** A server that answers with `state.value`, without Backstage's own compression. */
function server(state: { value: object }) {
  const answers = new Answers(new Redaction([]));
  return express().get('/', (asked, response) => void answers.send(asked, response, state.value));
}

const row = (id: number, text = 'x'.repeat(200)) => ({ id, text, nothing: undefined });
const rows = (length: number) => Array.from({ length }, (_, id) => row(id));

test('a list of any length is the JSON that it always was', async () => {
  for (const length of [0, 1, 63, 64, 65, 129]) {
    const value = { first: 1, missing: undefined, items: rows(length), texts: ['a'], last: { deep: [row(1)] } };
    const { text } = await request(server({ value })).get('/').set('accept-encoding', 'identity');
    expect(text).toBe(JSON.stringify(value));
  }
  const { text } = await request(server({ value: {} })).get('/');
  expect(text).toBe('{}');
});

test('what was compressed in parts is one gzip file for other programs, also after a row changed', async () => {
  const state = { value: { items: rows(1000), name: 'é 模型' } };
  const listening = server(state).listen(0);
  await once(listening, 'listening');
  const ask = async () => {
    const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
    // fetch would take the compression away
    const { stdout } = await promisify(execFile)('curl', ['-s', '-H', 'accept-encoding: gzip', url], {
      encoding: 'buffer',
    });
    return execFileSync('gzip', ['-dc'], { input: stdout }).toString();
  };
  try {
    expect(JSON.parse(await ask())).toEqual(JSON.parse(JSON.stringify(state.value)));
    state.value = { ...state.value, items: state.value.items.with(500, row(500, 'another')) };
    expect(JSON.parse(await ask())).toEqual(JSON.parse(JSON.stringify(state.value)));
  } finally {
    listening.close();
  }
});

test('an answer that a browser has already is not sent again', async () => {
  const items = rows(1000);
  const state: { value: object } = { value: { items } };
  const app = server(state);
  const first = await request(app).get('/');
  expect(first.headers).toMatchObject({
    'cache-control': 'private, no-cache',
    'content-encoding': 'gzip',
    vary: 'Accept-Encoding',
  });
  const tag = first.headers['etag'] ?? '';
  state.value = { items: [...items] };
  const again = await request(app).get('/').set('if-none-match', tag);
  expect([again.status, again.text]).toEqual([304, '']);
  state.value = { items: items.with(3, row(4)) };
  const changed = await request(app).get('/').set('if-none-match', tag);
  expect([changed.status, changed.body.items[3].id]).toEqual([200, 4]);
  // removed from the end, where no part begins
  state.value = { items: items.slice(0, -1) };
  expect((await request(app).get('/').set('if-none-match', tag)).body.items).toHaveLength(999);
});

test('no credential leaves in a row, nor in a field beside the rows', async () => {
  const value = {
    password: 'hunter2-hunter2',
    items: [{ reason: 'http://ann:hunter2-hunter2@host/', nested: { token: 'hunter2-hunter2' } }],
  };
  const { text } = await request(server({ value })).get('/');
  expect(text).toBe('{"password":"***","items":[{"reason":"http://***@host/","nested":{"token":"***"}}]}');
});
