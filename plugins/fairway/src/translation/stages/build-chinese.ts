import type { buildTexts } from '@fairway/service/reasons/stages/build';

/** What the stage `build` says, in Simplified Chinese. */
export const buildChinese: Record<keyof typeof buildTexts, string> = {
  'build.passed': '已构建 {{image}}（{{size}} MB）。',
  'build.passedCached': '已构建 {{image}}（{{size}} MB，{{steps}} 个步骤中有 {{cached}} 个来自缓存）。',
  'build.root': '镜像以 root 运行，Pod 不接受：请在 Dockerfile 末尾指定数字用户，例如 USER 65532:65532。',
  'build.namedUser': '镜像的用户“{{user}}”是名称，Pod 无法由此判断它是否为 root：请在 USER 中写出其数字编号。',
  'build.otherProcessor':
    '镜像是为 {{architecture}} 构建的，而{{nodes}}的处理器是 {{wanted}}。请在带有该处理器的机器上构建，例如标签为 ubuntu-24.04-arm 的 runner，或使用 FROM --platform=linux/{{wanted}} 和模拟器。',
  'build.nodesOfClass': '带有 {{gpu}} 的节点',
  'build.nodesSelected': '带有标签 {{label}} 的节点',
};
