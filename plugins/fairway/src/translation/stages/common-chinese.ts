import type { commonTexts } from '@fairway/service/reasons/stages/common';

/** What several stages say, in Simplified Chinese. Words of other programs stand in quotes, as they were said. */
export const commonChinese: Record<keyof typeof commonTexts, string> = {
  'list.comma': '{{first}}、{{second}}',
  'list.then': '{{first}}{{second}}',
  'stage.at': '{{place}}：{{sentence}}',
  'stage.ended': '{{sentence}}。',
  'stage.fault': '内部错误：“{{words}}”。',

  'podCount.one': '1 个 Pod',
  'podCount.many': '{{number}} 个 Pod',

  'smoke.elsewhere': '{{host}} 处的守护进程在另一台机器上，从这里无法访问其容器',
  'smoke.noGpu': '服务需要 GPU，而此 Docker 守护进程没有“nvidia”运行时',
  'smoke.endedAtOnce': '容器立即结束了。',
  'smoke.killed': '它因使用的内存超过 resources.memory 的限制而被终止。',
  'smoke.ended': '它结束了，退出码为 {{exitCode}}。',
  'smoke.unhealthy': '{{seconds}} 秒后 {{url}} 仍不健康（{{last}}）。',
  'smoke.deaf': '它没有监听',
  'smoke.answered': '其最后一次响应为 {{status}}',
  'smoke.noModel': '模型既不在镜像中，也不在服务的文件夹中',

  'traffic.taken':
    '{{holder}} 正在更改用户访问的 {{service}} 版本：它自 {{since}} 起持有租约 {{lease}}，最近一次续约在 {{renewed}}。请等待其结束，或取消它；被取消的发布会自行回退',
  'traffic.none': '没有可以回退的版本',
  'traffic.others': '没有回退任何流量，因为 {{holder}} 正在切换 {{service}} 的流量',
  'traffic.back': '{{revision}} 重新获得全部流量',

  'back.taken': '未切换任何流量：{{taken}}。',
  'back.gone':
    '{{service}} 的{{version}}已不在 {{namespace}} 中；那里有 {{there}}。请重新交付其提交：已构建和扫描的内容会被重用。',
  'back.version': '版本 {{revision}} ',
  'back.before': '上一个版本',
  'back.none': '没有已发布的版本',
  'back.notReady': '{{service}} 的版本 {{revision}} 未就绪，因此未切换任何流量。请查看 Deployment {{deployment}}。',
  'back.surge':
    '{{service}} 的一次发布已逐个替换了 {{revision}} 的 Pod（release.surge）；只有 `fairway rollback` 知道有多少个的空间。未切换任何流量。',

  'folder.of': '{{repository}} 的 {{folder}}',
  'folder.lacks': '{{seconds}} 秒后集群中仍没有 {{place}} 中的内容：{{objects}}。{{then}}',
  'folder.more': '{{objects}}；另有 {{number}} 个',
  'folder.absent': '{{object}} 不存在',
  'folder.ending': '{{object}} 正在被移除',
  'folder.differs': '{{object}} 的 {{field}} 不同',
  'folder.push': '请提交并推送该文件夹，查看其控制器（Application 或 Kustomization）的报告，然后重新交付；文件会保留。',
  'folder.look': '请查看 {{pull}} 是否已合并，然后再次运行交付，交付会从这里继续。{{words}}',
  'folder.open': '拉取请求 {{pull}} 正在等待：请合并它并再次运行交付，交付会从这里继续。',
  'folder.closed': '拉取请求 {{pull}} 已关闭且未合并：请重新交付，以打开另一个拉取请求。',
  'folder.merged': '拉取请求 {{pull}} 已合并：请查看控制器（Application 或 Kustomization）的报告，然后重新交付。',
  'folder.pushed':
    '{{repository}} 的分支 {{branch}} 已有这些文件：请查看控制器（Application 或 Kustomization）的报告，然后重新交付。',
  'folder.stays': '只要 {{place}} 中还有这些对象，它们就会保留：请在那里撤销更改，或重新交付。',
};
