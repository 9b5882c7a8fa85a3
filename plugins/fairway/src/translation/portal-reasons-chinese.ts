import type { portalTexts } from '@fairway/service/reasons/portal';

/** What the backend of the portal says, in Simplified Chinese. */
export const portalReasonsChinese: Record<keyof typeof portalTexts, string> = {
  'pod.ending': '已收到终止请求，正在完成其流式响应。',
  'pod.endedSo': '已被终止：“{{words}}”。',
  'pod.endedSilently': '已被终止：集群未说明原因。',
  'pod.notPlaced': '调度器尚未为其分配节点。',
  'pod.notLookedAt': '调度器尚未处理它。',
  'pod.inQueue': '其命名空间的队列 {{queue}} 尚未准入它。',
  'pod.probed': '容器正在运行，尚未通过探针检查。',
  'pod.made': '正在创建容器。',
  'version.asleep': '已休眠：没有人请求时它没有 Pod。第一个请求会启动一个 Pod，并等待其就绪。',
  'cluster.without': '显示中不含 {{resources}}：{{words}}',
  'cluster.silent': '集群 {{cluster}} 已有 {{seconds}} 秒没有响应：请检查其地址以及到该集群的网络。',

  'catalog.owner':
    '所有者 {{owner}} 不是实体引用，因此目录把该服务归在未知的所有者之下。请在 fairway.yaml 中将 owner 写成名称（例如 team-hello）或 group:default/team-hello，然后重新交付。',
  'catalog.system':
    '系统 {{system}} 不是有效的实体名称，因此目录显示该服务时不带系统。请在 fairway.yaml 中用字母、数字和 - 书写 system（最多 63 个字符），然后重新交付。',

  'removal.unwatched': '无法得知 {{service}} 是否仍在 {{cluster}} 上运行：门户没有监视该集群。未移除任何内容。',
  'removal.silent':
    '无法得知 {{service}} 是否仍在运行：无法读取 {{clusters}}。未移除任何内容；请在所有集群都被监视后重试。',
  'removal.running': '{{service}} 在 {{clusters}} 中还有对象。请先在那里删除它们；未移除任何内容。',
  'removal.unknown': '门户中没有服务 {{service}}。',
  'removal.unknownThere': '门户中没有 {{cluster}} 上的服务 {{service}}。',

  'fit.limits': '集群 {{cluster}} 中命名空间 {{namespace}} 的 LimitRange 拒绝这些 Pod：{{why}}。',
  'fit.limitsUnseen':
    '无法得知集群 {{cluster}} 中该命名空间的 LimitRange 是否拒绝这些 Pod：门户看不到它们。请重新为其账户授予 kubernetes/cluster-role.yaml 中的角色。',

  'rollback.unseen': '门户在 {{cluster}} 上没有看到 {{service}} 的任何版本。',
  'rollback.off':
    '本门户不在 {{cluster}} 上切换流量。运维人员可在 fairway.clusters 中为该集群设置 actions: true，并应用角色 kubernetes/actions-role.yaml 来启用；在此之前请运行 fairway rollback。',
  'rollback.changed':
    '{{cluster}} 上的 {{service}} 已与您看到的不同：现在会从 {{from}} 回退到 {{to}}。没有切换任何流量；请重新查看。',
  'rollback.noneReady':
    '{{cluster}} 上的 {{service}} 已与您看到的不同：没有可以回退的就绪版本。没有切换任何流量；请重新查看。',

  'release.none': '目前没有 {{service}} 的发布在切换用户。',
  'release.other':
    '{{service}} 目前没有处于步骤中的发布：{{holder}} 因其他操作持有其租约，或者其候选版本还没有用户。没有提出任何请求。',
  'release.brokeOff':
    '{{holder}} 对 {{service}} 的发布中断了：最近一次续约在 {{renewed}}。没有提出任何请求；请回退或重新交付。',
  'release.changed': '{{service}} 现在发布的是 {{candidate}}，与您看到的不同。没有提出任何请求；请重新查看。',
  'release.promoted': '{{by}} 已经提升了 {{candidate}}。',
  'release.aborted': '{{by}} 已经中止了 {{candidate}} 的发布。',
  'release.noStable':
    '{{cluster}} 上 {{service}} 的 {{stable}} 没有就绪的 Pod，因此没有可以回退的版本。没有提出任何请求。',
  'release.ended': '{{holder}} 对 {{service}} 的发布已经结束；请重新查看。',
  'release.silent':
    '{{holder}} 对 {{service}} 的发布没有回应。它重新连上集群后会收到该请求；如果运行它的程序已不存在，请回退。',
  'release.off':
    '本门户不在 {{cluster}} 上切换流量。运维人员可在 fairway.clusters 中为该集群设置 actions: true，并应用角色 kubernetes/actions-role.yaml 来启用；在此之前请在服务的文件夹中运行 fairway release。',

  'again.noLogin':
    '本门户没有 {{origin}} 所在主机的登录凭据，因此无法重新运行它。请打开该页面并在那里重新运行；如果是从终端交付的，请在服务的文件夹中运行 fairway deliver。',
  'again.unreachable': '门户无法访问 {{origin}} 所在主机的 API（{{words}}）。没有运行任何内容。',
  'again.rejected':
    '{{origin}} 没有重新运行（{{status}}）：“{{words}}”。运行结束后 30 天内可以重新运行，且门户的登录凭据需要该仓库的 Actions: write 权限。没有运行任何内容。',

  'try.noAddress': '门户不知道 {{service}} 的可询问地址：mesh 阶段尚未运行。请交付该服务，并报告给此门户。',
  'try.denied': '网关不接受该令牌（401）。它可能已过期，或属于其他签发者或受众：请获取新的令牌。',
  'try.forbidden': '网关拒绝了该问题（403）：令牌没有与 {{model}} 对话的角色，或防火墙将该问题视为攻击。',
  'try.noModel':
    '{{address}} 处没有可与 {{model}} 对话的服务（404）：没有通往那里的路由，或正在服务的版本使用其他模型。',
  'try.limited': '该客户端已用尽限额（429）。请在 {{seconds}} 秒后重试。',
  'try.limitedLater': '该客户端已用尽限额（429）。请稍后重试。',
  'try.unreachable':
    '门户无法访问 {{address}}（{{words}}）。您自己的机器也许可以：请复制 curl 命令。如果门户应当能访问它，请检查其名称服务器和网络策略。',
  'try.late': '回答在 {{seconds}} 秒内没有结束，因此门户放弃了它。',
  'try.status': '服务以状态 {{status}} 应答。',
  'try.broken': '返回的不是完整的对话回答：它中断了，或在 {{address}} 应答的是其他程序。',

  'alert.over': '“{{source}}”现在没有指纹为“{{fingerprint}}”的触发中的告警。它可能已经恢复：请重新加载页面。',
  'alert.ours':
    '此告警由门户自己触发，因此没有 Alertmanager 可以将其静默。流量回到已发布的版本，或发布继续进行时，它就会结束。',
};
