/** What is wrong with a model, or where it comes from. Texts without a period are parts of a sentence. */
export const modelTexts = {
  // at a hub
  'hub.unpinned':
    '{{reference}} is not a pinned model reference; write hf://organization/name@ and the 40 hexadecimal digits of a commit.',
  'hub.other': '{{hub}} did not answer like a model hub for {{reference}}. Check the address of the hub.',
  'hub.otherCommit':
    '{{hub}} answered {{reference}} with the commit {{commit}}. Pin that commit, or check the address of the hub.',
  'hub.noPath':
    '{{repository}} has no file or folder {{path}} in its commit {{commit}}. Correct the path behind the commit.',
  'hub.noName':
    '"{{written}}" names no model. Write organization/name as on the hub, with @ and a branch, tag or commit behind it if you want.',
  'hub.noRanges':
    '{{hub}}{{path}} ignores range requests, so that the header alone cannot be read. Use a hub or a mirror that serves ranges.',
  'hub.noLength': '{{hub}}{{path}} does not tell how long the file is. Use a hub or a mirror that serves ranges.',
  'hub.short':
    '{{hub}}{{path}} sent {{bytes}} bytes of {{length}} asked for. Run again; if it stays so, use another mirror.',
  'hub.unknown':
    '{{hub}} knows no {{reference}} (GET {{path}} answered 404). Check the name and the commit; a private model needs a token.',
  'hub.private': 'It is private or asks for consent: give a token that may read it (HF_TOKEN).',
  'hub.consent': 'The token given may not read it: accept the terms on the model page, or use another token.',
  'hub.refuses': '{{hub}} refuses {{reference}} (GET {{path}} answered {{status}}). {{advice}}',
  'hub.noHash':
    '{{hub}} lists {{path}} of {{reference}} without its size and hash, so that nothing could prove its content. Use the hub itself, or a mirror that answers ?blobs=true.',
  'hub.otherHash':
    '{{file}} of {{reference}} is not what its commit has: its {{kind}} is {{found}}, and it must be {{wanted}}. What came was deleted. Run again; if it stays so, the hub or the way to it changes files: use another mirror.',
  'hub.tooLong':
    '{{hub}}{{path}} sent more than the {{size}} bytes that the commit has. What came was deleted. Run again; if it stays so, use another mirror.',
  'hub.brokeOff':
    '{{hub}}{{path}} broke off after {{bytes}} of {{size}} bytes, {{attempts}} times without a byte more: {{words}}. Run again: it goes on from there.',
  'hub.answered': '{{hub}} answered {{status}} to GET {{path}}. Check the address of the hub.',

  // the files of a model
  'model.badValue': '{{name}} is not the configuration of a model: {{key}} must be {{wanted}}; found {{found}}.',
  'model.none': 'There is no model at {{path}}. Put the model there, or correct model.path.',
  'model.noSafetensors':
    '{{file}} is not a whole safetensors file: {{words}}. Fetch or export the model again (a Git LFS pointer is a text file of about 130 bytes).',
  'model.noGguf':
    '{{file}} is not a GGUF file that Fairway can read: {{words}}. Fetch or convert the model again (a Git LFS pointer is a text file of about 130 bytes).',
  'model.noTensors':
    '{{model}} holds no tensors, so there is nothing to serve (a file of the vocabulary alone looks like that). Fetch or export the model again.',
  'model.lacksShards':
    '{{model}} lacks {{number}} of {{all}} weight files that its index names, the first is {{first}}. Fetch the model again.',
  'model.noWeights': '{{model}} holds no weights: neither *.safetensors nor *.gguf is in it.',
  'model.unsafeWeights':
    '{{model}} holds no weights: neither *.safetensors nor *.gguf is in it ({{file}} may run code when it is loaded, so Fairway refuses that format; convert it to safetensors).',
  'model.several':
    '{{model}} holds {{number}} GGUF files ({{shown}}). Name one of them in model.path (or behind the commit of model.reference).',
  'model.andMore': '{{first}} and {{more}} more',
  'model.lacksPart': '{{model}} lacks {{part}}, one of {{parts}} parts of the model. Fetch the model again.',
  'model.noIndex': '{{name}} is not an index of weights: it has no "weight_map". Fetch the model again.',
  'model.noJson': '{{name}} is not valid JSON: {{words}}. Fetch or export the model again.',
  'model.noMapping':
    '{{name}} is not the configuration of a model: it must be a mapping. Fetch or export the model again.',
  'model.format':
    'the engine {{engine}} reads {{formats}}, and the model {{model}} is {{format}}. Convert the model, or choose another engine.',
  'model.unstretched':
    '`serving.contextLength` is {{length}}, and {{engine}} takes {{most}} tokens, which is max_position_embeddings of the model: it does not count {{scaling}} scaling into it. Raise it in {{raise}}, or lower serving.contextLength to {{most}}.',
  'model.tooLong':
    "`serving.contextLength` is {{length}}, and the model was made for {{most}} tokens. Lower it to {{most}} or less, or stretch the model's positions (rope_scaling in its config.json, or the engine's argument).",
  'model.linkOut':
    '{{file}} leads by a link to {{target}}, which is not in the folder of the service. A Docker build takes links as they are, so the image would lack it. Put the file itself there (cp -L), or keep the model out of the image with model.weights.',
  // adapters of a model
  'adapter.none':
    'There is no adapter_config.json in {{folder}}. Put the folder of the adapter there, as PEFT saves it, or correct model.adapters.',
  'adapter.noWeights':
    '{{folder}} has no adapter_model.safetensors, the weights of the adapter. Fetch or save it again; adapter_model.bin may run code when it is loaded, so Fairway takes safetensors alone.',
  'adapter.badValue':
    '{{file}} is not the configuration of a LoRA adapter: {{key}} must be {{wanted}}; found {{found}}. Save it again with PEFT, or take another adapter.',
  'adapter.rank':
    '`rank` is {{rank}}, and the adapter has the rank {{found}} ({{file}}), for which the engine would have no room. Write rank: {{found}}.',
  'adapter.unserved':
    '{{file}} has {{key}}, and vllm loads no adapter with that. Train one without it, or merge it into the model and serve that.',
  'adapter.linkOut':
    '{{file}} leads by a link to {{target}}, which is not in the folder of the service. A Docker build takes links as they are, so the image would lack it. Put the file itself there (cp -L).',
  'model.otherShape':
    '`model.shape` differs from what the model tells: {{different}}. Take it out, or say in model.shape.reason why it holds.',
} as const;
