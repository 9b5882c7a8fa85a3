import type { releaseTexts } from '@fairway/service/reasons/stages/release';

/** What the stage `release` says, in Simplified Chinese. */
export const releaseChinese: Record<keyof typeof releaseTexts, string> = {
  'release.passed': '{{revision}} 获得全部流量。',
  'release.passedAnd': '{{revision}} 获得全部流量；{{then}}。',
  'release.staysInFolder': '{{revision}} 保留以供回退，直到 {{folder}} 再次被渲染',
  'release.stays': '{{revision}} 保留 {{minutes}} 分钟以供回退',
  'release.staysForStreams': '{{revision}} 保留 {{minutes}} 分钟，以完成它正在应答的流',
  'release.went': '{{revisions}} 已移除',
  'release.unjudged': '{{by}} 在流量为 {{weight}} % 时提升了 {{revision}}，因此没有结论说明它达到了目标。',

  'release.frozen':
    '未发布任何内容：{{until}} 之前不得发布（“{{why}}”）。该版本保持就绪，但没有用户；请在此之后重新交付，或给出输入 during-freeze。',
  'release.nothing': '未发布任何内容：{{problem}}。',
  'release.missing': '{{missing}}。请重新交付，使证据针对此镜像',
  'release.stageStale': '{{stage}} 早于它所判定的内容',
  'release.stageVerdict': '{{stage}} 的结论是{{verdict}}',
  'release.stageNotRun': '{{stage}} 尚未运行',
  'verdict.of.pass': '通过',
  'verdict.of.fail': '失败',
  'verdict.of.inconclusive': '无定论',
  'verdict.of.skipped': '已跳过',
  'release.otherImage': '记录针对的是 {{found}}，而不是 {{image}}',
  'release.otherVersion': '记录针对的是版本 {{found}}，而不是 {{revision}}',
  'release.noVersion': '版本 {{revision}} 不在 {{namespace}} 中：请先运行 deploy',
  'release.noRoute': '路由 {{route}} 中没有版本 {{revision}}：请先运行 mesh',
  'release.unseen': '将无法得知用户的情况：“{{words}}”',

  'release.stepped': '在流量为 {{weight}} % 时：{{objection}}。{{then}}。',
  'release.weightsStay': '流量保持不变（release.undecided），{{revision}} 获得 {{weight}} %',
  'release.gone': 'Deployment {{deployment}} 已不存在',
  'release.notReady': 'Deployment {{deployment}} 不再就绪',
  'release.blind': '无法得知用户的情况：“{{words}}”',
  'release.gatewayFailed': '网关自身有 {{requests}} 个请求失败，这不能说明该版本的情况',
  'release.firstError': '{{objection}}；第一个错误：“{{words}}”',
  'release.bad': '未达到 {{objective}}：{{answers}} 个应答中有 {{share}} 失败，允许 {{allowed}}',
  'release.slow': '未达到 {{objective}}：{{answers}} 个应答中有 {{share}} 超过 {{limit}} ms，允许 {{allowed}}',
  'release.slower':
    '未达到 {{objective}}：{{answers}} 个应答中有 {{share}} 超过 {{pace}} ms（正在服务的版本保持在 {{ofStable}} ms），允许 {{allowed}}',
  'release.limited': '无法判定 {{objective}}：“{{limitation}}”',
  'release.undecided': '{{answers}} 个应答不足以判定 {{objective}}，其中 {{bad}} 个失败',
  'release.undecidedYet': '{{answers}} 个应答不足以判定 {{objective}}，其中 {{bad}} 个失败，大约 {{needed}} 个才能判定',
};
