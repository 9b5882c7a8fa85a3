import type { meshTexts } from '@fairway/service/reasons/stages/mesh';

/** What the stage `mesh` says, in Simplified Chinese. */
export const meshChinese: Record<keyof typeof meshTexts, string> = {
  'mesh.own': '按照策略（gateway.own），Pod 之前是另一个网关：“{{gateway}}”。',
  'mesh.passed': '在 {{url}} 的 {{probes}} 项探测全部通过。',
  'mesh.unproven': '交付所用的客户端没有具有以下角色的令牌：{{roles}}，因此没有探测能证明这些角色允许什么。',
  'mesh.counted':
    '{{engine}} 只向提出要求的客户端（stream_options.include_usage）说明一个流用了多少词元：其余的按事件计数，不含提示词。',
  'mesh.networkOpen':
    'NetworkPolicy 已被接受，但没有生效：一个不属于网关的 Pod 连接到了引擎。集群的网络插件没有执行它。',
  'mesh.networkOpenInMesh':
    'NetworkPolicy 已被接受，但没有生效：一个不属于网关的 Pod 建立了连接，随后被双向 TLS 终止。集群的网络插件没有执行它。',

  'mesh.noVersion': '版本 {{revision}} 不在集群中（没有 Service {{name}}）：请先运行 deploy。未应用任何内容。',
  'mesh.nothing': '{{why}}未应用任何内容。',
  'mesh.notRendered': '{{why}}未渲染任何内容。',
  'mesh.taken': '未应用任何内容：{{taken}}。',
  'mesh.noProbeImage':
    '{{service}} 通过 {{field}} 要求只有其网关能访问它的 Pod，但输入 probe-image 没有指定 services/mesh-probe 的镜像，因此无法证明这一点。请指定一个集群能够拉取的镜像，或从 fairway.yaml 中去掉 {{field}}。未应用任何内容。',
  'mesh.denied': '网关不接受这些对象：{{words}}。',
  'mesh.untried': '无法测试除网关之外是否还有谁能访问该版本。{{words}}',
  'mesh.failed': '{{probes}} 项探测中有 {{held}} 项通过：{{failed}}。',
  'mesh.gave': '“{{probe}}”应得到“{{expected}}”，实际得到“{{seen}}”',
  'mesh.removed': '这些对象已被移除。',
  'mesh.putBack': '已恢复原来的对象。',
};
