/** What is wrong with keys and tokens, and with the services that give them. */
export const keyTexts = {
  'key.unknownAddress': 'it begins with {{scheme}} and is no address of a key that is known here.',
  'key.addresses':
    'An address is awskms:///<ARN of a key or an alias>, gcpkms://projects/…/locations/…/keyRings/…/cryptoKeys/…/cryptoKeyVersions/<number>, azurekms://<vault>.vault.azure.net/<key>/<version> or hashivault://<key>.',
  'key.using': 'using the key {{key}}',
  'key.noVault': 'its address or its token is missing.',
  'key.giveVault': 'Give vault-address and vault-token, or set VAULT_ADDR and VAULT_TOKEN.',
  'key.noJson': 'the answer is no JSON.',
  'key.otherAnswers': 'Something else answers there.',
  'key.reach': 'The runner needs a way to {{tool}}: check the address of the key.',
  'key.absent': '{{tool}} has no key {{key}}: check signing-key.',
  'key.denied': 'The job needs a valid login at {{tool}}, and {{permissions}} for the key {{key}}.',
  'key.vaultRights': 'read on {{read}} and update on {{update}}',
  'key.later': '{{tool}} cannot answer now: run the job again later.',
  'key.enable': 'The key {{key}} must be enabled and made to sign with ECDSA on P-256 and SHA-256.',
  'key.otherSignature': 'the signature that was given is not by its public key.',
  'key.mustSign': 'The key must sign with ECDSA on P-256 and SHA-256.',
  'key.unreadable': 'its public key cannot be read: {{words}}.',
  'key.type': 'it is of the type {{type}}.',
  'key.typeFor': 'it is of the type {{type}} for {{use}}.',
  'key.give': 'Give a key that is made to sign with ECDSA on P-256.',
  'key.azure': 'AZURE_CLIENT_ID must name an identity with a federated credential for this pod or run.',

  'token.unreadable': 'it cannot be read.',
  'token.empty': 'it has nothing where a token and nothing else should be.',
  'token.several': 'it has more than one word where a token and nothing else should be.',
  'token.command': 'It runs in sh and has to print a token and nothing else.',
  'token.asking': 'asking for a token for the cluster "{{cluster}}"',
  'token.none': 'there was none.',
  'token.aws':
    'Give the portal an identity that the SDK of AWS finds, or one under aws in the app-config, which may take the role that is named.',
  'token.google':
    'Give the portal a service account by workload identity, or by kubernetes.googleServiceAccountCredentials in the app-config.',
  'token.azure': 'Give the portal a workload identity or a managed identity, and let it use the cluster.',
  'aws.none': 'it printed no credentials.',
  'aws.set':
    'Requests to AWS are signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which are not set, or with what the AWS command line 2 finds. Set them, as aws-actions/configure-aws-credentials does, or install it.',
} as const;
