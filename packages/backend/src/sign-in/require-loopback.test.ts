import { ConfigReader } from '@backstage/config';
import { requireLoopback } from './require-loopback.ts';

const check = (listen: unknown) => () =>
  requireLoopback(new ConfigReader({ backend: listen === undefined ? {} : { listen: listen as string } }));

test.each([{ host: '127.0.0.1', port: 7007 }, '127.0.0.1:7007', { host: 'localhost' }])(
  'a guest may sign in at %j',
  listen => {
    expect(check(listen)).not.toThrow();
  },
);

test.each([
  [undefined, /every address/],
  [':7007', /every address/],
  [{ host: '0.0.0.0' }, /"0\.0\.0\.0".*backend\.listen\.host to 127\.0\.0\.1/],
  ['example.com:7007', /"example\.com"/],
])('but not at %j', (listen, message) => {
  expect(check(listen)).toThrow(message);
});
