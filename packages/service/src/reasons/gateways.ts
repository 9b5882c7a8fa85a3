/** What keeps a service from being at a gateway or in a mesh. Texts without a period are parts of a sentence. */
export const gatewayTexts = {
  // whether a service can be at a gateway
  'gateway.sleeps':
    '`scaling.min: 0` goes by what Envoy Gateway counts, and the gateway is one of {{kind}}. Set it to 1 or more in fairway.yaml, or name a Gateway of Envoy Gateway.',
  'gateway.taken':
    'The route {{route}} of another service answers for the model {{model}} {{host}} on the gateway {{gateway}} already, and would get the requests of {{service}}. Give {{service}} another name (model.name, or that of the adapter) or an access.hostname of its own in fairway.yaml; if the other service was delivered before services could share a host, run mesh for it again.',
  'gateway.atHost': 'at {{host}}',
  'gateway.atEveryHost': 'at every host',
  'gateway.foreignFront':
    'There is a Service {{service}} that Fairway did not make, and with `gateway.own` that name is the Service to which the gateway sends users. Nothing was changed. Rename or remove it, or give the service another name or namespace in fairway.yaml.',
  'gateway.absent': 'The Gateway {{gateway}} is not in the cluster.',
  'gateway.unseen': 'The Gateway {{gateway}} is not programmed: its controller has not looked at it.',
  'gateway.notProgrammed': 'The Gateway {{gateway}} is not programmed: {{words}}.',
  'gateway.differs':
    '{{other}} is at the same host, where all requests enter alike, and {{field}} differs: {{theirs}} there, {{own}} here. Make them the same, or give {{service}} an access.hostname of its own in fairway.yaml.',
  'gateway.issuer': 'the issuer',
  'gateway.audience': 'the audience',
  'gateway.none': 'none',
  'gateway.noCertificate':
    'The Gateway {{gateway}} has no certificate of the mesh: {{proxy}}. On the local platform run fairway platform up --with mesh; elsewhere give it one as docs/mesh.md shows.',
  'gateway.unnamedCertificate': 'the EnvoyProxy {{proxy}} names none in backendTLS.clientCertificateRef',
  'gateway.noProxy': 'neither it nor its class has an EnvoyProxy',

  // what the controller of a gateway says against an object
  'object.unseen': 'the gateway controller has not looked at it yet',
  'object.unseenNewest': 'the gateway controller has not looked at its newest version yet',
  'object.condition': '{{condition}} is {{status}} ({{reason}}): {{words}}',
  'object.deleted': 'somebody deleted it',

  // Istio, as a mesh and as a gateway
  'istio.noKind':
    'fairway.yaml asks for mutual TLS by Istio, and the cluster of the context "{{context}}" does not serve {{kind}} ({{version}}). {{advice}}',
  'istio.noInjector':
    'fairway.yaml asks for mutual TLS by Istio, and no control plane of the revision {{revision}} in the context "{{context}}" gives pods their proxy: there is no MutatingWebhookConfiguration with app=sidecar-injector and istio.io/rev={{revision}}. {{advice}}',
  'istio.install':
    'On the local platform run fairway platform up --with mesh. Elsewhere install Istio, name its revision by the input istio-revision, or take mesh out of fairway.yaml.',
  'istio.notReady':
    'fairway.yaml asks for mutual TLS by Istio, and the control plane of the revision {{revision}} in the context "{{context}}" has no ready pod, so no new pod could start. Look at istiod (kubectl -n istio-system get pods), and deliver again when it is ready.',
  'istio.noFilters':
    "No EnvoyFilter for the Gateway {{gateway}} has the filters by which Fairway finds a request's model and route, so nobody could be let in. {{advice}}",
  'istio.apply': 'Apply templates/inference-platform/parts/istio-gateway, as docs/gateways.md shows.',
  'istio.noFilter':
    '{{service}} asks for {{what}} in fairway.yaml, and no EnvoyFilter for the Gateway {{gateway}} has the filter {{filter}}: the gateway is of an earlier version of the folder. {{advice}} It needs parts/{{part}} beside it.',
  'istio.cache': 'cache',
  'istio.limits': 'limits of tokens',
  'istio.concurrency': 'a limit of running requests',
  'istio.open':
    'No AuthorizationPolicy closes the Gateway {{gateway}}, so routes without one would be open. {{advice}}',
  'istio.otherFirewall':
    'The filters of the Gateway {{gateway}} do not ask the firewall {{firewall}} that the input waf-service names. Name the one that they ask, or change the cluster fairway-waf in the EnvoyFilter.',
  'istio.noIssuer':
    'No RequestAuthentication for the Gateway {{gateway}} takes tokens of the issuer {{issuer}} {{audience}}; it takes {{taken}}. Istio checks tokens for a whole gateway: add the issuer there, with its keys.',
  'istio.forAudience': 'for the audience {{audience}}',
  'istio.forNoAudience': 'without an audience',
  'istio.takes': '{{issuer}} ({{audiences}})',
  'istio.anyAudience': 'any audience',
} as const;
