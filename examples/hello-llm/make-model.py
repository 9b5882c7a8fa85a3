#!/usr/bin/env python3
"""Writes model/hello-tiny.gguf: a real Llama of 1.4 million parameters whose weights are set by hand, not trained.

Needs Python 3.9 or newer and nothing else. The same script writes the same bytes on every machine, so that the
content-addressed stages of a delivery see an unchanged model as unchanged.

`--gguf FILE` and `--safetensors FOLDER` write it elsewhere, and as Transformers has it. `--endless` makes one that never ends an answer by itself,
so that engines can be compared by answers of one length, and `--context TOKENS` one with a context of another size.

How it can talk without training: every token gets a random embedding, and the output row of a token is the sum of
the embeddings of the tokens that precede it in TEXT. The two layers between are random and weak, so that they cost
what a model's layers cost and stir the answer without drowning it.
"""

import argparse
import array
import json
import os
import random
import re
import struct
import sys

# What it can say: sentences in any order, each token followed by one that follows it here.
TEXT = [
    "Hello! I am a very small language model, and I run inside a pod of your cluster.",
    " My image was built from source, scanned, patched, scanned again and made smaller before it was pushed.",
    " Every request to me comes through the gateway, where a firewall reads it, a token is verified"
    " and a role decides what you may ask.",
    " I know only a few words, so please do not ask me for facts; ask me for tokens, and I will stream them to you"
    " one by one until the answer is done.",
]
SPECIAL = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)

CONTEXT = 2048
WIDTH = 256
LAYERS = 2
HEADS = 4
KV_HEADS = 2
FEED_FORWARD = 512
# Logit of a token that follows the last one in TEXT; about e^10 to one against any other.
CERTAINTY = 10.0
# How strongly the random layers stir the last embedding: small beside 1.
STIR = 0.004


def byte_alphabet() -> dict:
    """GPT-2's printable stand-in for every byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in printable}
    for byte in range(256):
        if byte not in letters:
            letters[byte] = chr(256 + len(letters) - len(printable))
    return letters


def words(text: str) -> list:
    """Splits as GPT-2's tokenizer does, for the ASCII that TEXT is made of."""
    return re.findall(r" ?[A-Za-z]+| ?[^\sA-Za-z]+", text)


