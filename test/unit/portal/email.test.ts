/** The portal as it is started, with a mail server in its configuration: an alert of a team reaches the mailbox of who is in it. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@fairway/clients/docker/free-port';
import { SMTPServer } from 'smtp-server';
import { AlertmanagerServer, firing } from '../../../plugins/fairway-backend/src/alerts/testing/alertmanager-server.ts';
import { type PortalProcess, startPortalProcess } from '../../portal-process.ts';
import { within } from '../../within.ts';

jest.setTimeout(180_000);

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

const token = 'token-of-the-test';
const mails: Mail[] = [];
const mailServer = new SMTPServer({
  // STARTTLS would need a certificate that Node trusts
  disabledCommands: ['STARTTLS'],
  allowInsecureAuth: true,
  onAuth({ username, password }, _session, done) {
    if (username === 'portal' && password === 'hush-hush') done(null, { user: username });
    else done(new Error('unknown'));
  },
  onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
    stream.setEncoding('utf8');
    let text = '';
    stream.on('data', (part: string) => (text += part));
    stream.on('end', () => {
      mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), text });
      done();
    });
  },
});
const alertmanager = new AlertmanagerServer();
let folder: string;
let portal: PortalProcess;

const people = `
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: team-a }
spec: { type: team, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: ann }
spec: { profile: { email: ann@example.com }, memberOf: [team-a] }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: bob }
spec: { profile: { email: bob@example.com }, memberOf: [] }
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-mail-'));
  mailServer.listen(0, '127.0.0.1');
  await once(mailServer.server, 'listening');
  const { port } = mailServer.server.address() as AddressInfo;
  const target = join(folder, 'people.yaml');
  await writeFile(target, people);
  portal = await startPortalProcess({
    ...{ folder, port: await freePort() },
    own: {
      backend: { auth: { externalAccess: [{ type: 'static', options: { token, subject: 'test' } }] } },
      events: { useEventBus: 'never' },
      catalog: { locations: [{ type: 'file', target, rules: [{ allow: ['User', 'Group'] }] }] },
      notifications: {
        processors: {
          email: {
            transportConfig: {
              ...{ transport: 'smtp', hostname: '127.0.0.1', port, secure: false },
              ...{ username: 'portal', password: 'hush-hush' },
            },
            sender: 'portal@example.com',
          },
        },
      },
      fairway: {
        permissions: { readers: ['*'], operators: [] },
        clusters: [
          {
            ...{ name: 'east', url: 'https://127.0.0.1:9', serviceAccountToken: 'token' },
            alertmanagerUrl: await alertmanager.start(),
          },
        ],
      },
    },
  });
});

afterAll(async () => {
  await portal?.stop();
  alertmanager.stop();
  await new Promise<void>(resolve => mailServer.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

test('an alert of a team is an e-mail to its members, with what burns and a link to the alerts', async () => {
  const members = `${portal.url}/api/catalog/entities/by-name/group/default/team-a`;
  await within(60)(async () => {
    const answer = await fetch(members, { headers: { authorization: `Bearer ${token}` } });
    // a notification to a team goes to those whom the catalog has in it at that moment
    expect(await answer.text()).toContain('user:default/ann');
  });
  alertmanager.alerts = [firing('burns', { service: 'chat', namespace: 'models', owner: 'team-a' })];
  await within(60)(async () => expect(mails).not.toEqual([]));
  expect(mails).toHaveLength(1);
  const [{ from, to, text }] = mails as [Mail];
  expect([from, to]).toEqual(['portal@example.com', ['ann@example.com']]);
  expect(text).toMatch(/^Subject: chat is slow\.\r?$/m);
  expect(text).toContain(`${portal.url}/fairway/alerts`);
});
