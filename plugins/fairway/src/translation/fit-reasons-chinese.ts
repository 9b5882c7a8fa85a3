import type { fitTexts } from '@fairway/service/reasons/gpu-fit';

/** Whether a model fits its GPUs, in Simplified Chinese. */
export const fitReasonsChinese: Record<keyof typeof fitTexts, string> = {
  'fits.yes': '放得下：{{sum}}；{{offered}}。',
  'fits.no':
    '放不下：{{sum}}；{{offered}}，因此还缺 {{missing}}。请降低 serving.contextLength 或 serving.sequences，或更改 resources.gpu（{{advice}}）。',
  'fits.uncounted': '{{sentence}}未计入：{{uncounted}}。',
  'fits.onLarger': '{{gpus}} × {{gpu}} 可以放下',
  'fits.onNone': '没有哪个类别能以同样数量的 GPU 放下：请申请更多 GPU',
  'fits.offeredByOne': '1 × {{gpu}} 提供 {{memory}}，扣除 {{headroom}} % 余量后为 {{usable}}',
  'fits.offeredByEach': '{{gpus}} × {{gpu}} 中每个提供 {{memory}}，扣除 {{headroom}} % 余量后为 {{usable}}',
  'fits.tooLong': '该模型支持的上下文长度为 {{most}} 个词元，而所填的上下文长度为 {{contextLength}}。',

  'sum.whole':
    '权重 {{weights}} + KV 缓存 {{kvCache}}（{{layers}} · {{contextLength}} 个词元 · {{sequences}}）+ 额外开销 {{overhead}} = {{total}}',
  'sum.ofEach': '每个 GPU 上{{sum}}',
  'sum.typed': '{{layers}}，类型 {{type}}',
  'sum.divided': '{{layers}}，分布在各个 GPU 上',
  'sequences.one': '1 个序列',
  'sequences.many': '{{number}} 个序列',

  'list.plus': '{{first}} + {{second}}',
  'layers.none': '没有层保存缓存',
  'layers.one': '1 层',
  'layers.many': '{{number}} 层',
  'layers.state': '{{layers}}固定大小的状态',
  'layers.latent': '{{layers}}潜在注意力 · {{width}}',
  'layers.attention': '{{layers}} · {{kvHeads}} · {{dimension}}',
  'layers.window': '{{layers}}，窗口 {{window}}',
  'layers.compressed': '{{layers}}，以及每 {{tokens}} 个词元一个',
  'layers.everyToken': '{{layers}}，以及每个词元一个',
  'kvHeads.one': '1 个 KV 头',
  'kvHeads.many': '{{number}} 个 KV 头',

  'compute.notLoaded': '引擎 {{engine}} 不能加载以 {{method}} 量化的权重。请选择其他引擎，或不采用该量化方式的权重。',
  'compute.bfloat16':
    '该服务以 BF16 计算，需要计算能力 {{least}}，而 {{gpu}} 为 {{has}}。请为引擎设置 --dtype half，或申请以下类别之一：{{able}}。',
  'compute.quantised':
    '该服务的权重以 {{method}} 量化，需要计算能力 {{least}}，而 {{gpu}} 为 {{has}}。请申请以下类别之一：{{able}}。',
  'compute.sparse':
    '该模型使用稀疏注意力，{{engine}} 的相应内核需要计算能力 {{least}}，而 {{gpu}} 为 {{has}}。请申请以下类别之一：{{able}}。',
  'compute.fp8Cache':
    '该服务以 FP8 保存缓存，需要计算能力 {{least}}，而 {{gpu}} 为 {{has}}。请从 engine.arguments 中去掉 --kv-cache-dtype，或申请以下类别之一：{{able}}。',

  'compute.fp8CacheOfModel':
    '权重带有 FP8 缓存的缩放系数，需要计算能力 {{least}}，而 {{gpu}} 为 {{has}}。请为引擎设置 --kv-cache-dtype {{plain}}，或申请以下类别之一：{{able}}。',
  'compute.cacheType':
    '引擎 {{engine}} {{version}} 没有缓存类型 {{type}}，因此无法启动。请将 --kv-cache-dtype 设为以下之一：{{types}}。',
  'compute.cacheTypeOfGgml':
    '引擎 llamacpp 没有缓存类型 {{type}}，因此无法启动。请将 --cache-type-k 和 --cache-type-v 设为以下之一：{{types}}。',
  'compute.step':
    '引擎 vllm 每步处理 {{tokens}} 个词元（--max-num-batched-tokens），而其序列或不可切分的提示需要 {{least}} 个，因此无法启动。请调大该参数，或将其去掉。',
  'compute.plainAttention':
    '引擎 llamacpp 只能通过 flash attention 读取类型为 {{type}} 的值缓存，因此无法启动。请去掉 --flash-attn off，或将 --cache-type-v 设为 f16。',

  'parallel.tooFew':
    '按其参数，引擎使用 {{needed}} 个 GPU，而一个 Pod 有 {{gpus}} 个。请将 resources.gpu.count 设为 {{needed}}，或降低 engine.arguments 中的并行规模。',
  'parallel.heads':
    '{{fault}}，因此引擎无法启动。能整除头数的数量为 {{dividing}}（一个 Pod 最多 {{most}} 个）。请更改 resources.gpu.count。',
  'parallel.headsUneven':
    '{{fault}}，因此引擎无法启动。能整除头数的数量为 {{dividing}}（一个 Pod 最多 {{most}} 个）。其中 {{uneven}} 不能均分其 {{kvHeads}} 个 KV 头，引擎同样会拒绝。请更改 resources.gpu.count。',
  'parallel.kvHeadsShared': '模型的 {{kvHeads}} 个 KV 头无法由 {{gpus}} 个 GPU 均分',
  'parallel.headsDivided': '模型的 {{heads}} 个注意力头不能被 {{gpus}} 个 GPU 整除',
  'parallel.tokens':
    '每个 KV 头位于 {{copies}} 个 GPU 上，无法将其词元分成 {{parts}} 份，因此引擎无法启动。请将 --decode-context-parallel-size 设为 {{copies}} 的约数。',
  'parallel.block':
    '权重每 {{block}} 个值有一个缩放系数，{{size}} 除以 {{gpus}} 个 GPU 得 {{part}}，会切开一个块，因此引擎无法启动。可行的数量为 {{works}}。请更改 resources.gpu.count。',
};
