import { AwsV4Signer } from 'aws4fetch';
import type { AwsCredentials } from './sign.ts';

/** Seconds, as `aws eks get-token` signs it; the cluster takes the token for 15 minutes whatever is said here. */
const expires = 60;

/**
 * The token by which EKS lets an identity of AWS in: a signed address at which the cluster asks AWS who has signed it.
 * https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 * @param cluster its name, or another ID that its authenticator expects
 */
export async function awsClusterToken(
  cluster: string,
  region: string,
  credentials: AwsCredentials,
  now: Date,
): Promise<string> {
  const url = `https://sts.${region}.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires=${expires}`;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new AwsV4Signer({
    ...{ method: 'GET', url, headers: { 'x-k8s-aws-id': cluster }, service: 'sts', region, signQuery: true },
    ...{ datetime: now.toISOString().replaceAll(/[:-]|\.\d+/g, ''), accessKeyId, secretAccessKey, sessionToken },
  });
  const signed = await signer.sign();
  return `k8s-aws-v1.${Buffer.from(signed.url.href).toString('base64url')}`;
}
