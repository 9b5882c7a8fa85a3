import type { alertTexts } from '@fairway/service/reasons/alerts';

/** What the alerts that `monitor` writes say of a service, in Simplified Chinese. */
export const alertReasonsChinese: Record<keyof typeof alertTexts, string> = {
  'alert.budgetBurn': '{{service}} 消耗“{{objective}}”的错误预算过快。',
  'alert.someTargetsDown': '{{service}} 的部分 Pod 不应答 Prometheus。',
  'alert.saturated': '等待 {{service}} 某个版本的请求多于它能同时服务的数量。',
  'alert.gpuError': '{{service}} 的一个 GPU 报告了错误。',
  'alert.targetDown': '{{service}} 没有 Pod 应答 Prometheus。',
  'alert.gatewayDown': '为 {{service}} 提供服务的网关没有代理应答 Prometheus。',
  'alert.certificate': '{{service}} 的网关有一个证书即将到期。',
  'alert.meshCertificate': '网关访问 {{service}} 所用的证书没有更新。',
  'alert.staleKeys': '{{service}} 的网关无法下载令牌签发者的密钥。',
  'alert.releaseBrokeOff': '{{service}} 的一次发布中断了。',
};
