import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../../../test/fixtures/aws-authorization.ts';
import { awsClusterToken } from './cluster-token.ts';

test.each([undefined, 'session/+=='])("is the address that AWS's own signer makes, session %s", async sessionToken => {
  const [region, now] = ['eu-central-1', new Date('2026-11-28T12:34:56.789Z')];
  const credentials = {
    accessKeyId: 'AKIDRIGHT',
    secretAccessKey: 'right-secret',
    ...(sessionToken && { sessionToken }),
  };
  const host = `sts.${region}.amazonaws.com`;
  const signer = new SignatureV4({ region, service: 'sts', credentials, sha256: Sha256 });
  const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const expected = await signer.presign(
    {
      ...{ method: 'GET', protocol: 'https:', hostname: host, path: '/', query },
      headers: { host, 'x-k8s-aws-id': 'production' },
    },
    { signingDate: now, expiresIn: 60 },
  );
  const token = await awsClusterToken('production', region, credentials, now);
  // as `aws eks get-token` writes it: no padding
  expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
  const url = new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
  expect(url.host).toBe(host);
  expect(Object.fromEntries(url.searchParams)).toEqual(expected.query);
});
