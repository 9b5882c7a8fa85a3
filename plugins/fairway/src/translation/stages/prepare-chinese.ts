import type { prepareTexts } from '@fairway/service/reasons/stages/prepare';

/** What the stage `prepare` says, in Simplified Chinese. */
export const prepareChinese: Record<keyof typeof prepareTexts, string> = {
  'prepare.valid': '{{service}} 有效：{{engine}} 运行 {{model}}（{{parameters}} 个参数，{{type}}）。{{fit}}',
  'prepare.noGpu': '未申请 GPU。',
  'prepare.larger': '模型大于所申请的 GPU。{{fit}}',
  'prepare.shapeless':
    '无法判断 {{gpus}} × {{gpu}} 能否放下该模型：模型没有说明其层数、KV 头数和头维度（config.json、params.json 或 GGUF 头部）。请在 model.shape 中写明。',

  'prepare.secret':
    '源代码中有疑似机密信息：{{places}}。请将其移出该文件夹并吊销，因为它可能已进入历史记录和镜像；如果不是机密信息，请在该行或上一行写上“fairway:allow-secret <reason>”。',
  'prepare.secrets':
    '源代码中有 {{number}} 处疑似机密信息：{{places}}。请将其移出该文件夹并吊销，因为它们可能已进入历史记录和镜像；如果不是机密信息，请在该行或上一行写上“fairway:allow-secret <reason>”。',
  'prepare.looksLike': '{{place}}（疑似 {{kind}}）',
  'prepare.morePlaces': '{{places}}，另有 {{number}} 处',
};
