import type { ReleaseTexts } from './release-english.ts';

export const releaseChinese: ReleaseTexts = {
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
