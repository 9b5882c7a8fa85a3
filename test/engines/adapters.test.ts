import { execFile } from 'node:child_process';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openInference } from '@fairway/clients/inference/index';
import { askGateway } from '../e2e/ask.ts';
import { editService } from '../e2e/example-copy.ts';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import { accessToken, platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';
import { copyEngineExample } from './copy-example.ts';

jest.setTimeout(60 * 60_000);

const name = 'hello-adapters';
const hostname = `${name}.test`;

/** vLLM is the one engine with adapters that runs on processors. */
describe('a model of vLLM with an adapter', () => {
  const endpoint = openInference(platform.gateway.url);
  let folder: string;
  let token: string;

  beforeAll(async () => {
    folder = await copyEngineExample('vllm', name, hostname);
    const script = join(import.meta.dirname, 'make-adapter.py');
    await promisify(execFile)('python3', [script, 'model/hello-tiny', 'model/hello-loud'], { cwd: folder });
    await appendFile(join(folder, '.dockerignore'), '!model/hello-loud/*\n');
    await editService(folder, text =>
      text.replace(
        /^( {2}path: model\/hello-tiny\n)/m,
        '$1  adapters: [{ name: hello-loud, path: model/hello-loud }]\n',
      ),
    );
    expectPass(await fairway(['deliver', folder, '--json', '--to', 'mesh']));
    token = await accessToken('user', 'llm:chat');
  });

  afterAll(async () => {
    endpoint.close();
    await removeService(platform, name);
    await rm(folder, { recursive: true });
  });

  async function answer(model: string) {
    const headers = { host: hostname, authorization: `Bearer ${token}` };
    const options = { headers, timeout: 900_000, expectDone: true };
    return endpoint.streamChat({ model, prompt: 'Say hello.', maxTokens: 16 }, options);
  }

  it('answers under each name, and differently', async () => {
    const [own, adapted] = [await answer('hello-tiny'), await answer('hello-loud')];
    for (const one of [own, adapted])
      expect(one).toMatchObject({ status: 200, error: undefined, finishReason: 'length' });
    expect(own.text.length).toBeGreaterThan(0);
    expect(adapted.text).not.toBe(own.text);
    expect((await answer('hello-quiet')).status).toBe(404);
  });

  it('is listed under each name, and known by each', async () => {
    const list = await askGateway(hostname, '/v1/models', { token });
    const { data } = JSON.parse(list.text) as { data: { id: string }[] };
    expect(data.map(({ id }) => id).toSorted()).toEqual(['hello-loud', 'hello-tiny']);
    const one = await askGateway(hostname, '/v1/models/hello-loud', { token });
    expect(JSON.parse(one.text)).toMatchObject({ id: 'hello-loud', object: 'model' });
    expect((await askGateway(hostname, '/v1/models/hello-quiet', { token })).status).toBe(404);
  });
});