def learn_merges(texts: list, letters: dict) -> list:
    """Byte-pair merges, most frequent pair first, until every word of the texts is one token."""
    corpus = [[letters[byte] for byte in word.encode()] for text in texts for word in words(text)]
    merges = []
    while True:
        counts = {}
        for symbols in corpus:
            for pair in zip(symbols, symbols[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        if not counts:
            return merges
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        for symbols in corpus:
            at = 0
            while at < len(symbols) - 1:
                if (symbols[at], symbols[at + 1]) == best:
                    symbols[at : at + 2] = ["".join(best)]
                at += 1


def spread(source: random.Random, count: int, deviation: float) -> array.array:
    """`count` uniform floats of the given standard deviation. random() alone is the same in every Python version."""
    scale = deviation * 12**0.5
    return array.array("f", ((source.random() - 0.5) * scale for _ in range(count)))


def output_rows(embedding: array.array, ids: dict, letters: dict, endless: bool) -> array.array:
    followers = set()
    for index, text in enumerate(TEXT):
        tokens = [ids["".join(letters[byte] for byte in word.encode())] for word in words(text)]
        # Any sentence may start an answer or follow another; the last one ends it.
        starts = [ids["<|assistant|>"]] if index == 0 else [ids["."]]
        ends = [ids["<|end|>"]] if index == len(TEXT) - 1 and not endless else []
        chain = [*starts, *tokens, *ends]
        followers.update(zip(chain, chain[1:]))
    rows = array.array("f", bytes(4 * len(embedding)))
    for before, after in sorted(followers):
        for column in range(WIDTH):
            rows[after * WIDTH + column] += CERTAINTY / WIDTH * embedding[before * WIDTH + column]
    return rows


def tensors(vocabulary: list, letters: dict, endless: bool) -> list:
    """(name, dimensions with the contiguous one first, values) of the whole model."""
    source = random.Random(2718)
    ids = {token: index for index, token in enumerate(vocabulary)}
    head = WIDTH // HEADS
    ones = array.array("f", [1.0]) * WIDTH
    embedding = spread(source, len(vocabulary) * WIDTH, 1.0)
    result = [
        ("token_embd.weight", (WIDTH, len(vocabulary)), embedding),
        ("output_norm.weight", (WIDTH,), ones),
        ("output.weight", (WIDTH, len(vocabulary)), output_rows(embedding, ids, letters, endless)),
    ]
    matrices = [
        ("attn_q", WIDTH, HEADS * head, 0.06),
        ("attn_k", WIDTH, KV_HEADS * head, 0.06),
        ("attn_v", WIDTH, KV_HEADS * head, 0.06),
        ("attn_output", HEADS * head, WIDTH, STIR),
        ("ffn_gate", WIDTH, FEED_FORWARD, 0.06),
        ("ffn_up", WIDTH, FEED_FORWARD, 0.06),
        ("ffn_down", FEED_FORWARD, WIDTH, STIR),
    ]
    for layer in range(LAYERS):
        result += [(f"blk.{layer}.{name}.weight", (WIDTH,), ones) for name in ("attn_norm", "ffn_norm")]
        for name, inputs, outputs, deviation in matrices:
            result.append((f"blk.{layer}.{name}.weight", (inputs, outputs), spread(source, inputs * outputs, deviation)))
    return result


def string(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
SCALARS = {UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}


def value(kind: int, content) -> bytes:
    return string(content) if kind == STRING else struct.pack(SCALARS[kind], content)


def entry(key: str, kind: int, content) -> bytes:
    if isinstance(content, list):
        body = struct.pack("<IQ", kind, len(content)) + b"".join(value(kind, item) for item in content)
        return string(key) + struct.pack("<I", ARRAY) + body
    return string(key) + struct.pack("<I", kind) + value(kind, content)


def metadata(vocabulary: list, merges: list, context: int) -> list:
    normal, control = 1, 3
    return [
        entry("general.architecture", STRING, "llama"),
        entry("general.type", STRING, "model"),
        entry("general.name", STRING, "hello-tiny"),
        entry("general.license", STRING, "apache-2.0"),
        entry("general.file_type", UINT32, 0),
        entry("llama.vocab_size", UINT32, len(vocabulary)),
        entry("llama.context_length", UINT32, context),
        entry("llama.embedding_length", UINT32, WIDTH),
        entry("llama.block_count", UINT32, LAYERS),
        entry("llama.feed_forward_length", UINT32, FEED_FORWARD),
        entry("llama.attention.head_count", UINT32, HEADS),
        entry("llama.attention.head_count_kv", UINT32, KV_HEADS),
        entry("llama.attention.layer_norm_rms_epsilon", FLOAT32, 1e-5),
        entry("llama.rope.dimension_count", UINT32, WIDTH // HEADS),
        entry("llama.rope.freq_base", FLOAT32, 10000.0),
        entry("tokenizer.ggml.model", STRING, "gpt2"),
        entry("tokenizer.ggml.pre", STRING, "gpt-2"),
        entry("tokenizer.ggml.tokens", STRING, vocabulary),
        entry("tokenizer.ggml.token_type", INT32, [control if token in SPECIAL else normal for token in vocabulary]),
        entry("tokenizer.ggml.merges", STRING, [" ".join(pair) for pair in merges]),
        entry("tokenizer.ggml.bos_token_id", UINT32, vocabulary.index("<|end|>")),
        entry("tokenizer.ggml.eos_token_id", UINT32, vocabulary.index("<|end|>")),
        entry("tokenizer.ggml.padding_token_id", UINT32, vocabulary.index("<|end|>")),
        entry("tokenizer.ggml.add_bos_token", BOOL, False),
        entry("tokenizer.chat_template", STRING, CHAT_TEMPLATE),
    ]


def hugging_face_name(name: str) -> str:
    parts = {
        "attn_q": "self_attn.q_proj",
        "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj",
        "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
        "attn_norm": "input_layernorm",
        "ffn_norm": "post_attention_layernorm",
        "token_embd": "embed_tokens",
        "output_norm": "norm",
    }
    if name == "output.weight":
        return "lm_head.weight"
    *layer, part, _ = name.split(".")
    return ".".join(["model", *(["layers", layer[1]] if layer else []), parts[part], "weight"])


def split_halves(values: array.array, heads: int) -> array.array:
    """Rows of queries or keys as Transformers has them: GGUF pairs neighbours for the rotation, Transformers the two halves of a head."""
    head = len(values) // WIDTH // heads
    rows = array.array("f")
    for at in range(heads * head):
        inside = at % head
        row = at - inside + 2 * (inside % (head // 2)) + inside // (head // 2)
        rows += values[row * WIDTH : (row + 1) * WIDTH]
    return rows


def safetensors(weights: list) -> bytes:
    header, data = {"__metadata__": {"format": "pt"}}, bytearray()
    for name, dimensions, values in weights:
        if "attn_q" in name or "attn_k" in name:
            values = split_halves(values, HEADS if "attn_q" in name else KV_HEADS)
        if sys.byteorder == "big":
            values = array.array("f", values)
            values.byteswap()
        content = values.tobytes()
        header[hugging_face_name(name)] = {
            "dtype": "F32",
            "shape": list(reversed(dimensions)),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + bytes(data)


def hugging_face_files(endless: bool, context: int) -> dict:
    """File name → content of the model's folder."""
    letters = byte_alphabet()
    merges = learn_merges(TEXT, letters)
    vocabulary = list(dict.fromkeys([*SPECIAL, *letters.values(), *("".join(pair) for pair in merges)]))
    end = vocabulary.index("<|end|>")
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": len(vocabulary),
        "hidden_size": WIDTH,
        "intermediate_size": FEED_FORWARD,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": WIDTH // HEADS,
        "hidden_act": "silu",
        "max_position_embeddings": context,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "tie_word_embeddings": False,
        "attention_bias": False,
        "mlp_bias": False,
        "torch_dtype": "float32",
        "bos_token_id": end,
        "eos_token_id": end,
        "pad_token_id": end,
    }
    tokenizer = {
        "version": "1.0",
        "added_tokens": [
            {"id": at, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
            for at, token in enumerate(SPECIAL)
        ],
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "vocab": {token: at for at, token in enumerate(vocabulary)},
            "merges": [" ".join(pair) for pair in merges],
        },
    }
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<|end|>",
        "eos_token": "<|end|>",
        "pad_token": "<|end|>",
        "model_max_length": context,
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }
    special = {"bos_token_id": end, "eos_token_id": end, "pad_token_id": end}
    texts = {
        "config.json": config,
        "generation_config.json": special,
        "tokenizer.json": tokenizer,
        "tokenizer_config.json": tokenizer_config,
    }
    card = "---\nlicense: apache-2.0\n---\n"
    files = {name: (json.dumps(content, indent=1) + "\n").encode() for name, content in texts.items()}
    return {**files, "README.md": card.encode(), "model.safetensors": safetensors(tensors(vocabulary, letters, endless))}


def padding(length: int, alignment: int = 32) -> bytes:
    return bytes(-length % alignment)


def gguf(endless: bool, context: int) -> bytes:
    letters = byte_alphabet()
    merges = learn_merges(TEXT, letters)
    vocabulary = list(dict.fromkeys([*SPECIAL, *letters.values(), *("".join(pair) for pair in merges)]))
    entries = metadata(vocabulary, merges, context)
    weights = tensors(vocabulary, letters, endless)
    infos, data = [], bytearray()
    for name, dimensions, values in weights:
        infos.append(
            string(name) + struct.pack(f"<I{len(dimensions)}QIQ", len(dimensions), *dimensions, 0, len(data))
        )
        if sys.byteorder == "big":
            values = array.array("f", values)
            values.byteswap()
        data += values.tobytes()
        data += padding(len(data))
    header = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(entries)) + b"".join(entries) + b"".join(infos)
    return header + padding(len(header)) + bytes(data)


def write(path: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    # A file that is right keeps its time, so that a delivery sees that nothing changed.
    if os.path.exists(path):
        with open(path, "rb") as file:
            if file.read() == content:
                print(f"{os.path.relpath(path)} is there and as it should be.")
                return
    # A killed run must not leave half a model under the final name.
    with open(path + ".new", "wb") as file:
        file.write(content)
    os.replace(path + ".new", path)
    print(f"Wrote {os.path.relpath(path)}: {len(content) / 1e6:.1f} MB.")


def main() -> None:
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Writes the model hello-tiny.")
    parser.add_argument("--gguf", metavar="FILE", help="default: model/hello-tiny.gguf beside this script")
    parser.add_argument("--safetensors", metavar="FOLDER")
    parser.add_argument("--endless", action="store_true")
    parser.add_argument("--context", metavar="TOKENS", type=int, default=CONTEXT)
    given = parser.parse_args()
    if given.safetensors:
        for name, content in hugging_face_files(given.endless, given.context).items():
            write(os.path.join(given.safetensors, name), content)
    if given.gguf or not given.safetensors:
        write(given.gguf or os.path.join(here, "model", "hello-tiny.gguf"), gguf(given.endless, given.context))


if __name__ == "__main__":
    main()
