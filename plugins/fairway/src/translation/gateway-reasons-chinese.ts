import type { gatewayTexts } from '@fairway/service/reasons/gateways';

/** What keeps a service from being at a gateway or in a mesh, in Simplified Chinese. Words of other programs stand in quotes, as they were said. */
export const gatewayReasonsChinese: Record<keyof typeof gatewayTexts, string> = {
  'gateway.sleeps':
    '`scaling.min: 0` 依据 Envoy Gateway 的计数，而该网关属于 {{kind}}。请在 fairway.yaml 中将其设为 1 或更大，或指定 Envoy Gateway 的 Gateway。',
  'gateway.taken':
    '另一个服务的路由 {{route}} 已在网关 {{gateway}} 上{{host}}为模型 {{model}} 应答，会得到 {{service}} 的请求。请在 fairway.yaml 中为 {{service}} 指定另一个名称（model.name，或该适配器的名称），或自己的 access.hostname；如果另一个服务是在服务能够共用主机之前交付的，请为它再次运行 mesh。',
  'gateway.atHost': '在 {{host}} 处',
  'gateway.atEveryHost': '在所有主机处',
  'gateway.foreignFront':
    '已有一个不是由 Fairway 创建的 Service {{service}}，而使用 `gateway.own` 时，网关把用户发往该名称的 Service。未更改任何内容。请重命名或移除它，或在 fairway.yaml 中为服务指定另一个名称或命名空间。',
  'gateway.absent': 'Gateway {{gateway}} 不在集群中。',
  'gateway.unseen': 'Gateway {{gateway}} 未被配置（Programmed）：其控制器尚未处理它。',
  'gateway.notProgrammed': 'Gateway {{gateway}} 未被配置（Programmed）：“{{words}}”。',
  'gateway.differs':
    '{{other}} 位于同一主机，所有请求都从同一入口进入，而{{field}}不同：那里是 {{theirs}}，这里是 {{own}}。请使两者相同，或在 fairway.yaml 中为 {{service}} 指定自己的 access.hostname。',
  'gateway.issuer': '签发者',
  'gateway.audience': '受众',
  'gateway.none': '无',
  'gateway.noCertificate':
    'Gateway {{gateway}} 没有网格的证书：{{proxy}}。在本地平台上请运行 fairway platform up --with mesh；在其他地方请按 docs/mesh.md 所示提供证书。',
  'gateway.unnamedCertificate': 'EnvoyProxy {{proxy}} 没有在 backendTLS.clientCertificateRef 中指定证书',
  'gateway.noProxy': '它和它的类都没有 EnvoyProxy',

  'object.unseen': '网关控制器尚未处理它',
  'object.unseenNewest': '网关控制器尚未处理其最新版本',
  'object.condition': '{{condition}} 为 {{status}}（{{reason}}）：“{{words}}”',
  'object.deleted': '它已被他人删除',

  'istio.noKind':
    'fairway.yaml 要求由 Istio 提供双向 TLS，而上下文“{{context}}”的集群不提供 {{kind}}（{{version}}）。{{advice}}',
  'istio.noInjector':
    'fairway.yaml 要求由 Istio 提供双向 TLS，而上下文“{{context}}”中没有修订版 {{revision}} 的控制平面为 Pod 提供代理：没有带 app=sidecar-injector 和 istio.io/rev={{revision}} 的 MutatingWebhookConfiguration。{{advice}}',
  'istio.install':
    '在本地平台上请运行 fairway platform up --with mesh。在其他地方请安装 Istio，用输入 istio-revision 指定其修订版，或从 fairway.yaml 中去掉 mesh。',
  'istio.notReady':
    'fairway.yaml 要求由 Istio 提供双向 TLS，而上下文“{{context}}”中修订版 {{revision}} 的控制平面没有就绪的 Pod，因此新的 Pod 无法启动。请检查 istiod（kubectl -n istio-system get pods），在它就绪后重新交付。',
  'istio.noFilters':
    'Gateway {{gateway}} 没有 EnvoyFilter 包含 Fairway 用来找到请求的模型和路由的过滤器，因此谁都无法进入。{{advice}}',
  'istio.apply': '请按 docs/gateways.md 所示应用 templates/inference-platform/parts/istio-gateway。',
  'istio.noFilter':
    '{{service}} 在 fairway.yaml 中要求{{what}}，而 Gateway {{gateway}} 没有 EnvoyFilter 包含过滤器 {{filter}}：该网关属于该文件夹的较早版本。{{advice}}它还需要旁边的 parts/{{part}}。',
  'istio.cache': '缓存',
  'istio.limits': '词元限制',
  'istio.concurrency': '同时运行的请求限制',
  'istio.open':
    '没有 AuthorizationPolicy 关闭 Gateway {{gateway}}，因此没有自己的 AuthorizationPolicy 的路由会是开放的。{{advice}}',
  'istio.otherFirewall':
    'Gateway {{gateway}} 的过滤器没有询问输入 waf-service 所指定的防火墙 {{firewall}}。请指定它们所询问的防火墙，或更改 EnvoyFilter 中的集群 fairway-waf。',
  'istio.noIssuer':
    'Gateway {{gateway}} 没有 RequestAuthentication 接受签发者 {{issuer}}（{{audience}}）的令牌；它接受 {{taken}}。Istio 为整个网关检查令牌：请在那里添加该签发者及其密钥。',
  'istio.forAudience': '受众 {{audience}}',
  'istio.forNoAudience': '无受众',
  'istio.takes': '{{issuer}}（{{audiences}}）',
  'istio.anyAudience': '任何受众',
};
