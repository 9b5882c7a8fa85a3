import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { runProgram } from '../run-program.ts';
import { ToolError } from '../tool-error.ts';
import type { AwsCredentials } from './sign.ts';

/** Milliseconds before their end at which credentials are asked for anew, and for which those without an end are used. */
const margin = 300_000;
const timeout = 60_000;

interface Exported {
  readonly AccessKeyId?: string;
  readonly SecretAccessKey?: string;
  readonly SessionToken?: string;
  readonly Expiration?: string;
}

/**
 * Credentials as AWS's own tools find them: those of the environment, as aws-actions/configure-aws-credentials sets them, else what its
 * command line finds: web identity, profiles, single sign-on, the role of a machine or a pod.
 * @param environment read anew each time
 */
export function awsCredentials(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): (renew: boolean) => Promise<AwsCredentials> {
  let known: { readonly credentials: AwsCredentials; readonly until: number } | undefined;
  return async renew => {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = environment;
    if (id && secret) return { accessKeyId: id, secretAccessKey: secret, ...(token ? { sessionToken: token } : {}) };
    if (!known || renew || Date.now() > known.until) known = await exported(environment);
    return known.credentials;
  };
}

async function exported(environment: Readonly<Record<string, string | undefined>>) {
  const parameters = ['configure', 'export-credentials', '--format', 'process'];
  const text = await runProgram({
    tool: 'aws',
    program: 'aws',
    parameters,
    folder: '.',
    environment,
    lastLines: 5,
    advice: reasonOf('aws.set'),
    signal: AbortSignal.timeout(timeout),
  });
  const found = parsed(text);
  if (!found.AccessKeyId || !found.SecretAccessKey)
    throw new ToolError('aws', ['aws', ...parameters].join(' '), undefined, reasonOf('aws.none'));
  return {
    credentials: {
      accessKeyId: found.AccessKeyId,
      secretAccessKey: found.SecretAccessKey,
      ...(found.SessionToken ? { sessionToken: found.SessionToken } : {}),
    },
    until: found.Expiration ? Date.parse(found.Expiration) - margin : Date.now() + margin,
  };
}

/** What it printed is a secret, so that a fault says nothing of it. */
function parsed(text: string): Exported {
  try {
    return JSON.parse(text) as Exported;
  } catch {
    return {};
  }
}
