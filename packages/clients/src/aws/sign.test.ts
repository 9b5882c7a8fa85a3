import { signForAws } from './sign.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const sessionToken =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';
const unreserved = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

// AWS's own test suite for Signature Version 4 (awslabs/aws-c-auth, tests/aws-signing-test-suite/v4), by the names of its folders
test.each([
  ['get-vanilla', 'GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'get-vanilla-query-order-key-case',
    'GET',
    '/?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  [
    'get-vanilla-query-order-encoded',
    'GET',
    '/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1',
    '371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac',
  ],
  [
    'get-vanilla-query-unreserved',
    'GET',
    `/?${unreserved}=${unreserved}`,
    '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  ],
])('%s', async (_name, method, path, signature) => {
  expect(await signature4(method, path, credentials)).toEqual(['host;x-amz-date', signature]);
});

test('post-sts-header-before', async () => {
  expect(await signature4('POST', '/', { ...credentials, sessionToken })).toEqual([
    'host;x-amz-date;x-amz-security-token',
    '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
  ]);
});

test('post-x-www-form-urlencoded', async () => {
  const sent = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Param1=value1' };
  expect(await signature4('POST', '/', credentials, sent)).toEqual([
    'content-type;host;x-amz-date',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ]);
});

test('a space is sent as %20, because AWS takes + for a plus', async () => {
  const query = new URLSearchParams({ query: 'sum(rate(a[5m])) + 1' });
  const { url } = await signForAws(
    { method: 'GET', url: `https://example.amazonaws.com/api/v1/query?${query}` },
    { region: 'us-east-1', service: 'aps' },
    credentials,
    new Date(),
  );
  expect(url).toBe('https://example.amazonaws.com/api/v1/query?query=sum%28rate%28a%5B5m%5D%29%29%20%2B%201');
});

async function signature4(
  method: string,
  path: string,
  of: typeof credentials & { sessionToken?: string },
  sent: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
) {
  const { headers } = await signForAws(
    { method, url: `https://example.amazonaws.com${path}`, ...sent },
    { region: 'us-east-1', service: 'service' },
    of,
    new Date('2015-08-30T12:36:00Z'),
  );
  const [, signed, signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/service\/aws4_request, SignedHeaders=(.*), Signature=(.*)$/.exec(
      headers['authorization'] ?? '',
    ) ?? [];
  return [signed, signature];
}
