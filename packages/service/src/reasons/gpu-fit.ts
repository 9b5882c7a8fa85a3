/** Whether a model fits its GPUs, and why an engine cannot run it there. Texts without a period are parts of a sentence. */
export const fitTexts = {
  'fits.yes': 'It fits: {{sum}}; {{offered}}.',
  'fits.no':
    'It does not fit: {{sum}}; {{offered}}, so {{missing}} are missing. Lower serving.contextLength or serving.sequences, or change resources.gpu ({{advice}}).',
  'fits.uncounted': '{{sentence}} Not counted: {{uncounted}}.',
  'fits.onLarger': '{{gpus}} × {{gpu}} would hold it',
  'fits.onNone': 'no class holds it with as many GPUs: ask for more of them',
  'fits.offeredByOne': '1 × {{gpu}} offers {{memory}}, less {{headroom}} % headroom {{usable}}',
  'fits.offeredByEach': 'each of {{gpus}} × {{gpu}} offers {{memory}}, less {{headroom}} % headroom {{usable}}',
  'fits.tooLong': 'The model was made for {{most}} tokens, and the context is {{contextLength}}.',

  'sum.whole':
    'weights {{weights}} + KV cache {{kvCache}} ({{layers}} · {{contextLength}} tokens · {{sequences}}) + overhead {{overhead}} = {{total}}',
  'sum.ofEach': 'on each GPU {{sum}}',
  'sum.typed': '{{layers}} in {{type}}',
  'sum.divided': '{{layers}}, divided among the GPUs',
  'sequences.one': '1 sequence',
  'sequences.many': '{{number}} sequences',

  'list.plus': '{{first}} + {{second}}',
  'layers.none': 'no layer holds one',
  'layers.one': '1 layer',
  'layers.many': '{{number}} layers',
  'layers.state': '{{layers}} of a fixed state',
  'layers.latent': '{{layers}} of latent attention · {{width}}',
  'layers.attention': '{{layers}} · {{kvHeads}} · {{dimension}}',
  'layers.window': '{{layers}}, window {{window}}',
  'layers.compressed': '{{layers}} and one of every {{tokens}} tokens',
  'layers.everyToken': '{{layers}} and one of every token',
  'kvHeads.one': '1 KV head',
  'kvHeads.many': '{{number}} KV heads',

  'compute.notLoaded':
    'The engine {{engine}} does not load weights that are quantised with {{method}}. Choose another engine, or weights without that quantisation.',
  'compute.bfloat16':
    'The service computes in BF16, which needs compute capability {{least}}, and {{gpu}} has {{has}}. To fix it, give the engine --dtype half, or ask for one of {{able}}.',
  'compute.quantised':
    'The service has weights quantised with {{method}}, which needs compute capability {{least}}, and {{gpu}} has {{has}}. To fix it, ask for one of {{able}}.',
  'compute.sparse':
    'The model has sparse attention, whose kernels in {{engine}} need compute capability {{least}}, and {{gpu}} has {{has}}. To fix it, ask for one of {{able}}.',
  'compute.fp8Cache':
    'The service keeps its cache in FP8, which needs compute capability {{least}}, and {{gpu}} has {{has}}. To fix it, take --kv-cache-dtype out of engine.arguments, or ask for one of {{able}}.',

  'compute.fp8CacheOfModel':
    'The weights bring scales for a cache in FP8, which needs compute capability {{least}}, and {{gpu}} has {{has}}. To fix it, give the engine --kv-cache-dtype {{plain}}, or ask for one of {{able}}.',
  'compute.cacheType':
    'The engine {{engine}} {{version}} has no cache type {{type}}, so it does not start. Give --kv-cache-dtype one of {{types}}.',
  'compute.cacheTypeOfGgml':
    'The engine llamacpp has no cache type {{type}}, so it does not start. Give --cache-type-k and --cache-type-v one of {{types}}.',
  'compute.step':
    'The engine vllm takes {{tokens}} tokens a step (--max-num-batched-tokens) and needs {{least}} for its sequences or for a prompt that it may not cut, so it does not start. Raise that argument, or take it out.',
  'compute.plainAttention':
    'The engine llamacpp reads values of the type {{type}} with flash attention alone, so it does not start. Take --flash-attn off out, or give --cache-type-v f16.',

  'parallel.tooFew':
    'The engine uses {{needed}} GPUs with its arguments and a pod has {{gpus}}. Set resources.gpu.count to {{needed}}, or lower the parallel sizes in engine.arguments.',
  'parallel.heads':
    '{{fault}}, so the engine does not start. Counts that divide the heads are {{dividing}} (a pod has at most {{most}}). Change resources.gpu.count.',
  'parallel.headsUneven':
    '{{fault}}, so the engine does not start. Counts that divide the heads are {{dividing}} (a pod has at most {{most}}). Of these, {{uneven}} leave its {{kvHeads}} KV heads uneven, which the engine rejects too. Change resources.gpu.count.',
  'parallel.kvHeadsShared': 'The {{kvHeads}} KV heads of the model cannot be shared evenly by {{gpus}} GPUs',
  'parallel.headsDivided': 'The {{heads}} attention heads of the model are not divisible by {{gpus}} GPUs',
  'parallel.tokens':
    'Each KV head is on {{copies}} of the GPUs, which cannot divide its tokens into {{parts}} parts, so the engine does not start. Set --decode-context-parallel-size to a divisor of {{copies}}.',
  'parallel.block':
    'The weights have one scale for each {{block}} values, and {{size}} divided by {{gpus}} GPUs is {{part}}, which cuts a block, so the engine does not start. Counts that work are {{works}}. Change resources.gpu.count.',
} as const;
