"""Times steps of training in PyTorch without the optimiser: forward, loss, backward to all weights.

Networks, batches and losses are those of TrainedNetwork.java. One process is one worker of one thread. It works in turns: each line of the standard
input is a number of steps, and each line of the standard output what they took. train_pairs.py is the other end.
"""

import argparse
import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

from unet import Sizes, UNet

CONTEXT, VOCABULARY, WIDTH, HEADS = 24, 645, 128, 4


class EncoderLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.q, self.k, self.v, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.fc1, self.fc2 = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        h = self.norm1(x)
        q, k, v = (p(h).view(*h.shape[:2], HEADS, -1).transpose(1, 2) for p in (self.q, self.k, self.v))
        x = x + self.out(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(x.shape))
        h = self.fc1(self.norm2(x))
        return x + self.fc2(h * torch.sigmoid(1.702 * h))


class TextEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(CONTEXT, WIDTH)
        self.layers = nn.Sequential(EncoderLayer(), EncoderLayer())
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, ids):
        return self.norm(self.layers(self.tokens(ids) + self.positions.weight))


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.unet = UNet(Sizes(channels=(32, 64, 96, 96), heads=(2, 4, 4, 4), attends=(False, True, True, False), layers=1, groups=16, text=WIDTH))
        self.encoder = TextEncoder()

    def batch(self, rows):
        return [torch.randn(rows, 4, 32, 32), torch.randn(rows, 4, 32, 32), torch.randint(1000, (rows,)),
                torch.randint(VOCABULARY, (rows, CONTEXT))]

    def forward(self, latents, noise, steps, ids):
        return F.mse_loss(self.unet(latents, steps, self.encoder(ids)), noise)


class Resnet(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(8, cin, eps=1e-6), nn.GroupNorm(8, cout, eps=1e-6)
        self.conv1, self.conv2 = nn.Conv2d(cin, cout, 3, padding=1), nn.Conv2d(cout, cout, 3, padding=1)
        self.shortcut = nn.Identity() if cin == cout else nn.Conv2d(cin, cout, 1)

    def forward(self, x):
        h = self.conv1(F.silu(self.norm1(x), inplace=True))
        return self.shortcut(x) + self.conv2(F.silu(self.norm2(h), inplace=True))


class CellAttention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.GroupNorm(8, width, eps=1e-6)
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x):
        h = self.norm(x).flatten(2).transpose(1, 2)
        h = self.out(F.scaled_dot_product_attention(self.q(h)[:, None], self.k(h)[:, None], self.v(h)[:, None])[:, 0])
        return x + h.transpose(1, 2).reshape(x.shape)


class Down(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, stride=2)

    def forward(self, x):
        return self.conv(F.pad(x, (0, 1, 0, 1)))


class Up(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), Resnet(16, 16), Down(16), Resnet(16, 32), Down(32), Resnet(32, 64),
            Resnet(64, 64), CellAttention(64), Resnet(64, 64), nn.GroupNorm(8, 64, eps=1e-6), nn.SiLU(inplace=True),
            nn.Conv2d(64, 8, 3, padding=1), nn.Conv2d(8, 8, 1))
        self.decoder = nn.Sequential(
            nn.Conv2d(4, 4, 1), nn.Conv2d(4, 64, 3, padding=1), Resnet(64, 64), CellAttention(64), Resnet(64, 64),
            Resnet(64, 64), Resnet(64, 64), Up(64), Resnet(64, 32), Resnet(32, 32), Up(32), Resnet(32, 16), Resnet(16, 16),
            nn.GroupNorm(8, 16, eps=1e-6), nn.SiLU(inplace=True), nn.Conv2d(16, 3, 3, padding=1))

    def batch(self, rows):
        return [2 * torch.rand(rows, 3, 64, 64) - 1, torch.randn(rows, 4, 16, 16)]

    def forward(self, pictures, noise):
        mean, log_variance = self.encoder(pictures).chunk(2, dim=1)
        latent = mean + torch.exp(0.5 * log_variance.clamp(-30, 20)) * noise
        return F.mse_loss(self.decoder(latent), pictures)


def step(network, batch):
    network.zero_grad(set_to_none=True)
    network(*batch).backward()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=["denoiser", "autoencoder"])
    parser.add_argument("--rows", type=int, default=24)
    parser.add_argument("--format", choices=["contiguous", "channels_last"], default="channels_last")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    memory_format = torch.channels_last if arguments.format == "channels_last" else torch.contiguous_format
    network = {"denoiser": Denoiser, "autoencoder": Autoencoder}[arguments.network]().to(memory_format=memory_format)
    batch = [x.to(memory_format=memory_format) if x.dim() == 4 else x for x in network.batch(arguments.rows)]
    for turn in sys.stdin:
        wall, processor = time.perf_counter(), time.process_time()
        for _ in range(int(turn)):
            step(network, batch)
        print(json.dumps({"samples": int(turn) * arguments.rows, "seconds": time.perf_counter() - wall,
                          "cpu_seconds": time.process_time() - processor}), flush=True)


if __name__ == "__main__":
    main()
