import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { awsCredentials } from '../aws/credentials.ts';
import { tokenOfCommand } from '../bearer-token.ts';
import type { SigningKey } from '../sigstore/index.ts';
import { ToolError } from '../tool-error.ts';
import type { KeyAddress } from './address.ts';
import { awsKey } from './aws.ts';
import { azureKey } from './azure.ts';
import { azureToken } from './azure-token.ts';
import { googleKey } from './google.ts';
import { vaultKey } from './vault.ts';

export { keyAddress } from './address.ts';
export type { KeyAddress } from './address.ts';

/** Where Vault is, and what lets this side in; clouds have logins of their own. */
export interface VaultLogin {
  readonly url?: string;
  readonly token?: string;
}

/** Asks for the public key, by the login that the job has. @throws ToolError when it cannot be had, or is of another type than P-256 */
export async function openKey(address: KeyAddress, vault: VaultLogin, signal: AbortSignal): Promise<SigningKey> {
  switch (address.service) {
    case 'aws': {
      const login = { region: address.region, credentials: awsCredentials() };
      return awsKey(address.arn, { url: `https://${address.host}/`, login, signal });
    }
    case 'google': {
      const bearer = tokenOfCommand('gcloud auth application-default print-access-token');
      return googleKey(address.name, { url: 'https://cloudkms.googleapis.com', bearer, signal });
    }
    case 'azure': {
      // tokens are for all vaults: https://vault.azure.net, https://managedhsm.azure.net, and their like in other clouds
      const bearer = azureToken(`https://${address.host.replace(/^[^.]+\./, '')}`);
      return azureKey(address, { url: `https://${address.host}`, bearer, signal });
    }
    case 'vault': {
      const { url, token } = vault;
      if (!url || !token)
        throw new ToolError(
          'Vault',
          reasonOf('key.using', { key: `transit/${address.name}` }),
          undefined,
          reasonOf('key.noVault'),
          reasonOf('key.giveVault'),
        );
      return vaultKey(address.name, { url, token, signal });
    }
  }
}
