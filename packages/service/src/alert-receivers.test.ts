import { parseAlertReceivers } from './alert-receivers.ts';

const both = '{ page: { webhook: [{ url: https://hooks.example.com/p }] }, ticket: { email: [team@example.com] } }';
const smtp = 'smtp: { server: mail.example.com:587, from: alerts@example.com }';

test('receivers are read by owner and severity', () => {
  const {
    others,
    owners,
    smtp: server,
  } = parseAlertReceivers(`${smtp}\nothers: ${both}\nowners: { team-hello: ${both} }`, 'receivers.yaml');
  expect(server?.tls).toBe(true);
  expect(others.page).toEqual({ email: [], webhook: [{ url: 'https://hooks.example.com/p' }] });
  expect(owners['team-hello']?.ticket.email).toEqual(['team@example.com']);
});

test.each([
  ['others: [', 'receivers.yaml: This is no YAML'],
  [`others: ${both}`, '`others` has e-mail addresses, and `smtp` is missing'],
  ['others: { page: {}, ticket: {} }', '`others.page`: must name at least one email or webhook'],
  [`${smtp}\nothers: ${both.replace('team@example.com', 'team')}`, 'must be an e-mail address'],
  [`${smtp}\nothers: ${both.replace('https', 'ftp')}`, '`others.page.webhook.0.url`: must be an http or https address'],
  [`${smtp.replace(' }', ', username: u }')}\nothers: ${both}`, '`smtp.username` needs `smtp.passwordFile`'],
  [`others: ${both}\nowner: {}`, 'Unrecognized key: "owner"'],
])('%s is a mistake to correct', (text, sentence) => {
  expect(() => parseAlertReceivers(text, 'receivers.yaml')).toThrow(sentence);
});
