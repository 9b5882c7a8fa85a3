import type { prepareTexts } from '@fairway/service/reasons/stages/prepare';

/** What the stage `prepare` says, in Simplified Chinese. */
export const prepareChinese: Record<keyof typeof prepareTexts, string> = {
  'prepare.valid': '{{service}} 有效：{{engine}} 运行 {{model}}（{{parameters}} 个参数，{{type}}）。{{fit}}',
  'prepare.noGpu': '未申请 GPU。',
  'prepare.larger': '模型大于所申请的 GPU。{{fit}}',
  'prepare.shapeless':
    '无法判断 {{gpus}} × {{gpu}} 能否放下该模型：模型没有说明其层数、KV 头数和头维度（config.json、params.json 或 GGUF 头部）。请在 model.shape 中写明。',

  'prepare.noZstd':
    '可以运行这些 Pod 的节点都不能解压 zstd 层，这需要 containerd 1.5 或 Docker 23：{{node}} 运行 {{runtime}}。请更新节点，或将 image.compression 设为 gzip、none 或 estargz。',
  'prepare.someWithoutZstd':
    '{{all}} 个节点中有 {{number}} 个不能解压 zstd 层，这需要 containerd 1.5 或 Docker 23：{{node}} 运行 {{runtime}}。调度到那里的 Pod 无法启动：请指定其他节点（workload.nodeSelector），或将 image.compression 设为 gzip、none 或 estargz。',

  'prepare.secret':
    '源代码中有疑似机密信息：{{places}}。请将其移出该文件夹并吊销，因为它可能已进入历史记录和镜像；如果不是机密信息，请在该行或上一行写上“fairway:allow-secret <reason>”。',
  'prepare.secrets':
    '源代码中有 {{number}} 处疑似机密信息：{{places}}。请将其移出该文件夹并吊销，因为它们可能已进入历史记录和镜像；如果不是机密信息，请在该行或上一行写上“fairway:allow-secret <reason>”。',
  'prepare.looksLike': '{{place}}（疑似 {{kind}}）',
  'prepare.morePlaces': '{{places}}，另有 {{number}} 处',

  'prepare.loadTooSmall':
    '{{needs}}；{{sends}}。在 {{confidence}} % 的置信度下，更少的请求不可能通过。每秒 {{rate}} 个请求时，请在 `load` 下写 `maxSeconds: {{maxSeconds}}`，或不写：所有目标都得出结论后，负载测试会立即结束。更高的 `requestsPerSecond` 更快。',
  'prepare.loadTight':
    '{{objective}} 只有在 {{least}} 个请求全部达标时才能得出结论；{{sends}}。不达标的请求占比为允许值四分之一的服务，在 {{requests}} 个请求下十次中有九次通过：请在 `load` 下写 `maxSeconds: {{maxSeconds}}`，或不写：所有目标都得出结论后，负载测试会立即结束。',
  'prepare.loadTooSlow':
    '{{needs}}；{{sends}}。负载测试最长一天：如果服务能承受这么多请求，请在 `load` 下写 `requestsPerSecond: {{rate}}`，否则请降低目标。',
  'prepare.loadTightForDay':
    '{{objective}} 只有在 {{least}} 个请求全部达标时才能得出结论；{{sends}}。不达标的请求占比为允许值四分之一的服务，在 {{requests}} 个请求下十次中有九次通过，而负载测试最长一天：如果服务能承受这么多请求，请在 `load` 下写 `requestsPerSecond: {{rate}}`，否则请降低目标。',
  'prepare.sends': 'load 发送 {{requests}} 个（每秒 {{rate}} 个，共 {{seconds}} 秒）',
  'prepare.sendsToPart':
    'load 发送 {{requests}} 个（每秒 {{rate}} 个，共 {{seconds}} 秒，只发给 release.surge 有空间容纳的 {{pods}} 个 Pod，总共 {{replicas}} 个）',
  'prepare.needsNoError': '{{objective}} 需要 {{requests}} 个无错误的请求',
  'prepare.needsNoBad': '{{objective}} 需要 {{requests}} 个达标的请求',
  'prepare.needsNoSlow': '{{objective}} 需要 {{requests}} 个不超时的请求',
  'prepare.availability': '可用性 {{share}} %',
  'prepare.goodput': '有效吞吐（goodput）{{share}} %',
  'prepare.ttft': '首词元时间 p{{percentile}}',
  'prepare.itl': '词元间延迟 p{{percentile}}',
};
