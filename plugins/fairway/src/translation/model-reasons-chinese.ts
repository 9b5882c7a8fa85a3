import type { modelTexts } from '@fairway/service/reasons/models';

/** What is wrong with a model, or where it comes from, in Simplified Chinese. Words of other programs stand in quotes, as they were said. */
export const modelReasonsChinese: Record<keyof typeof modelTexts, string> = {
  'hub.unpinned': '{{reference}} 不是固定到提交的模型引用；请写 hf://organization/name@ 加上提交的 40 位十六进制数字。',
  'hub.other': '{{hub}} 对 {{reference}} 的响应不像模型库。请检查模型库的地址。',
  'hub.otherCommit': '{{hub}} 对 {{reference}} 返回的提交是 {{commit}}。请固定到该提交，或检查模型库的地址。',
  'hub.noPath': '{{repository}} 的提交 {{commit}} 中没有文件或文件夹 {{path}}。请更正提交后面的路径。',
  'hub.noName':
    '“{{written}}”不是模型的名称。请写 organization/name，与模型库中相同；需要时在其后加 @ 和分支、标签或提交。',
  'hub.noRanges': '{{hub}}{{path}} 忽略范围请求，因此无法只读取头部。请使用支持范围请求的模型库或镜像站。',
  'hub.noLength': '{{hub}}{{path}} 没有说明文件的长度。请使用支持范围请求的模型库或镜像站。',
  'hub.short':
    '{{hub}}{{path}} 发送了 {{bytes}} 字节，而请求的是 {{length}} 字节。请再次运行；如果仍然如此，请使用其他镜像站。',
  'hub.unknown': '{{hub}} 中没有 {{reference}}（GET {{path}} 返回 404）。请检查名称和提交；私有模型需要令牌。',
  'hub.private': '它是私有的或需要同意条款：请提供可以读取它的令牌（HF_TOKEN）。',
  'hub.consent': '所提供的令牌无权读取它：请在模型页面上接受条款，或使用其他令牌。',
  'hub.refuses': '{{hub}} 拒绝提供 {{reference}}（GET {{path}} 返回 {{status}}）。{{advice}}',
  'hub.noHash':
    '{{hub}} 在列出 {{reference}} 的 {{path}} 时没有给出大小和哈希，因此无法证明其内容。请使用模型库本身，或能响应 ?blobs=true 的镜像站。',
  'hub.otherHash':
    '{{reference}} 的 {{file}} 与其提交中的内容不同：其 {{kind}} 为 {{found}}，而应为 {{wanted}}。收到的内容已删除。请再次运行；如果仍然如此，则模型库或通往它的途径更改了文件：请使用其他镜像站。',
  'hub.tooLong':
    '{{hub}}{{path}} 发送的内容多于提交中的 {{size}} 字节。收到的内容已删除。请再次运行；如果仍然如此，请使用其他镜像站。',
  'hub.brokeOff':
    '{{hub}}{{path}} 在 {{size}} 字节中的 {{bytes}} 字节之后中断，连续 {{attempts}} 次没有更多字节：“{{words}}”。请再次运行：会从该处继续。',
  'hub.answered': '{{hub}} 对 GET {{path}} 返回 {{status}}。请检查模型库的地址。',

  'model.badValue': '{{name}} 不是模型的配置：{{key}} 必须是 {{wanted}}；实际为 {{found}}。',
  'model.none': '{{path}} 处没有模型。请将模型放在那里，或更正 model.path。',
  'model.noSafetensors':
    '{{file}} 不是完整的 safetensors 文件：“{{words}}”。请重新获取或导出该模型（Git LFS 指针是约 130 字节的文本文件）。',
  'model.noGguf':
    '{{file}} 不是 Fairway 能够读取的 GGUF 文件：“{{words}}”。请重新获取或转换该模型（Git LFS 指针是约 130 字节的文本文件）。',
  'model.noTensors':
    '{{model}} 不含张量，因此没有可提供服务的内容（只有词表的文件看起来就是这样）。请重新获取或导出该模型。',
  'model.lacksShards':
    '{{model}} 缺少其索引所列 {{all}} 个权重文件中的 {{number}} 个，第一个是 {{first}}。请重新获取该模型。',
  'model.noWeights': '{{model}} 不含权重：其中既没有 *.safetensors 也没有 *.gguf。',
  'model.unsafeWeights':
    '{{model}} 不含权重：其中既没有 *.safetensors 也没有 *.gguf（{{file}} 加载时可能运行代码，因此 Fairway 拒绝该格式；请转换为 safetensors）。',
  'model.several':
    '{{model}} 含有 {{number}} 个 GGUF 文件（{{shown}}）。请在 model.path 中（或在 model.reference 的提交后面）指定其中一个。',
  'model.andMore': '{{first}}，另有 {{more}} 个',
  'model.lacksPart': '{{model}} 缺少 {{part}}，它是模型 {{parts}} 个部分之一。请重新获取该模型。',
  'model.noIndex': '{{name}} 不是权重的索引：其中没有“weight_map”。请重新获取该模型。',
  'model.noJson': '{{name}} 不是有效的 JSON：“{{words}}”。请重新获取或导出该模型。',
  'model.noMapping': '{{name}} 不是模型的配置：它必须是一个映射。请重新获取或导出该模型。',
  'model.format': '引擎 {{engine}} 读取 {{formats}}，而模型 {{model}} 是 {{format}}。请转换该模型，或选择其他引擎。',
  'model.unstretched':
    '`serving.contextLength` 为 {{length}}，而 {{engine}} 最多接受 {{most}} 个词元，即模型的 max_position_embeddings：它没有把 {{scaling}} 缩放计入其中。请用 {{raise}} 提高它，或将 serving.contextLength 降至 {{most}}。',
  'model.tooLong':
    '`serving.contextLength` 为 {{length}}，而该模型支持 {{most}} 个词元。请将其降至 {{most}} 或更低，或扩展模型的位置编码（其 config.json 中的 rope_scaling，或引擎的参数）。',
  'model.linkOut':
    '{{file}} 通过链接指向 {{target}}，而后者不在服务的文件夹中。Docker 构建会原样复制链接，因此镜像中会缺少它。请将文件本身放在那里（cp -L），或用 model.weights 使模型不进入镜像。',
  'adapter.none':
    '{{folder}} 中没有 adapter_config.json。请将适配器的文件夹按 PEFT 保存的样子放在那里，或更正 model.adapters。',
  'adapter.noWeights':
    '{{folder}} 中没有适配器的权重 adapter_model.safetensors。请重新获取或保存；adapter_model.bin 加载时可能运行代码，因此 Fairway 只接受 safetensors。',
  'adapter.badValue':
    '{{file}} 不是 LoRA 适配器的配置：{{key}} 必须是 {{wanted}}；发现 {{found}}。请用 PEFT 重新保存，或使用其他适配器。',
  'adapter.rank':
    '`rank` 为 {{rank}}，而适配器的秩为 {{found}}（{{file}}），引擎没有为其留出空间。请写 rank: {{found}}。',
  'adapter.unserved':
    '{{file}} 含有 {{key}}，而 vllm 不加载带有它的适配器。请训练不含它的适配器，或将其合并到模型中再提供服务。',
  'adapter.linkOut':
    '{{file}} 通过链接指向 {{target}}，而后者不在服务的文件夹中。Docker 构建会原样复制链接，因此镜像中会缺少它。请将文件本身放在那里（cp -L）。',
  'model.otherShape':
    '`model.shape` 与模型自身的说明不同：{{different}}。请将其去掉，或在 model.shape.reason 中说明它为何成立。',
};
