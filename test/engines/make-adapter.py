#!/usr/bin/env python3
"""Writes a LoRA adapter for a model of make-model.py, in the form of PEFT: make-adapter.py MODEL ADAPTER, both folders.

Its matrices are random and strong: what they add at each feed-forward layer is far more than what is there, so that no answer with the adapter is like
one without it. Needs nothing but Python, and writes the same bytes on every machine.
"""

import array
import json
import os
import random
import struct
import sys

RANK = 8
# how often what the matrices give is added: lora_alpha / r
STRENGTH = 4


def matrix(numbers: random.Random, rows: int, columns: int) -> array.array:
    """Gives values of one size for values of that size."""
    spread = columns**-0.5
    return array.array("f", (numbers.gauss(0, spread) for _ in range(rows * columns)))


def main() -> None:
    model, folder = sys.argv[1:]
    with open(os.path.join(model, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    width, inner = config["hidden_size"], config["intermediate_size"]
    modules = {"gate_proj": (width, inner), "up_proj": (width, inner), "down_proj": (inner, width)}
    numbers, header, data = random.Random(7), {"__metadata__": {"format": "pt"}}, bytearray()
    for layer in range(config["num_hidden_layers"]):
        for module, (into, out) in modules.items():
            for part, shape in {"lora_A": [RANK, into], "lora_B": [out, RANK]}.items():
                values = matrix(numbers, *shape)
                if sys.byteorder == "big":
                    values.byteswap()
                begin = len(data)
                data += values.tobytes()
                name = f"base_model.model.model.layers.{layer}.mlp.{module}.{part}.weight"
                header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "adapter_model.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + bytes(data))
    with open(os.path.join(folder, "adapter_config.json"), "w", encoding="utf-8") as file:
        json.dump(
            {
                "peft_type": "LORA",
                "task_type": "CAUSAL_LM",
                "base_model_name_or_path": None,
                "r": RANK,
                "lora_alpha": RANK * STRENGTH,
                "target_modules": list(modules),
                "bias": "none",
                "inference_mode": True,
            },
            file,
        )


if __name__ == "__main__":
    main()
