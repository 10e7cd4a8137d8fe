"""PyTorch learning from pictures, timed: the network of bench/pictures-update.ts, one thread.

    python torch_pictures.py '{"size": 32, "rows": 128, "updates": 40}'

For each line on standard input: so many updates; answers their processor seconds, one JSON number a line.
"""
import json
import sys
import time

import torch
from torch import nn

asked = json.loads(sys.argv[1])
size, rows, updates = asked["size"], asked["rows"], asked["updates"]
torch.set_num_threads(1)
torch.manual_seed(0)


class Network(nn.Module):
    """Two convolutions, a dense layer, layer normalisation, tanh; two layers of 64; two actions within -1 and 1."""

    def __init__(self):
        super().__init__()
        self.convolutions = nn.Sequential(nn.Conv2d(3, 16, 3, 2), nn.ReLU(), nn.Conv2d(16, 32, 3, 2), nn.ReLU(), nn.Flatten())
        side = ((size - 3) // 2 + 1 - 3) // 2 + 1
        self.head = nn.Sequential(nn.Linear(32 * side * side, 50), nn.LayerNorm(50, elementwise_affine=False), nn.Tanh())
        self.body = nn.Sequential(nn.Linear(50, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))

    def forward(self, pictures):
        # Bytes [rows, height, width, channels], as a replay has them.
        x = pictures.permute(0, 3, 1, 2).to(torch.float32) / 255
        return torch.tanh(self.body(self.head(self.convolutions(x))))


network = Network()
optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
pictures = torch.randint(0, 256, (rows, size, size, 3), dtype=torch.uint8)
actions = torch.rand(rows, 2) * 2 - 1


def update():
    loss = (network(pictures) - actions).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


for _ in range(5):
    update()
print(json.dumps({"torch": torch.__version__, "parameters": sum(p.numel() for p in network.parameters())}), flush=True)
for _ in sys.stdin:
    begin = time.process_time()
    for _ in range(updates):
        update()
    print(json.dumps(time.process_time() - begin), flush=True)
