import type { pushTexts } from '@fairway/service/reasons/stages/push';

/** What the stage `push` says, in Simplified Chinese. */
export const pushChinese: Record<keyof typeof pushTexts, string> = {
  'push.signed':
    '已推送 {{image}}，摘要为 {{digest}}，新增 {{blobs}} 个 blob，共 {{size}} MB，附加了 {{documents}} 份文档，并签署了 {{statements}} 份相关声明。',
  'push.unsigned':
    '已推送 {{image}}，摘要为 {{digest}}，新增 {{blobs}} 个 blob，共 {{size}} MB，附加了 {{documents}} 份文档，未签名。',
};
