import type { errorTexts } from '@fairway/service/reasons/errors';

/** What errors say around their own words, in Simplified Chinese. Words of other programs stand in quotes, as they were said. */
export const errorReasonsChinese: Record<keyof typeof errorTexts, string> = {
  'list.lines': '{{first}}\n{{second}}',

  'tool.failed': '{{tool}}：{{request}} 失败。',
  'tool.failedSaying': '{{tool}}：{{request}} 失败：“{{words}}”。',
  'tool.failedSo': '{{tool}}：{{request}} 失败：{{sentence}}',
  'tool.ended': '{{tool}}：{{request}} 失败（{{status}}）。',
  'tool.endedSaying': '{{tool}}：{{request}} 失败（{{status}}）：“{{words}}”。',
  'tool.endedSo': '{{tool}}：{{request}} 失败（{{status}}）：{{sentence}}',

  'outside.engine': '引擎',
  'outside.gateway': '网关',
  'outside.inferenceEndpoint': '推理端点',
  'outside.issuer': '签发者',
  'outside.logStore': '日志存储',
  'outside.modelHub': '模型库',
  'outside.portal': '门户',
  'outside.registry': '镜像仓库',
  'outside.tokenCommand': '令牌命令',
  'outside.tokenEndpoint': '令牌端点',

  'request.weights': '设置 {{service}} 的权重',

  'system.fault': '{{path}}：{{fault}}（{{call}}：{{errno}}）。',
  'system.machine': '这台机器',
  'system.folderGone': '运行所在的文件夹已不存在。请切换到一个存在的文件夹。',
  'system.diskFull': '磁盘已满。请腾出空间并再次运行；已完成的内容已保存',
  'system.diskQuota': '磁盘配额已用完。请腾出空间并再次运行；已完成的内容已保存',
  'system.readOnly': '文件系统是只读的。请使用可写的文件夹',
  'system.denied': '此用户无权这样做。请更改权限，或以所有者身份运行',
  'system.folderForFile': '应为文件的位置是一个文件夹。请将其移走',
  'system.fileForFolder': '应为文件夹的位置是一个文件。请将其移走',
  'system.circle': '其符号链接形成了循环。请更正',
  'system.openFiles': '打开的文件太多。请提高限制（ulimit -n）',
  'system.openFilesOfAll': '这台机器上打开的文件太多',
  'system.diskBroken': '无法读写磁盘。请检查磁盘',
};
