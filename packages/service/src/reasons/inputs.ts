const traceFormats =
  'JSON lines have timestamp (milliseconds), input_length and output_length, as those of Mooncake; CSV has the columns TIMESTAMP, ContextTokens and GeneratedTokens, as that of Azure, or Timestamp (seconds), Request tokens and Response tokens, as that of BurstGPT.';

/** What is wrong with what a run is given. Texts without a period are parts of a sentence. */
export const inputTexts = {
  // inputs of the stages
  'input.missing': '{{input}} is missing: {{description}}',
  'input.elsewhere': 'It is usually the output {{outputs}}, which the delivery record does not hold.',
  'input.number': '{{input}} takes a number; found "{{found}}".',
  'input.boolean': '{{input}} takes true or false; found "{{found}}".',
  'input.network': 'The input network is "{{found}}"; it must be default or host.',
  'input.attempts': 'The input attempts is {{found}}; it must be a whole number from 1 to 10.',
  'input.headroom': 'The input gpu-memory-headroom is {{found}}; it must be a percentage from 0 to 90.',
  'input.bodyLimit':
    '`access.maxRequestBytes` is {{bytes}}, but the firewall denies every body over {{limit}} bytes. Lower it, or raise the limit of your own firewall (--body-limit) and give it as the input waf-body-limit.',
  'input.certificates': 'The input certificates names {{path}}, which cannot be read ({{errno}}).',
  'input.inFile':
    '`inputs.{{input}}` is a secret, and this file is for everybody who reads the repository. Remove it, and give the input to the run.',
  'input.baseSbom':
    'The input base-sbom is "{{path}}", which is no CycloneDX document in JSON ({{words}}). Give the sbom.cdx.json of the base branch\'s delivery, or nothing to judge all findings.',
  'input.otherReport':
    'The input other-reports names "{{path}}", from which no findings can be read ({{words}}). Give CycloneDX in JSON with vulnerabilities, or SARIF whose results name packages.',
  'input.image':
    'The image to deploy must be registry/repository@sha256:… so that every pod runs the image that was scanned; found "{{found}}". Take the output reference of push.',
  'input.buildArgument': 'The input build-arguments holds "{{found}}"; each must be KEY=VALUE.',
  'input.cacheNoBuilder':
    'The input {{input}} needs the input builder: BuildKit inside of a Docker daemon exports no cache. docker/setup-buildx-action makes a builder and has its name as output; docker buildx create makes one elsewhere.',
  'input.secretForm':
    'Line {{line}} of the input build-secrets is no secret; each must be ID=VALUE, with an ID of letters, digits, dots, dashes and underscores. Put one of several lines into double quotes as a whole, and double those that are in it.',
  'input.secretTwice':
    'The input build-secrets has {{id}} twice. Take one away; certificates come by the input certificates.',
  'input.buildSecret':
    'The build argument {{argument}} is {{kind}}. Whoever has the image reads its build arguments, in its history and its provenance. Give it as a build secret (the input build-secrets), which a step of the Dockerfile mounts: RUN --mount=type=secret,id=…',
  'input.gateway': 'The input gateway takes namespace/name of a Gateway; found "{{found}}".',
  'input.serviceAddress': 'The input {{input}} takes namespace/name:port of a Service; found "{{found}}".',
  'input.principal':
    "{{service}} has mesh.mtls in fairway.yaml, so the input gateway-principal must be the identity that the gateway's client certificate has, as trust-domain/ns/namespace/sa/service-account; found {{found}}. Name it, or take mesh out of fairway.yaml. On the local platform, fairway platform up --with mesh puts Istio in place.",
  'input.interception': 'The input istio-interception takes none, redirect or ambient; found "{{found}}".',
  'input.metricsPrincipal':
    'The input metrics-principal is for istio-interception ambient, and an identity as trust-domain/ns/namespace/sa/service-account; found "{{found}}" with istio-interception {{interception}}. With a proxy in each pod, Prometheus reads the metrics at port 15020 and needs no identity.',
  'input.gatewayKind':
    'The Gateway {{gateway}} has the class {{kind}}, {{controller}}. Fairway knows {{known}}: name a Gateway of one of these by the input gateway.',
  'input.controller': 'whose controller is {{controller}}',
  'input.noClass': 'which is not in the cluster',
  'input.audience':
    "The mesh stage takes either the input audience or the input clients; found {{found}}. Name the audience that tokens for this service have, or, where the issuer's access tokens have none (Cognito), the clients that may use it.",
  'found.both': 'both',
  'found.neither': 'neither',
  'input.star':
    'The input {{input}} must not begin or end with *, which is any text at Istio; found "{{found}}". Name each value.',
  'input.releaseToken':
    'A release sends requests through the gateway and needs a token for them: give the inputs token-url, client-id and client-secret.',
  'input.gatewayUrl':
    'The input url is missing: the base address of the service at the gateway. It is usually the output mesh.url, which the delivery record does not hold.',
  'input.url':
    'The input url is missing: the base address of the service. It is usually the output mesh.url, which the delivery record does not hold.',
  'input.cluster': 'With `gateway.own` the version is reached through its cluster: give the input {{input}}.',
  'input.noCommit': "A GitHub Deployment needs the source's commit, which the delivery record does not hold.",
  'input.repository': 'A GitHub Deployment needs the input repository.',
  'input.ruler':
    'ruler-url and prometheus-directory are given, and the rules go to one of them: with both, each alert would fire twice. Remove one of them.',
  'input.address': '{{input}} is no address with http:// or https://, such as https://prometheus.example.com.',
  'login.given': '{{input}} is given',
  'login.inAddress': 'prometheus-url has a user and a password',
  'login.two': '{{first}}, and {{second}}: a request has one login. Remove one of them.',
  'login.several': '{{first}}, and {{second}}: a request has one login. Remove all but one of them.',
  'input.region': 'prometheus-aws-region is no AWS region: found {{found}}, and it must be one such as eu-central-1.',
  'input.noTls':
    'prometheus-url begins with {{scheme}}//, where no certificate counts. Give the https address, or remove {{input}}.',
  'input.otherKey':
    'prometheus-client-certificate holds a private key of another certificate, or one with a passphrase: give the certificate and its key, both as PEM in one text.',
  'input.noKey':
    'prometheus-client-certificate holds no private key: give the certificate and its key, both as PEM in one text.',
  'input.noCertificate':
    '{{input}} is no certificate: it must be the text of a PEM file, with -----BEGIN CERTIFICATE-----.',
  'input.gitops':
    '`apply.repository` is {{repository}}, and there is no token for it: give the input gitops-token one that may write contents and pull requests of this repository alone.',
  'input.activator':
    '`scaling.min: 0` needs something that holds the requests of a version without pods. Give its image, that of services/activator, as the input activator-image, or set `scaling.min` to 1 or more.',
  'input.weightsProgram':
    '`model.weights.{{key}}` needs a program that {{does}} before the engine starts. Give its image, that of services/weights, as the input weights-image.',
  'input.weightsPull': 'pulls the model',
  'input.weightsVerify': 'verifies the model',
  'input.adaptersProgram':
    'An adapter with `reference` needs a program that downloads it before the engine starts. Give its image, that of services/weights, as the input weights-image.',
  'input.weights':
    '`model.weights.pull: init` needs something that pulls the model before the engine starts. Give its image, that of services/weights, as the input weights-image, or set `pull` to mount where the cluster mounts images.',

  // files that are in the way
  'folder.others':
    "The folder {{place}} is to hold the rendered objects, and it holds {{found}} without a {{list}} of Fairway's. Name an empty folder, or one that Fairway rendered before.",
  'folder.andMore': '{{first}} and more',
  'folder.foreign':
    "{{file}} is not Fairway's, and rendering would overwrite it. Name an empty folder, and let your own kustomization name that one in `resources`.",
  'pullToken.none':
    'There is no token to pull the image with after {{seconds}} s. {{object}} says: {{said}}. Its events, and those of the generator of that name, say more. Correct `workload.pullToken` in fairway.yaml or the identity that it names.',
  'pullToken.silent': 'nothing, so see whether its operator runs',
  'patch.wrong': 'workload.patches[{{index}}] {{what}}. Change the patch in fairway.yaml.',
  'patch.changes': 'changes {{field}}, by which the later stages know the version',
  'patch.unapplied': 'cannot be applied: {{words}}',
  'dockerfile.folder': '{{file}} is a folder. Write one, or name another under build.dockerfile.',
  'dockerfile.none': 'there is no Dockerfile at {{file}}. Write one, or name another under build.dockerfile.',
  'dockerfile.outside': 'build.dockerfile "{{file}}" lies outside of build.context "{{context}}"; move it inside.',
  'dockerfile.noTarget':
    'the Dockerfile {{file}} has no stage {{target}}. Name one of its stages (FROM … AS name) under build.target, or remove that.',
  'dockerfile.variable':
    '{{file}}:{{line}}: {{words}}. Give the variable a default with ARG before the first FROM, or a value under build.arguments in fairway.yaml.',

  // records
  'record.wrong':
    'This is not a delivery record: {{words}}. Move the file away to begin a new record; its stages will run again.',
  'record.newer':
    'This delivery record has schema version {{version}}; this Fairway reads up to {{most}}. Update Fairway, or move the file away to begin a new record.',
  'tokenizer.unread': "{{file}}: the tokenizer cannot be read ({{errno}}). Name the model's tokenizer.json.",
  'tokenizer.wrong': "{{file}}: no tokenizer that can be used ({{words}}). Name the model's tokenizer.json.",
  'trace.unread': 'The trace cannot be read ({{errno}}). Name a file of JSON lines or CSV.',
  'trace.line': `A line of a trace holds a time and the tokens of prompt and answer; found {{found}}. ${traceFormats}`,
  'trace.head': `The trace has the head {{found}}, which is none that is known. ${traceFormats}`,
  'trace.empty': 'The trace holds no request.',
} as const;
