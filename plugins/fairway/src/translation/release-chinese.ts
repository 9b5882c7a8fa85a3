import type { ReleaseTexts } from './release-english.ts';

export const releaseChinese: ReleaseTexts = {
  'releases.running': '正在发布 {{candidate}}：第 {{step}} 步，共 {{steps}} 步，获得 {{weight}} % 的流量',
  'releases.judged': '正在判定该步骤。',
  'releases.pausedBy': '{{by}} {{at}}暂停了发布。在有人恢复之前其份额保持不变，除非它未达到某个目标：那时用户将回退。',
  'releases.promotedBy': '{{by}} {{at}}提升了它：无论各步骤的判定如何，它都将获得全部流量。',
  'releases.abortedBy': '{{by}} {{at}}中止了它：所有用户回到 {{stable}}，发布结束。',
  'releases.notHeard': '发布程序尚未收到该请求。',
  'releases.pause': '暂停',
  'releases.pauseOf': '暂停集群 {{cluster}} 命名空间 {{namespace}} 中 {{candidate}} 的发布',
  'releases.resume': '恢复',
  'releases.resumeOf': '恢复集群 {{cluster}} 命名空间 {{namespace}} 中 {{candidate}} 的发布',
  'releases.promote': '提升 {{candidate}}',
  'releases.promoteOf': '提升集群 {{cluster}} 命名空间 {{namespace}} 中的 {{candidate}}',
  'releases.promoteConfirm':
    '集群 {{cluster}} 命名空间 {{namespace}} 中 {{service}} 的所有用户都将使用 {{candidate}}，它目前有 {{weight}} % 的用户。{{stable}} 在没有用户的情况下再保留一段时间，以便回退。',
  'releases.promoteThen': '剩余的步骤不再判定 {{candidate}}。此次交付以“无定论”结束，并记下您的名字。',
  'releases.abort': '中止：回到 {{stable}}',
  'releases.abortOf': '中止集群 {{cluster}} 命名空间 {{namespace}} 中 {{candidate}} 的发布：回到 {{stable}}',
  'releases.abortConfirm':
    '集群 {{cluster}} 命名空间 {{namespace}} 中 {{service}} 的发布将结束。{{candidate}} 失去其 {{weight}} % 的用户，{{stable}} 获得全部用户。',
  'releases.abortThen': '不会中断任何回答。{{candidate}} 的交付以“无定论”结束，并记下您的名字；要发布它，请重新交付。',
  'releases.noStable': '{{stable}} 没有就绪的 Pod，因此无法中止此次发布：没有可以回退的版本。',
  'releases.brokeOff': '{{service}} 的一次发布中断了：{{candidates}}',
  'releases.candidate': '{{revision}} 获得 {{weight}} % 的流量',
  'releases.heldBy': '{{holder}} {{since}}取得租约，最近一次续约在{{renewed}}。已发布的版本是 {{released}}。',
  'releases.noWayBack': '没有可以回退到的就绪版本：请重新交付。',
  'releases.goBack': '回退到 {{to}}',
  'releases.goBackOf': '在集群 {{cluster}} 的命名空间 {{namespace}} 中回退到 {{to}}',
  'releases.confirm': '集群 {{cluster}} 命名空间 {{namespace}} 的 {{service}} 将对所有用户从 {{from}} 切换到 {{to}}。',
  'releases.then':
    '不会中断任何回答。{{from}} 在没有用户的情况下再保留一段时间，时长由 fairway.yaml 的 release.keep 决定。',
  'releases.cancel': '取消',
  'releases.failed': '操作未成功',
  'releases.done': '{{revision}} 获得全部流量，{{from}} 不再有流量。',
  'releases.off':
    '本门户不调整集群 {{cluster}} 上的流量。管理员可在 fairway.clusters 中为该集群设置 actions: true，并应用角色 kubernetes/actions-role.yaml 来启用。在此之前，请在服务目录中运行 fairway rollback。',
  'releases.notAllowed': '回退需要权限 fairway.release.rollback。',
};
