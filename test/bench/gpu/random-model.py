"""random-model.py FOLDER [--without-weights]: completes a folder that holds the config.json of a Llama with random weights and a tokenizer.

Speed and memory of such a model are real; its answers are not. No token ends an
answer, so that every engine gives as many as it is asked for. The tokenizer has one token a byte, so that it needs no training, and
fills the rest of the vocabulary with made-up words that only the model can say. `--without-weights` writes weights of the right
names and sizes that hold nothing and take no room: enough for whoever reads their headers or loads dummies.

Needs torch, safetensors and tokenizers, which every engine of this benchmark brings.
"""

import itertools
import json
import os
import struct
import sys

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

SPECIAL = ["<|begin|>", "<|end|>", "<|role|>", "<|pad|>"]
TEMPLATE = (
    "{{- bos_token }}{%- for m in messages %}{{- '<|role|>' + m['role'] + '\n' + m['content'] + '<|end|>' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|role|>assistant\n' }}{%- endif %}"
)
BLOCK = 1 << 24


def write_tokenizer(folder: str, size: int) -> None:
    tokens = [*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    syllables = [a + b for a in "bcdfghjklmnpqrstvwxz" for b in "aeiou"]
    words = ("".join(parts) for count in (2, 3) for parts in itertools.product(syllables, repeat=count))
    tokens += itertools.islice(("Ġ" + word for word in words), size - len(tokens))
    tokenizer = Tokenizer(models.BPE(vocab={token: at for at, token in enumerate(tokens)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.save(os.path.join(folder, "tokenizer.json"))
    write_json(
        os.path.join(folder, "tokenizer_config.json"),
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": SPECIAL[0],
            "eos_token": SPECIAL[1],
            "pad_token": SPECIAL[3],
            "chat_template": TEMPLATE,
            "clean_up_tokenization_spaces": False,
        },
    )


def tensors(config: dict) -> dict:
    """Name → shape, as Transformers' LlamaForCausalLM has them."""
    hidden, inner, vocabulary = config["hidden_size"], config["intermediate_size"], config["vocab_size"]
    head = config.get("head_dim") or hidden // config["num_attention_heads"]
    queries, keys = config["num_attention_heads"] * head, config["num_key_value_heads"] * head
    layer = {
        "self_attn.q_proj.weight": (queries, hidden),
        "self_attn.k_proj.weight": (keys, hidden),
        "self_attn.v_proj.weight": (keys, hidden),
        "self_attn.o_proj.weight": (hidden, queries),
        "mlp.gate_proj.weight": (inner, hidden),
        "mlp.up_proj.weight": (inner, hidden),
        "mlp.down_proj.weight": (hidden, inner),
        "input_layernorm.weight": (hidden,),
        "post_attention_layernorm.weight": (hidden,),
    }
    shapes = {"model.embed_tokens.weight": (vocabulary, hidden), "model.norm.weight": (hidden,)}
    if not config.get("tie_word_embeddings"):
        shapes["lm_head.weight"] = (vocabulary, hidden)
    for at in range(config["num_hidden_layers"]):
        shapes.update({f"model.layers.{at}.{name}": shape for name, shape in layer.items()})
    return shapes


def write_empty(path: str, shapes: dict) -> None:
    header, at = {}, 0
    for name, shape in shapes.items():
        size = 2
        for extent in shape:
            size *= extent
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + at)


def write_random(path: str, shapes: dict) -> None:
    torch.manual_seed(0)
    block = (torch.randn(BLOCK) * 0.02).to(torch.bfloat16)

    def filled(shape: tuple) -> torch.Tensor:
        if len(shape) == 1:
            return torch.ones(shape, dtype=torch.bfloat16)
        # one block again and again: multiplications do not get faster by it, and it takes seconds rather than minutes
        count = shape[0] * shape[1]
        return block.repeat(-(-count // BLOCK))[:count].view(shape)

    save_file({name: filled(shape) for name, shape in shapes.items()}, path, metadata={"format": "pt"})


def write_json(path: str, content: dict) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)


def main() -> None:
    folder = sys.argv[1]
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    write_tokenizer(folder, config["vocab_size"])
    write_json(os.path.join(folder, "generation_config.json"), {"bos_token_id": 0, "pad_token_id": 3})
    path = os.path.join(folder, "model.safetensors")
    (write_empty if "--without-weights" in sys.argv else write_random)(path, tensors(config))
    print(f"{path}: {os.path.getsize(path)} bytes")


if __name__ == "__main__":
    main()
