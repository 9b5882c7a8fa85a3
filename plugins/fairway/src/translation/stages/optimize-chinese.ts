import type { optimizeTexts } from '@fairway/service/reasons/stages/optimize';

/** What the stage `optimize` says, in Simplified Chinese. */
export const optimizeChinese: Record<keyof typeof optimizeTexts, string> = {
  'optimize.smaller': '从 {{before}} 缩小到 {{after}}（减少 {{percent}} %），且模型给出相同的回答。',
  'optimize.asItIs': '镜像保持原样，因为{{why}}。',
  'optimize.unproved': '无法验证缩小后的镜像：{{obstacle}}',
  'optimize.nothing': '其中没有可以省去的内容',
  'optimize.form': '基础镜像之上的层以 {{compression}} 形式存储：在镜像仓库中从 {{before}} 变为 {{after}}。',
  'optimize.sameContent': '其内容保持不变，因为{{why}}。',
  'optimize.overSize':
    '镜像的各层在镜像仓库中共 {{size}}，而 image.maxSize 允许 {{most}}。请少安装一些内容，让 Pod 自行获取模型（model.weights），或允许更大的大小。',
  'optimize.configuration': '缩小后的镜像与给定镜像的配置不同。',
  'optimize.silent': '缩小后的镜像不能提供服务：{{words}}',
  'optimize.answer': '模型在缩小后的镜像中回答“{{after}}”，在给定的镜像中回答“{{before}}”。',
  'optimize.hidden': '缩小后的镜像使扫描器看不到一些软件包：{{packages}}。',
  'optimize.blocked': '对缩小后镜像的扫描阻止了交付：{{findings}}。请再次运行 scan 和 remediate。',
  'optimize.finding': '{{package}} 中的 {{id}}',
};
