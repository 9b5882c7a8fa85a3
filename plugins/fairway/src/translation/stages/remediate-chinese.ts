import type { remediateTexts } from '@fairway/service/reasons/stages/remediate';

/** What the stage `remediate` says, in Simplified Chinese. */
export const remediateChinese: Record<keyof typeof remediateTexts, string> = {
  'remediate.nothing': '没有需要修复的内容。',
  'remediate.fixedAtOnce': '尝试 1 次，修复了 {{findings}} 个发现；{{proof}}。',
  'remediate.fixed': '尝试 {{attempts}} 次，修复了 {{findings}} 个发现；{{proof}}。',

  'remediate.oneLeft': '还剩 1 个发现',
  'remediate.left': '还剩 {{number}} 个发现',
  'remediate.spent': '尝试 {{attempts}} 次后{{left}}；请允许更多次尝试，或查看 fix-plan.json。',
  'remediate.unfixed': '{{left}}：{{what}}。请在 Dockerfile 中修复，或在 scan.exceptions 中限期接受。',
  'remediate.notNow': '{{package}} 目前无法修复：{{because}}',
  'remediate.removable':
    '{{package}} 目前无法修复：{{because}}；没有其他软件包需要它：如果服务也不使用它，“{{command}}”可将其移除',
  'remediate.more': '{{what}}；fix-plan.json 中还有 {{number}} 个',

  'remediate.answers': '打过补丁的镜像 {{image}} 仍能应答',
  'remediate.silent': '打过补丁的镜像不再提供服务：{{words}}',
  'remediate.broken': '打过补丁的镜像已损坏：“{{check}}”在打补丁之前通过，现在不通过（“{{words}}”）。',
  'remediate.untried':
    '镜像已打补丁，但无法测试它是否仍然可用：{{obstacle}}，而且它的程序在缺少所需环境时都不能运行（{{programs}}）。',
  'remediate.programs':
    '打过补丁的镜像中的程序与之前行为一致（{{checks}}），这不如一次应答有说服力：{{obstacle}}，因此集群上的负载测试将首次向它提问',
  'remediate.failed': '{{check}}：“{{words}}”',
  'remediate.unasked':
    'remediate 升级了其镜像中的软件包（{{packages}}），而当时引擎无法运行，不能向它提问。如果原因是其中之一，请限期接受它的发现：remediate 的摘要中有用于 scan.exceptions 的行。',
};
