/** What the stage `prepare` says. */
export const prepareTexts = {
  'prepare.valid': '{{service}} is valid: {{model}} ({{parameters}} parameters, {{type}}) on {{engine}}. {{fit}}',
  'prepare.noGpu': 'No GPU is asked for.',
  'prepare.larger': 'the model is larger than the GPU asked for. {{fit}}',
  'prepare.shapeless':
    'Whether the model fits {{gpus}} × {{gpu}} cannot be said: it does not tell its layers, KV heads and head dimension (config.json, params.json or the GGUF header). State them in model.shape.',

  'prepare.noZstd':
    'No node that may run the pods unpacks layers in zstd, which takes containerd 1.5 or Docker 23: {{node}} runs {{runtime}}. Update the nodes, or set image.compression to gzip, none or estargz.',
  'prepare.someWithoutZstd':
    '{{number}} of {{all}} nodes do not unpack layers in zstd, which takes containerd 1.5 or Docker 23: {{node}} runs {{runtime}}. A pod that comes there does not start: name the other nodes (workload.nodeSelector), or set image.compression to gzip, none or estargz.',

  'prepare.secret':
    'The source holds what looks like a secret: {{places}}. Take it out of the folder and revoke it, since it may be in the history and in images already; if it is none, write "fairway:allow-secret <reason>" on that line or the line before.',
  'prepare.secrets':
    'The source holds what looks like {{number}} secrets: {{places}}. Take it out of the folder and revoke it, since it may be in the history and in images already; if it is none, write "fairway:allow-secret <reason>" on that line or the line before.',
  'prepare.looksLike': '{{place}} looks like {{kind}}',
  'prepare.morePlaces': '{{places}}, and {{number}} more',

  'prepare.loadTooSmall':
    '{{needs}}; {{sends}}. Nothing smaller can pass at a confidence of {{confidence}} %. With {{rate}} requests a second, write `maxSeconds: {{maxSeconds}}` below `load`, or leave it out: the load test ends as soon as every objective is decided. A higher `requestsPerSecond` is quicker.',
  'prepare.loadTight':
    '{{objective}} is decided by {{least}} requests only when all of them are good; {{sends}}. A service whose share of bad ones is a quarter of what is allowed passes nine times in ten with {{requests}}: write `maxSeconds: {{maxSeconds}}` below `load`, or leave it out: the load test ends as soon as every objective is decided.',
  'prepare.loadTooSlow':
    '{{needs}}; {{sends}}. A load test lasts a day at most: write `requestsPerSecond: {{rate}}` below `load`, if the service is made for so many, or promise less.',
  'prepare.loadTightForDay':
    '{{objective}} is decided by {{least}} requests only when all of them are good; {{sends}}. A service whose share of bad ones is a quarter of what is allowed passes nine times in ten with {{requests}}, and a load test lasts a day at most: write `requestsPerSecond: {{rate}}` below `load`, if the service is made for so many, or promise less.',
  'prepare.sends': 'load sends {{requests}} ({{rate}} a second for {{seconds}} s)',
  'prepare.sendsToPart':
    'load sends {{requests}} ({{rate}} a second for {{seconds}} s, asked of the {{pods}} of {{replicas}} pods that release.surge has room for)',
  'prepare.needsNoError': '{{objective}} needs {{requests}} requests without an error',
  'prepare.needsNoBad': '{{objective}} needs {{requests}} requests without a bad one',
  'prepare.needsNoSlow': '{{objective}} needs {{requests}} requests without a slow one',
  'prepare.availability': 'availability {{share}} %',
  'prepare.goodput': 'goodput {{share}} %',
  'prepare.ttft': 'time to first token p{{percentile}}',
  'prepare.itl': 'inter-token latency p{{percentile}}',
} as const;
