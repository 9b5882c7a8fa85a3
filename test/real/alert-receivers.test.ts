import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { stringify } from 'yaml';
import { platformFolders } from '@fairway/platform';
import { alertmanager as alertmanagerClient } from '@fairway/clients/alertmanager/index';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { parseAlertReceivers } from '@fairway/service/alert-receivers';
import { alertmanagerConfiguration } from '@fairway/targets/metrics/alert-routes';
import { keepAlerts } from '../../actions/raise-alerts/src/alert.ts';
import { startAlertmanager } from '../alertmanager.ts';
import { certify } from '../certify.ts';

interface Posted {
  readonly receiver: string;
  readonly status: string;
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

const posted: Posted[] = [];
const mails: { readonly to: string; readonly text: string }[] = [];
const hook = createHttpServer((request, response) => {
  let body = '';
  request.on('data', chunk => (body += chunk));
  request.on('end', () => {
    posted.push(JSON.parse(body) as Posted);
    response.end();
  });
});

let folder: string;
let mailServer: SMTPServer;
let url: string;
let alertmanager: Awaited<ReturnType<typeof startAlertmanager>>;

beforeAll(async () => {
  const wanted = machineParts.filter(({ name }) => name === 'monitoring');
  const signal = new AbortController().signal;
  const made = await ensureParts(wanted, { folder: partsFolder(platformFolders()), signal, progress: () => undefined });
  folder = await mkdtemp(join(tmpdir(), 'fairway-alerts-'));
  const authority = await certify(folder, 'authority');
  const { certificate, key } = await certify(folder, 'mail', 'authority');
  // as those of companies: no mail without STARTTLS and a login, and a certificate of the company's own authority
  mailServer = new SMTPServer({
    cert: certificate,
    key,
    onAuth({ username, password }, _session, done) {
      if (username === 'alerts' && password === 'hush-hush') done(null, { user: username });
      else done(new Error('unknown'));
    },
    onData(stream, { envelope }, done) {
      stream.setEncoding('utf8');
      let text = '';
      stream.on('data', (part: string) => (text += part));
      stream.on('end', () => {
        mails.push(...envelope.rcptTo.map(({ address: to }) => ({ to, text })));
        done();
      });
    },
  });
  const [caFile, passwordFile] = [join(folder, 'company.crt'), join(folder, 'password')];
  await writeFile(caFile, authority.certificate);
  await writeFile(passwordFile, 'hush-hush');
  const mailAddress = await listening(mailServer.server);
  const address = `http://127.0.0.1:${await listening(hook)}`;
  const receivers = parseAlertReceivers(
    stringify({
      smtp: {
        server: `127.0.0.1:${mailAddress}`,
        from: 'alerts@example.com',
        username: 'alerts',
        passwordFile,
        caFile,
      },
      others: {
        page: { webhook: [{ url: `${address}/others` }] },
        ticket: { webhook: [{ url: `${address}/others` }] },
      },
      owners: {
        'team-hello': {
          page: { webhook: [{ url: `${address}/hello` }], email: ['oncall@example.com'] },
          ticket: { email: ['team@example.com'] },
        },
      },
    }),
    'receivers.yaml',
  );
  const text = stringify(alertmanagerConfiguration(receivers));
  // the same routes, in a hurry
  const hurried = text
    .replace(/group_wait: \S+/g, 'group_wait: 0s')
    .replace(/group_interval: \S+/g, 'group_interval: 1s');
  alertmanager = await startAlertmanager(made.get('monitoring') ?? '', folder, hurried);
  url = alertmanager.url;
}, 120_000);

afterAll(async () => {
  await alertmanager.stop();
  hook.close();
  await new Promise<void>(resolve => mailServer.close(resolve));
  await rm(folder, { recursive: true });
});

const page = { alertname: 'Slow', severity: 'page', owner: 'team-hello', service: 'hello', namespace: 'demo' };

test('a page of an owner reaches its webhook and its mailbox, when it fires and when it is over', async () => {
  await send(page);
  await until(() => posted.some(({ status }) => status === 'firing') && mails.length > 0);
  expect(posted[0]).toMatchObject({ receiver: 'team-hello/page', status: 'firing', alerts: [{ labels: page }] });
  expect(mails[0]).toMatchObject({
    to: 'oncall@example.com',
    text: expect.stringMatching(/^Subject: .*FIRING.*Slow/m),
  });
  await send(page, new Date());
  await until(
    () => posted.some(({ status }) => status === 'resolved') && mails.some(({ text }) => /RESOLVED/.test(text)),
  );
}, 60_000);

test('a ticket of the owner wakes nobody, and what belongs to nobody goes to the others', async () => {
  const [hooks, before] = [posted.length, mails.length];
  await send({ ...page, alertname: 'Full', severity: 'ticket' });
  await send({ alertname: 'Odd', severity: 'page', owner: 'team-unknown' });
  await until(() => mails.length > before && posted.length > hooks);
  expect(mails.slice(before).map(({ to }) => to)).toEqual(['team@example.com']);
  expect(posted.slice(hooks).map(({ receiver }) => receiver)).toEqual(['others/page']);
}, 60_000);

test('the same alert of two clusters is two notifications, and neither holds back the tickets of the other', async () => {
  const before = mails.length;
  const down = { ...page, alertname: 'FairwayTargetDown', service: 'twice' };
  await send({ ...down, cluster: 'prod-eu' });
  await send({ ...down, cluster: 'prod-us' });
  const of = (service: string) => posted.filter(({ alerts }) => alerts[0]?.labels['service'] === service);
  await until(() => of('twice').length === 2);
  expect(
    of('twice')
      .map(({ alerts }) => alerts.map(({ labels }) => labels['cluster']))
      .sort(),
  ).toEqual([...[['prod-eu'], ['prod-us']]]);
  // while a cluster is down, its own ticket says nothing new, and that of a third one does
  for (const cluster of ['prod-eu', 'prod-ap'])
    await send({ ...page, alertname: 'Full', severity: 'ticket', service: 'twice', cluster });
  await until(() => mails.slice(before).some(({ to }) => to === 'team@example.com'));
  await sleep(3000);
  const tickets = mails.slice(before).filter(({ to }) => to === 'team@example.com');
  expect(tickets.map(({ text }) => /prod-(eu|ap)/.exec(text)?.[0])).toEqual(['prod-ap']);
}, 60_000);

test('the nightly alert about a served image is of its own cluster, and leaves that of another alone', async () => {
  const manager = alertmanagerClient(url);
  const service = (cluster: string) => ({
    ...{ name: 'scanned', namespace: 'demo', owner: 'team-hello' },
    monitoring: { labels: { cluster } },
  });
  const image = (verdict: 'fail' | 'pass') => ({ digest: 'sha256:ab', share: 100, reason: 'r', blocking: [], verdict });
  const keep = (cluster: string, verdict: 'fail' | 'pass') =>
    keepAlerts(manager, service(cluster), [image(verdict)], new Date());
  expect(await keep('prod-eu', 'fail')).toEqual({ firing: 1, resolved: 0 });
  expect(await keep('prod-us', 'fail')).toEqual({ firing: 1, resolved: 0 });
  expect(await keep('prod-us', 'pass')).toEqual({ firing: 0, resolved: 1 });
  const left = (await manager.alerts()).filter(({ labels }) => labels['service'] === 'scanned');
  expect(left.map(({ labels }) => labels['cluster'])).toEqual(['prod-eu']);
}, 60_000);

async function send(labels: Readonly<Record<string, string>>, endsAt?: Date): Promise<void> {
  const startsAt = new Date(Date.now() - 60_000);
  const body = JSON.stringify([{ labels, annotations: {}, startsAt, ...(endsAt ? { endsAt } : {}) }]);
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body });
  expect(answer.status).toBe(200);
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await check()); attempt++) {
    if (attempt > 200) throw new Error(`Not so after ${attempt / 5} s: ${JSON.stringify({ posted, mails })}`);
    await sleep(200);
  }
}
