import type { inputTexts } from '@fairway/service/reasons/inputs';

const traceFormats =
  'JSON 行有 timestamp（毫秒）、input_length 和 output_length，如 Mooncake 的文件；CSV 有列 TIMESTAMP、ContextTokens 和 GeneratedTokens，如 Azure 的文件，或 Timestamp（秒）、Request tokens 和 Response tokens（词元数），如 BurstGPT 的文件。';

/** What is wrong with what a run is given, in Simplified Chinese. Words of other programs stand in quotes, as they were said. */
export const inputReasonsChinese: Record<keyof typeof inputTexts, string> = {
  'input.missing': '缺少 {{input}}：{{description}}',
  'input.elsewhere': '它通常是输出 {{outputs}}，而交付记录中没有它。',
  'input.number': '{{input}} 接受数字；实际为“{{found}}”。',
  'input.boolean': '{{input}} 接受 true 或 false；实际为“{{found}}”。',
  'input.network': '输入 network 为“{{found}}”；它必须是 default 或 host。',
  'input.attempts': '输入 attempts 为 {{found}}；它必须是 1 到 10 的整数。',
  'input.headroom': '输入 gpu-memory-headroom 为 {{found}}；它必须是 0 到 90 的百分比。',
  'input.bodyLimit':
    '`access.maxRequestBytes` 为 {{bytes}}，但防火墙拒绝超过 {{limit}} 字节的请求体。请降低它，或提高自己的防火墙的限制（--body-limit）并将其作为输入 waf-body-limit 给出。',
  'input.certificates': '输入 certificates 指定了 {{path}}，而它无法读取（{{errno}}）。',
  'input.inFile': '`inputs.{{input}}` 是机密信息，而此文件供所有能读取仓库的人查看。请将其删除，并在运行时给出该输入。',
  'input.baseSbom':
    '输入 base-sbom 为“{{path}}”，它不是 JSON 格式的 CycloneDX 文档（“{{words}}”）。请给出基础分支的交付的 sbom.cdx.json，或留空以评判所有发现。',
  'input.otherReport':
    '输入 other-reports 指定了“{{path}}”，无法从中读取发现（“{{words}}”）。请给出带有漏洞的 JSON 格式的 CycloneDX 文档，或其结果指明软件包的 SARIF 文档。',
  'input.image':
    '要部署的镜像必须是 registry/repository@sha256:… 的形式，使每个 Pod 运行经过扫描的镜像；实际为“{{found}}”。请使用 push 的输出 reference。',
  'input.buildArgument': '输入 build-arguments 含有“{{found}}”；每一项必须是 KEY=VALUE。',
  'input.cacheNoBuilder':
    '输入 {{input}} 需要输入 builder：Docker 守护进程内的 BuildKit 不导出缓存。docker/setup-buildx-action 会创建构建器，并以输出给出其名称；在其他环境中可用 docker buildx create 创建。',
  'input.secretForm':
    '输入 build-secrets 的第 {{line}} 行不是机密；每一项必须是 ID=VALUE，ID 由字母、数字、点、连字符和下划线组成。多行的机密请整体放入双引号，其中的双引号写两次。',
  'input.secretTwice': '输入 build-secrets 中 {{id}} 出现了两次。请去掉一个；证书通过输入 certificates 提供。',
  'input.buildSecret':
    '构建参数 {{argument}} 是 {{kind}}。得到镜像的人可以在其历史记录和来源证明中读取构建参数。请将它作为构建机密提供（输入 build-secrets），由 Dockerfile 的步骤挂载：RUN --mount=type=secret,id=…',
  'input.gateway': '输入 gateway 接受 Gateway 的 namespace/name；实际为“{{found}}”。',
  'input.serviceAddress': '输入 {{input}} 接受 Service 的 namespace/name:port；实际为“{{found}}”。',
  'input.principal':
    '{{service}} 在 fairway.yaml 中有 mesh.mtls，因此输入 gateway-principal 必须是网关的客户端证书所具有的身份，形如 trust-domain/ns/namespace/sa/service-account；实际为 {{found}}。请指定它，或从 fairway.yaml 中去掉 mesh。在本地平台上，fairway platform up --with mesh 会安装 Istio。',
  'input.interception': '输入 istio-interception 接受 none、redirect 或 ambient；实际为“{{found}}”。',
  'input.metricsPrincipal':
    '输入 metrics-principal 用于 istio-interception 为 ambient 时，是形如 trust-domain/ns/namespace/sa/service-account 的身份；实际为“{{found}}”，istio-interception 为 {{interception}}。每个 Pod 都有代理时，Prometheus 在端口 15020 读取指标，不需要身份。',
  'input.gatewayKind':
    'Gateway {{gateway}} 的类是 {{kind}}，{{controller}}。Fairway 支持 {{known}}：请用输入 gateway 指定其中一种的 Gateway。',
  'input.controller': '其控制器是 {{controller}}',
  'input.noClass': '该类不在集群中',
  'input.audience':
    'mesh 阶段接受输入 audience 或输入 clients 之一；实际{{found}}。请指定该服务的令牌所具有的受众；如果签发者的访问令牌没有受众（Cognito），请指定可以使用它的客户端。',
  'found.both': '两者都给出了',
  'found.neither': '两者都没有给出',
  'input.star': '输入 {{input}} 不得以 * 开头或结尾，因为在 Istio 中它代表任意文本；实际为“{{found}}”。请指定每个值。',
  'input.releaseToken': '发布通过网关发送请求，需要令牌：请给出输入 token-url、client-id 和 client-secret。',
  'input.gatewayUrl': '缺少输入 url：服务在网关处的基础地址。它通常是输出 mesh.url，而交付记录中没有它。',
  'input.url': '缺少输入 url：服务的基础地址。它通常是输出 mesh.url，而交付记录中没有它。',
  'input.cluster': '使用 `gateway.own` 时，通过版本所在的集群访问它：请给出输入 {{input}}。',
  'input.noCommit': 'GitHub Deployment 需要源代码的提交，而交付记录中没有它。',
  'input.repository': 'GitHub Deployment 需要输入 repository。',
  'input.ruler':
    '同时给出了 ruler-url 和 prometheus-directory，而规则只放到其中一处：两者都有时，每个告警会触发两次。请删除其中一个。',
  'input.address': '{{input}} 不是以 http:// 或 https:// 开头的地址，例如 https://prometheus.example.com。',
  'login.given': '给出了 {{input}}',
  'login.inAddress': 'prometheus-url 含有用户和密码',
  'login.two': '{{first}}，且{{second}}：一个请求只有一种登录方式。请删除其中一个。',
  'login.several': '{{first}}，且{{second}}：一个请求只有一种登录方式。请只保留其中一个。',
  'input.region': 'prometheus-aws-region 不是 AWS 区域：实际为 {{found}}，而它必须是 eu-central-1 这样的区域。',
  'input.noTls': 'prometheus-url 以 {{scheme}}// 开头，那里证书不起作用。请给出 https 地址，或删除 {{input}}。',
  'input.otherKey':
    'prometheus-client-certificate 含有另一个证书的私钥，或有密码短语的私钥：请给出证书及其密钥，两者都以 PEM 写在同一个文本中。',
  'input.noKey': 'prometheus-client-certificate 不含私钥：请给出证书及其密钥，两者都以 PEM 写在同一个文本中。',
  'input.noCertificate': '{{input}} 不是证书：它必须是 PEM 文件的文本，带有 -----BEGIN CERTIFICATE-----。',
  'input.gitops':
    '`apply.repository` 为 {{repository}}，而没有用于它的令牌：请用输入 gitops-token 给出一个令牌，只能写入该仓库的内容和拉取请求。',
  'input.activator':
    '`scaling.min: 0` 需要一个为没有 Pod 的版本保留请求的程序。请用输入 activator-image 给出其镜像（services/activator 的镜像），或将 `scaling.min` 设为 1 或更大。',
  'input.weightsProgram':
    '`model.weights.{{key}}` 需要一个在引擎启动之前{{does}}的程序。请用输入 weights-image 给出其镜像（services/weights 的镜像）。',
  'input.weightsPull': '拉取模型',
  'input.weightsVerify': '校验模型',
  'input.adaptersProgram':
    '带有 `reference` 的适配器需要一个在引擎启动之前下载它的程序。请将其镜像，即 services/weights 的镜像，作为输入 weights-image 提供。',
  'input.weights':
    '`model.weights.pull: init` 需要一个在引擎启动之前拉取模型的程序。请用输入 weights-image 给出其镜像（services/weights 的镜像）；如果集群能够挂载镜像，也可将 `pull` 设为 mount。',

  'folder.others':
    '文件夹 {{place}} 应存放渲染的对象，而其中有 {{found}}，没有 Fairway 的 {{list}}。请指定一个空文件夹，或 Fairway 之前渲染过的文件夹。',
  'folder.andMore': '{{first}} 等',
  'folder.foreign':
    '{{file}} 不是 Fairway 的，而渲染会覆盖它。请指定一个空文件夹，并让自己的 kustomization 在 `resources` 中引用它。',
  'pullToken.none':
    '{{seconds}} 秒后仍没有用于拉取镜像的令牌。{{object}} 的消息：{{said}}。其事件和同名生成器的事件会说明更多。请更正 fairway.yaml 中的 `workload.pullToken` 或它所指定的身份。',
  'pullToken.silent': '无，请检查其 Operator 是否在运行',
  'patch.wrong': 'workload.patches[{{index}}] {{what}}。请更改 fairway.yaml 中的该补丁。',
  'patch.changes': '更改了 {{field}}，而后续阶段依据它识别版本',
  'patch.unapplied': '无法应用：“{{words}}”',
  'dockerfile.folder': '{{file}} 是一个文件夹。请编写 Dockerfile，或在 build.dockerfile 下指定另一个。',
  'dockerfile.none': '{{file}} 处没有 Dockerfile。请编写一个，或在 build.dockerfile 下指定另一个。',
  'dockerfile.outside': 'build.dockerfile “{{file}}”位于 build.context “{{context}}”之外；请将其移入。',
  'dockerfile.noTarget':
    'Dockerfile {{file}} 中没有阶段 {{target}}。请在 build.target 下指定其中的一个阶段（FROM … AS name），或删除该项。',
  'dockerfile.variable':
    '{{file}}:{{line}}：“{{words}}”。请在第一个 FROM 之前用 ARG 为该变量提供默认值，或在 fairway.yaml 的 build.arguments 下提供值。',

  'record.wrong': '这不是交付记录：“{{words}}”。请将该文件移走，以开始新的记录；其阶段会再次运行。',
  'record.newer':
    '此交付记录的模式版本为 {{version}}；此 Fairway 最高读取 {{most}}。请更新 Fairway，或将该文件移走以开始新的记录。',
  'tokenizer.unread': '{{file}}：无法读取分词器（{{errno}}）。请指定模型的 tokenizer.json。',
  'tokenizer.wrong': '{{file}}：不是可用的分词器（“{{words}}”）。请指定模型的 tokenizer.json。',
  'trace.unread': '无法读取该跟踪记录（{{errno}}）。请指定 JSON 行或 CSV 文件。',
  'trace.line': `跟踪记录的一行包含时间以及提示词和回答的词元数；实际为 {{found}}。${traceFormats}`,
  'trace.head': `该跟踪记录的表头 {{found}} 不是已知的表头。${traceFormats}`,
  'trace.empty': '该跟踪记录不含请求。',
};
