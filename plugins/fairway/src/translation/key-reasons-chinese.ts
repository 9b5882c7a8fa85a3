import type { keyTexts } from '@fairway/service/reasons/keys';

/** What is wrong with keys and tokens, and with the services that give them, in Simplified Chinese. */
export const keyReasonsChinese: Record<keyof typeof keyTexts, string> = {
  'key.unknownAddress': '它以 {{scheme}} 开头，不是这里已知的密钥地址。',
  'key.addresses':
    '地址的形式为 awskms:///<密钥或别名的 ARN>、gcpkms://projects/…/locations/…/keyRings/…/cryptoKeys/…/cryptoKeyVersions/<编号>、azurekms://<vault>.vault.azure.net/<密钥>/<版本> 或 hashivault://<密钥>。',
  'key.using': '使用密钥 {{key}}',
  'key.noVault': '缺少它的地址或令牌。',
  'key.giveVault': '请提供 vault-address 和 vault-token，或设置 VAULT_ADDR 和 VAULT_TOKEN。',
  'key.noJson': '应答不是 JSON。',
  'key.otherAnswers': '那里有其他程序在应答。',
  'key.reach': '运行器需要能访问 {{tool}}：请检查密钥的地址。',
  'key.absent': '{{tool}} 没有密钥 {{key}}：请检查 signing-key。',
  'key.denied': '作业需要在 {{tool}} 有有效的登录，并对密钥 {{key}} 具有以下权限：{{permissions}}。',
  'key.vaultRights': '{{read}} 的 read，以及 {{update}} 的 update',
  'key.later': '{{tool}} 现在无法应答：请稍后再次运行作业。',
  'key.enable': '密钥 {{key}} 必须已启用，并用于以 P-256 曲线的 ECDSA 和 SHA-256 签名。',
  'key.otherSignature': '所给的签名不是由其公钥对应的密钥签署的。',
  'key.mustSign': '密钥必须以 P-256 曲线的 ECDSA 和 SHA-256 签名。',
  'key.unreadable': '无法读取其公钥：“{{words}}”。',
  'key.type': '它的类型是 {{type}}。',
  'key.typeFor': '它的类型是 {{type}}，用途是 {{use}}。',
  'key.give': '请提供用于以 P-256 曲线的 ECDSA 签名的密钥。',
  'key.azure': 'AZURE_CLIENT_ID 必须指定一个对此 Pod 或此次运行具有联合凭据的身份。',

  'token.unreadable': '无法读取它。',
  'token.empty': '它是空的，而那里应有一个令牌且别无其他。',
  'token.several': '它有不止一个单词，而那里应有一个令牌且别无其他。',
  'token.command': '它在 sh 中运行，必须打印一个令牌且别无其他。',
  'token.asking': '为集群“{{cluster}}”申请令牌',
  'token.none': '没有得到令牌。',
  'token.aws': '请给门户一个 AWS 的 SDK 能找到的身份，或 app-config 的 aws 下的身份，它可以承担所指定的角色。',
  'token.google':
    '请通过工作负载身份给门户一个服务账号，或用 app-config 的 kubernetes.googleServiceAccountCredentials 指定。',
  'token.azure': '请给门户一个工作负载身份或托管身份，并允许它使用该集群。',
  'aws.none': '它没有打印凭据。',
  'aws.set':
    '对 AWS 的请求用 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY（未设置）签名，或用 AWS 命令行 2 找到的凭据签名。请像 aws-actions/configure-aws-credentials 那样设置它们，或安装该命令行。',
};
