"""Writes small encoders of random weights as Hugging Face's own code has them, with the vectors that torch computes.

    python test/text/record-models.py      (with torch, transformers, onnx, onnxscript; writes test/text/models/)

No package registry holds weights of CLIP or T5, so their layout is compared on random ones: folders as `save_pretrained`
writes them, in single and half precision, with tokenizers of a few words, and what the models make of some sentences.
"""

import json
import os
import shutil
import warnings

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, CLIPConfig, CLIPTextConfig, CLIPTextModelWithProjection, T5Config, T5EncoderModel

warnings.filterwarnings("ignore")
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models")
SENTENCES = ["pick up the red cup", "push the blue cup left", "open it", "Pick up the red red red cup and push it up up up!"]
WORDS = "pick up the red cup push blue left open it and".split()


def word_pieces():
    vocab = {word: i for i, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS, "!", "##s"])}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return tokenizer, len(vocab)


def clip_pairs():
    """CLIP's way: letters, the last of a word marked, joined to words by merges."""
    letters = sorted({letter for word in WORDS for letter in word} | {"!"})
    vocab = [*letters, *(letter + "</w>" for letter in letters)]
    merges = []
    for word in WORDS:
        parts = [*word[:-1], word[-1] + "</w>"]
        while len(parts) > 1:
            merges.append((parts[0], parts[1]))
            parts = [parts[0] + parts[1], *parts[2:]]
            vocab.append(parts[0])
    vocab = list(dict.fromkeys(vocab))
    merges = list(dict.fromkeys(merges))
    table = {piece: i for i, piece in enumerate([*vocab, "<|startoftext|>", "<|endoftext|>"])}
    tokenizer = Tokenizer(models.BPE(table, merges, unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace()])
    start, end = len(table) - 2, len(table) - 1
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|startoftext|> $A <|endoftext|>", special_tokens=[("<|startoftext|>", start), ("<|endoftext|>", end)]
    )
    return tokenizer, len(table), start, end


def t5_pieces():
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -20.0), *(("▁" + word, -3.0 - i / 10) for i, word in enumerate(WORDS))]
    pieces += [("▁", -5.0), ("!", -6.0), ("P", -7.0), ("i", -7.0), ("c", -7.0), ("k", -7.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tokenizer, len(pieces)


def save(name, model, tokenizer, vector, dtype=torch.float32):
    """`vector`: of the model and the ids, [1, tokens], the sentence's vector before it is brought to length 1."""
    folder = os.path.join(HERE, name)
    model = model.to(dtype)
    model.save_pretrained(folder)
    model = model.float().eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    tokenizer.save(os.path.join(folder, "tokenizer.json"), pretty=False)
    encoded = [tokenizer.encode(sentence).ids for sentence in SENTENCES]
    vectors = [torch.nn.functional.normalize(vector(model, torch.tensor([ids]))[0], dim=0).tolist() for ids in encoded]
    expected = {"sentences": SENTENCES, "ids": encoded, "vectors": vectors}
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(expected, file, separators=(",", ":"))
        file.write("\n")
    return folder


def spread(model):
    """Random weights of a size at which every part has a say."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(1 + 0.2 * noise if "norm" in name.lower() and name.endswith("weight") else 0.4 * noise)
    return model.eval()


shutil.rmtree(HERE, ignore_errors=True)
tokenizer, size = word_pieces()
bert = spread(
    BertModel(
        BertConfig(vocab_size=size, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=32),
        add_pooling_layer=False,
    )
)
mean = lambda model, ids: model(input_ids=ids).last_hidden_state.mean(1)
folder = save("bert", bert, tokenizer, mean, torch.float16)
onnx = os.path.join(HERE, "bert-onnx")
os.makedirs(onnx)
for name in ["config.json", "tokenizer.json", "expected.json"]:
    shutil.copy(os.path.join(folder, name), onnx)


class LastHidden(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        given = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
        return self.model(**given).last_hidden_state


ids = torch.tensor([[2, 4, 5, 3]])
free = {0: "batch_size", 1: "sequence_length"}
torch.onnx.export(
    LastHidden(bert),
    (ids, torch.ones_like(ids), torch.zeros_like(ids)),
    os.path.join(onnx, "model.onnx"),
    input_names=["input_ids", "attention_mask", "token_type_ids"],
    output_names=["last_hidden_state"],
    dynamic_axes={name: free for name in ["input_ids", "attention_mask", "token_type_ids", "last_hidden_state"]},
    dynamo=False,
)

tokenizer, size, start, end = clip_pairs()
for name, act in [("clip", "quick_gelu"), ("clip-gelu", "gelu")]:
    config = CLIPTextConfig(
        vocab_size=size, hidden_size=16, intermediate_size=24, projection_dim=12, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=20, hidden_act=act, bos_token_id=start, eos_token_id=end, pad_token_id=end,
    )
    model = spread(CLIPTextModelWithProjection(config))
    folder = save(name, model, tokenizer, lambda model, ids: model(input_ids=ids).text_embeds)
    if name == "clip-gelu":  # as a folder of the whole CLIP has it: the text's settings within
        whole = {"model_type": "clip", "projection_dim": 12, "text_config": json.loads(config.to_json_string(use_diff=False))}
        with open(os.path.join(folder, "config.json"), "w") as file:
            json.dump(whole, file)

tokenizer, size = t5_pieces()
for name, feed, dtype in [("t5", "relu", torch.float32), ("t5-gated", "gated-gelu", torch.bfloat16)]:
    config = T5Config(
        vocab_size=size, d_model=16, d_kv=6, d_ff=24, num_layers=2, num_heads=3, relative_attention_num_buckets=8,
        relative_attention_max_distance=16, feed_forward_proj=feed,
    )
    model = spread(T5EncoderModel(config))
    save(name, model, tokenizer, lambda model, ids: model(input_ids=ids).last_hidden_state.mean(1), dtype)
