import type { buildTexts } from '@fairway/service/reasons/stages/build';

/** What the stage `build` says, in Simplified Chinese. */
export const buildChinese: Record<keyof typeof buildTexts, string> = {
  'build.passed': '已构建 {{image}}（{{size}} MB）。',
  'build.passedCached': '已构建 {{image}}（{{size}} MB，{{steps}} 个步骤中有 {{cached}} 个来自缓存）。',
  'build.root': '镜像以 root 运行，Pod 不接受：请在 Dockerfile 末尾指定数字用户，例如 USER 65532:65532。',
  'build.namedUser': '镜像的用户“{{user}}”是名称，Pod 无法由此判断它是否为 root：请在 USER 中写出其数字编号。',
};
