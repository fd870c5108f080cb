"""The same transformer in PyTorch on one thread. One line of JSON in, one out: first the workload,
then "train" or "sample" as often as wanted."""
import json
import math
import sys

import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def main():
    workload = json.loads(sys.stdin.readline())
    engine = Engine(workload)
    answer({"ready": True})
    for line in sys.stdin:
        phase = json.loads(line)
        answer({"loss": engine.train()} if phase == "train" else {"tokens": engine.sample()})


def answer(value):
    print(json.dumps(value), flush=True)


class Engine:
    def __init__(self, workload):
        self.config = workload["config"]
        self.train_work = workload["train"]
        self.sample_work = workload["sample"]
        self.weights = {
            w["name"].removesuffix(".weight"): torch.tensor(w["values"], dtype=torch.float32)
            .reshape(w["shape"])
            .requires_grad_()
            for w in workload["weights"]
        }
        work = self.train_work
        self.optimizer = torch.optim.AdamW(
            list(self.weights.values()),
            lr=work["learningRate"],
            betas=(work["beta1"], work["beta2"]),
            eps=work["epsilon"],
            weight_decay=0.0,
        )
        self.sequences = torch.tensor(work["sequences"])
        self.prompts = torch.tensor(self.sample_work["prompts"])
        self.uniforms = torch.tensor(self.sample_work["uniforms"]).reshape(len(self.prompts), -1)

    def train(self):
        hidden, _ = self.decode(self.sequences[:, :-1])
        logits = self.logits(hidden)
        loss = F.cross_entropy(logits.flatten(0, 1), self.sequences[:, 1:].flatten())
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def sample(self):
        ids, caches, columns = self.prompts, None, []
        for t in range(self.sample_work["newTokens"]):
            hidden, caches = self.decode(ids, caches)
            cumulative = self.logits(hidden[:, -1]).softmax(-1).cumsum(-1)
            below = (cumulative <= self.uniforms[:, t : t + 1]).sum(-1, keepdim=True)
            ids = below.clamp(max=self.config["vocabSize"] - 1)
            columns.append(ids)
        return torch.cat(columns, 1).flatten().tolist()

    def decode(self, ids, caches=None):
        """[batch, time] → hidden [batch, time, d], and the keys and values of every block."""
        config = self.config
        eps, heads = config["rmsNormEps"], config["numHeads"]
        earlier = caches[0][0].shape[2] if caches else 0
        angles = self.rotary(earlier, ids.shape[1])
        x, kept = F.embedding(ids, self.weights["model.embed_tokens"]), []
        for i in range(config["numLayers"]):
            w = {part: self.weights[f"model.layers.{i}.{part}"] for part in PARTS}
            normal = norm(x, w["input_layernorm"], eps)
            q, k, v = (
                F.linear(normal, w[f"self_attn.{p}_proj"]).unflatten(-1, (heads, -1)).transpose(1, 2)
                for p in "qkv"
            )
            q, k = rotate(q, angles), rotate(k, angles)
            if caches:
                k, v = torch.cat([caches[i][0], k], 2), torch.cat([caches[i][1], v], 2)
            kept.append((k, v))
            attention_out = self.attend(q, k, v).transpose(1, 2).flatten(2)
            x = x + F.linear(attention_out, w["self_attn.o_proj"])
            inner = norm(x, w["post_attention_layernorm"], eps)
            gated = F.silu(F.linear(inner, w["mlp.gate_proj"])) * F.linear(inner, w["mlp.up_proj"])
            x = x + F.linear(gated, w["mlp.down_proj"])
        return x, kept

    def attend(self, q, k, v):
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        time, keys = scores.shape[-2:]
        if time > 1:
            future = torch.ones(time, keys, dtype=torch.bool).triu(keys - time + 1)
            scores = scores.masked_fill(future, -1e9)
        return scores.softmax(-1) @ v

    def logits(self, hidden):
        normal = norm(hidden, self.weights["model.norm"], self.config["rmsNormEps"])
        return F.linear(normal, self.weights["model.embed_tokens"])

    def rotary(self, start, time):
        half = self.config["headDim"] // 2
        frequencies = self.config["ropeTheta"] ** (-torch.arange(half, dtype=torch.float64) / half)
        angles = torch.outer(torch.arange(start, start + time, dtype=torch.float64), frequencies)
        angles = torch.cat([angles, angles], -1)
        return angles.cos().float(), angles.sin().float()


PARTS = [
    "input_layernorm",
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.o_proj",
    "post_attention_layernorm",
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
]


def norm(x, weight, eps):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps) * weight


def rotate(x, angles):
    cos, sin = angles
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat([-b, a], -1) * sin


main()
