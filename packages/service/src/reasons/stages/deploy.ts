/** What the stage `deploy` says. */
export const deployTexts = {
  'deploy.ready': '{{version}} is ready with {{pods}}.',
  'deploy.readyInPart':
    '{{version}} is ready with {{pods}} of {{replicas}}; the release gives it the rest, which {{serving}} gives up.',
  'deploy.readyFrom': '{{version}} is ready with {{pods}}, applied from {{place}}.',
  'deploy.sleeps':
    'It sleeps after {{idle}} s in which nobody asks, and whoever asks then waits for a start, which took {{seconds}} s.',
  'deploy.coldWithin':
    'From the begin of the pull to the first token it took {{seconds}} s of the {{most}} s that image.maxColdSeconds allows.',
  'deploy.coldOver':
    'From the begin of the pull to the first token it took {{seconds}} s, and image.maxColdSeconds allows {{most}} s. Make the image smaller, store it in another form (image.compression), let the pods fetch the model (model.weights), or allow more.',
  'deploy.coldUnknown': 'Nobody knows whether a cold start takes the {{most}} s of image.maxColdSeconds: {{why}}.',
  'deploy.coldPresent': 'the nodes had the image already',
  'deploy.coldUnasked': 'no pod gave a token through the API server ({{words}})',
  'deploy.noRoom': 'Nothing was deployed, because there is no room for another version: {{taken}}.',
  'deploy.usersAtOnce': 'Nothing was deployed, because pods of another version would get users at once: {{taken}}.',

  'deploy.notReady': '{{version}} did not become ready: {{cause}}',
  'deploy.removed': 'The new version was removed.',
  'deploy.left': 'The version was ready before and was left as it is.',
  'deploy.goesOn': 'The version {{revision}} goes on serving.',
  'deploy.first': 'There was no version before it.',
  'deploy.longer': 'If it needs longer, say so with startup.{{field}} in fairway.yaml.',

  // why a rollout was given up, beside what keeps its pods
  'rollout.silent': 'No pod became ready and the cluster reports no error.',
  'rollout.deleted': 'The deployment {{deployment}} was deleted by somebody else.',
  'rollout.seen': '{{cause}}.',
  'rollout.givenUp': 'Given up after {{seconds}} s of {{phase}}.',
  'phase.scheduling': 'waiting for a node',
  'phase.pulling': 'pulling the image and preparing the pod',
  'phase.loading': 'starting the containers',
  'log.first': 'Its first error: {{words}}',

  // what the first error of an engine's log means
  'log.gpuShared':
    'Something else uses the memory of this GPU: a GPU that is shared, or a process that was left on it.',
  'log.gpuMemory':
    'The memory of the GPU is too small. Lower serving.contextLength or serving.sequences, or ask for a larger resources.gpu.class or more of them.',
  'log.kvCache':
    "The weights leave too little of the GPU's memory for the KV cache. Lower serving.contextLength or serving.sequences, or ask for a larger resources.gpu.class or more of them.",
  'log.sharedMemory': 'The shared memory of the pod is too small.',
  'log.gated':
    'The model hub does not let it read that repository: accept its terms on its page, and give a token of an account that did (hub-token).',
  'log.hubUnknown':
    'The model hub has no such model, or does not show it to this account: look at the name in model.reference and at the token (hub-token).',
  'log.architecture':
    'This version of the engine does not know the architecture of the model: take a newer one, or another engine.',
  'log.kernel':
    'A kernel of the engine does not fit this kind of GPU: take another version of the engine or another resources.gpu.class.',
  'log.memory': 'The main memory of the pod is too small: raise resources.memory.',
  'log.killed':
    'A process of it was killed with signal 9, as the kernel does where the main memory of the pod is too small: raise resources.memory.',
  'log.disk':
    'The disk that it writes to is full: what it loads and compiles needs room in the volume or in the ephemeral storage of the pod.',
  'log.readOnly':
    'It writes where its user may not: set HOME, or the variable that the engine has for its cache, to a folder below /tmp.',
  'log.compiler':
    'It compiles code for the GPU as it starts, and the image lacks the compiler for that: add it in the Dockerfile (g++ for Triton, nvcc and ninja of the same CUDA for FlashInfer), or take the image of the engine itself.',
  'log.hubBusy': 'The model hub limits requests at the moment. With a token (hub-token) it allows more.',
  'log.customCode':
    'The model brings code of its own. If you trust it, give the engine its argument for that, such as --trust-remote-code; another way is an engine that knows the architecture itself.',
  'log.context':
    'serving.contextLength is more than the model was made for: lower it, or stretch the positions of the model.',
  'log.heads':
    'The model cannot be divided among so many GPUs: choose a resources.gpu.count that divides its attention heads.',
  'log.gpuCount':
    'The engine is to use more GPUs than the pod has: correct the sizes in engine.arguments, or raise resources.gpu.count.',
  'log.parts':
    'A layer of the model in its quantisation cannot be divided among so many GPUs: choose a smaller resources.gpu.count.',
  'log.types':
    'This kind of GPU does not compute the types of the model: ask for another resources.gpu.class, or for another type with an argument of the engine, such as --dtype half.',
  'log.file':
    'The model lacks a file that the engine needs: its configuration, its tokenizer or its weights. Fetch or export the model again, whole.',
  'log.damaged':
    'A file of the weights is damaged or was not stored whole: fetch it again, and compare its digest with that on the hub.',
  'log.otherProcessor':
    'The image is built for another processor than the one of the node: build it for that one, or ask for nodes of the other kind by the label kubernetes.io/arch (workload.nodeSelector).',
  'log.port':
    'Another program in the pod has that port: choose another serving.port, or take the other container away.',
  'log.arguments':
    'This version of the engine does not know an argument, or not that value of it: correct engine.arguments.',
  'log.gpuBroken':
    'A GPU of the node is broken: cordon the node, look at `nvidia-smi -q -d ECC` and the kernel log there, and reset or replace the GPU.',
  'log.gpuTaken':
    'Another program has a GPU of the node for itself, or it is divided by MIG and has no instance: look at the compute mode, the processes and MIG in `nvidia-smi` there.',
  'log.nccl':
    'The GPUs of the pod do not reach each other by NCCL. With NCCL_DEBUG=INFO the log says why; often it is too little shared memory, a GPU that is broken, or a network between nodes that is closed.',
  'log.group':
    'The pods of the group do not find each other in time: see whether all of them started, and whether a NetworkPolicy keeps them apart.',
} as const;
