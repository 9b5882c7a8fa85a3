import { readFile } from 'node:fs/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { tokenOfCommand } from '../bearer-token.ts';
import type { TokenSource } from '../bearer-token.ts';
import { send } from '../request.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Tokens for a resource of Azure: of the identity that a pod has by its environment (workload identity), else of whom the Azure command
 * line is logged in as, which azure/login does.
 * @param resource such as https://vault.azure.net
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow (third case)
 */
export function azureToken(resource: string, environment: Environment = process.env): TokenSource {
  const { AZURE_FEDERATED_TOKEN_FILE: file, AZURE_CLIENT_ID: client, AZURE_TENANT_ID: tenant } = environment;
  if (!file || !client || !tenant)
    return tokenOfCommand(`az account get-access-token --resource ${resource} --query accessToken --output tsv`);
  const authority = environment['AZURE_AUTHORITY_HOST'] ?? 'https://login.microsoftonline.com';
  return async () => {
    const text = await send({
      tool: 'Microsoft Entra',
      url: `${authority.replace(/\/+$/, '')}/${tenant}/oauth2/v2.0/token`,
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client,
        scope: `${resource}/.default`,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: (await readFile(file, 'utf8')).trim(),
      }),
      attempts: 3,
      advice: reasonOf('key.azure'),
    });
    return (JSON.parse(text) as { access_token: string }).access_token;
  };
}
