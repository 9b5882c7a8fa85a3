import type { alertTexts } from './alerts.ts';
import type { monitorTexts } from './stages/monitor.ts';

/** What alerts say, in Simplified Chinese: for the pages of the portal and for its notifications. */
export const alertsChinese: Record<keyof typeof alertTexts, string> = {
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
  'alert.brokeOff': '{{service}} 的一次发布中断了：{{candidates}} 的流量。',
  'alert.fires': '{{cluster}} 上的 {{name}} 正在触发。',
  'alert.firesFor': '{{cluster}} 上 {{service}} 的 {{name}} 正在触发。',

  'alertWhy.budgetBurn': '最近几小时内 {{share}} 的事件不合格；目标长期允许 {{allowed}} %。',
  'alertWhy.someTargetsDown': '{{pods}} 个 Pod 没有应答，其余有应答。',
  'alertWhy.saturated': '{{requests}} 个请求在等待版本 {{revision}}；一个 Pod 同时服务 {{sequences}} 个。',
  'alertWhy.gpuError': '{{pod}} 的 GPU {{gpu}} 报告 Xid {{xid}}。',
  'alertWhy.targetDown': '没有 Pod 在运行，或都无法抓取；在抓取到之前，对引擎一无所知。',
  'alertWhy.gatewayDown': '没有代理在运行，或没有代理具有该服务的路由，或都无法抓取。',
  'alertWhy.certificate': '还剩 {{days}} 天。',
  'alertWhy.meshCertificate': '它将在 {{duration}} 后到期；此后所有请求都会失败。',
  'alertWhy.staleKeys': '半小时内 {{downloads}} 次下载失败，没有一次成功。',
  'alertWhy.releaseBrokeOff': '已有 {{duration}} 无人续租；其候选版本可能仍有用户。',
  'alertWhy.brokeOff':
    '{{holder}} 自 {{since}} 起持有租约，最后一次续租在 {{renewed}}。已发布的是 {{released}}。请回退，或重新交付。',
};

type ObjectiveCode = Extract<keyof typeof monitorTexts, `objective.${string}`>;

/** The objectives that alerts name. */
export const objectivesChinese: Record<ObjectiveCode, string> = {
  'objective.availability': '可用性',
  'objective.time-to-first-token': '首词元时间',
  'objective.inter-token-latency': '词元间延迟',
  'objective.goodput': '有效吞吐（goodput）',
  'objective.stream-duration': '流式应答时长',
};
