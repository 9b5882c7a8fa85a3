import { AwsV4Signer } from 'aws4fetch';
import type { Unauthorized } from '../request.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsSigning {
  readonly region: string;
  /** As AWS names it: `aps` is its managed Prometheus. */
  readonly service: string;
  /** @param renew whether AWS has denied what was given last */
  credentials(renew: boolean): Promise<AwsCredentials>;
}

/** A request as AWS lets it in, by Signature Version 4: the address as it has to be sent, and the headers that it needs besides. */
export async function signForAws(
  { method, url, headers: given = {}, body }: Unauthorized,
  { region, service }: Pick<AwsSigning, 'region' | 'service'>,
  credentials: AwsCredentials,
  now: Date,
): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
  const sent = new URL(url);
  // forms write a space as +, which AWS takes for a plus
  sent.search = sent.search.replaceAll('+', '%20');
  const datetime = now.toISOString().replaceAll(/[:-]|\.\d+/g, '');
  // what AWS wants to be signed, and no more: a proxy may change the rest
  const signed = Object.entries(given).filter(([name]) => /^(content-type|x-amz-.*)$/i.test(name));
  const signer = new AwsV4Signer({
    ...{ method, url: sent.href, headers: Object.fromEntries(signed), body, region, service, datetime },
    ...credentials,
    allHeaders: true,
  });
  const { headers } = await signer.sign();
  return { url: sent.href, headers: Object.fromEntries(headers) };
}
