import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { askGateway } from '../e2e/ask.ts';
import { copyExample, giveHostname } from '../e2e/example-copy.ts';
import { fairway } from '../e2e/fairway-command.ts';
import { accessToken, platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';
import { pauseEngine } from './pause-engine.ts';

jest.setTimeout(20 * 60_000);

const name = 'hello-slow';
let folder: string;

beforeAll(async () => {
  folder = await copyExample(name);
  await giveHostname(folder, `${name}.test`);
  const delivered = await fairway(['deliver', folder, '--to', 'monitor', '--json']);
  if (delivered.code !== 0) throw new Error(delivered.stderr.slice(-2000));
});

afterAll(async () => {
  await removeService(platform, name);
  await rm(folder, { recursive: true });
});

test('an engine that became slow fires its rule, which reaches Alertmanager, and is over when it is quick again', async () => {
  const hostname = `${name}.test`;
  const began = Date.now();
  const times: string[] = [];
  const reached = async (what: string, look: () => Promise<boolean>) => {
    const end = Date.now() + 180_000;
    while (!(await look())) {
      if (Date.now() > end) throw new Error(`${what}: not within three minutes. Before it: ${times.join(', ')}`);
      await sleep(1000);
    }
    times.push(`${what} ${((Date.now() - began) / 1000).toFixed(0)} s`);
  };
  const ask = async (count: number) => {
    const token = await accessToken('user', 'llm:chat');
    const body = { model: 'hello-tiny', max_tokens: 4, messages: [{ role: 'user', content: 'Say hello.' }] };
    const answers = await Promise.all(
      Array.from({ length: count }, () => askGateway(hostname, '/v1/chat/completions', { token, body })),
    );
    expect(answers.map(answer => answer.status)).toEqual(Array.from({ length: count }, () => 200));
  };
  const labels = `service="${name}",objective="stream-duration"`;
  const query = async (expression: string) => {
    const answer = await fetch(`${platform.prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    return ((await answer.json()) as { data: { result: { value: [number, string] }[] } }).data.result[0]?.value[1];
  };
  const firing = async () => (await query(`ALERTS{alertstate="firing",${labels}}`)) === '1';
  const active = async () => {
    const filters = [`service="${name}"`, 'objective="stream-duration"'].map(
      text => `filter=${encodeURIComponent(text)}`,
    );
    const answer = await fetch(`${platform.alertmanager.url}/api/v2/alerts?${filters.join('&')}`);
    return ((await answer.json()) as unknown[]).length > 0;
  };

  // a counter grows from the second time that it is seen
  await ask(1);
  await reached(
    'users are counted',
    async () => (await query(`service:error_events:ratio_rate5m{${labels}}`)) !== undefined,
  );
  await Promise.all([pauseEngine(name, 8000), sleep(500).then(() => ask(20))]);
  await reached('the rule fires', firing);
  await reached('Alertmanager has it', active);
  await reached('the rule is quiet again', async () => {
    await ask(20);
    return !(await firing());
  });
  await reached('Alertmanager has it no more', async () => !(await active()));
  process.stderr.write(`slow engine: ${times.join(', ')}\n`);
});
