/** What an engine does not do. Texts without a period are parts of a sentence. */
export const engineTexts = {
  // arguments of engines
  'engine.noHub':
    '`model.weights.from` is hub, and {{engine}} cannot load a given commit from there ({{others}} can). Put the model on a volume, and set model.weights to { from: volume, claim: <its PersistentVolumeClaim> }.',
  'engine.noAdapters':
    '`model.adapters` are served under names of their own, which {{engine}} does not do ({{others}} do): requests could not ask for them by `model`. Take one of these engines, or merge the adapter into the model and serve that.',
  'engine.rank':
    '`rank` is {{rank}}, and vllm takes {{most}} at most (--max-lora-rank). Take an adapter of a lower rank, or merge it into the model and serve that.',
  'engine.adapterName':
    '`name` is {{name}}, and sglang finds an adapter by what stands behind the first colon of the model that a request asks for. Write it as {{model}}:name, with a model.name that has no colon.',
  'engine.nodes':
    '`workload.nodes` is {{nodes}}, and Fairway knows how several nodes serve one model with vllm only, not with {{engine}}. Remove workload.nodes and workload.kind, or take vllm.',
  'engine.copies':
    '`engine.arguments[{{index}}]` makes copies of the model (data parallelism), which several nodes would have to find each other for in another way. Remove it, and set resources.replicas to the number of copies.',
  'engine.file':
    '`engine.arguments[{{index}}]` names {{path}}, which must hold a mapping of arguments to values in YAML. Correct the file.',
  'argument.own':
    '{{argument}}, which Fairway gives itself from the other fields of this file (model, serving, resources). Remove it here and set it there.',
  'argument.elsewhere':
    '{{argument}}, with which {{engine}} no longer answers everybody in plain HTTP at its port. The probes of its pods and the gateway ask there: remove it. The gateway ends TLS and lets clients in, and `mesh` encrypts the way to the pods.',
  'argument.gives': '`engine.arguments[{{index}}]` gives {{problem}}',
  'argument.underscores': '{{argument}}, and {{engine}} reads no underscores there. Write {{right}}.',
  'argument.equals':
    '{{argument}}, and {{engine}} takes no value behind "=". Write the value as an argument of its own.',
  'argument.ambiguous':
    '{{argument}}, which may stand for {{meant}}, so {{engine}} does not start. Write the whole name.',
  'argument.switch': '{{argument}}, and {{engine}} takes no value there. Write {{right}}, or leave it out.',
  'argument.noValue': '{{argument}} without a value. Write the value behind it.',
  'argument.badValue': '{{argument}} the value "{{value}}", and {{engine}} reads {{wanted}} there. Correct it.',
  'argument.size': 'a whole number or a size such as 32k',
  'engine.notScaled':
    '`scaling` goes by the metrics of the engine, and {{engine}} does not tell how many requests wait and run. Remove it and set `resources.replicas`, or take an engine that does.',
} as const;
