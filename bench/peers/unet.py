"""The denoising network of Stable Diffusion in plain PyTorch: the yardstick for ours. Parameter names and shapes are the checkpoint's."""

import dataclasses
import math

import torch
import torch.nn.functional as F
from torch import nn


@dataclasses.dataclass(frozen=True)
class Sizes:
    """Stable Diffusion 1.5, unless said otherwise; lists go from the finest level to the coarsest."""

    channels: tuple = (320, 640, 1280, 1280)
    heads: tuple = (8, 8, 8, 8)
    attends: tuple = (True, True, True, False)
    layers: int = 2
    groups: int = 32
    text: int = 768

    @property
    def time(self):
        return 4 * self.channels[0]


class Resnet(nn.Module):
    def __init__(self, sizes, cin, cout):
        super().__init__()
        self.norm1 = nn.GroupNorm(sizes.groups, cin, eps=1e-5)
        self.conv1 = nn.Conv2d(cin, cout, 3, padding=1)
        self.time_emb_proj = nn.Linear(sizes.time, cout)
        self.norm2 = nn.GroupNorm(sizes.groups, cout, eps=1e-5)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(cin, cout, 1) if cin != cout else None

    def forward(self, x, t):
        h = self.conv1(F.silu(self.norm1(x), inplace=True))
        h = h + self.time_emb_proj(t)[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h), inplace=True))
        return h + (x if self.conv_shortcut is None else self.conv_shortcut(x))


class Attention(nn.Module):
    def __init__(self, heads, width, key_width):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k = nn.Linear(key_width, width, bias=False)
        self.to_v = nn.Linear(key_width, width, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, x, context):
        rows, tokens, width = x.shape
        split = (rows, -1, self.heads, width // self.heads)
        q, k, v = (y.view(split).transpose(1, 2) for y in (self.to_q(x), self.to_k(context), self.to_v(context)))
        out = F.scaled_dot_product_attention(q, k, v)
        return self.to_out[0](out.transpose(1, 2).reshape(rows, tokens, width))


class Geglu(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.proj = nn.Linear(width, 8 * width)

    def forward(self, x):
        value, gate = self.proj(x).chunk(2, dim=-1)
        return value * F.gelu(gate)


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.net = nn.ModuleList([Geglu(width), nn.Identity(), nn.Linear(4 * width, width)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class TransformerBlock(nn.Module):
    def __init__(self, heads, width, text):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn1 = Attention(heads, width, width)
        self.norm2 = nn.LayerNorm(width)
        self.attn2 = Attention(heads, width, text)
        self.norm3 = nn.LayerNorm(width)
        self.ff = FeedForward(width)

    def forward(self, x, text):
        h = self.norm1(x)
        x = self.attn1(h, h) + x
        x = self.attn2(self.norm2(x), text) + x
        return self.ff(self.norm3(x)) + x


class Transformer(nn.Module):
    def __init__(self, sizes, level):
        super().__init__()
        width = sizes.channels[level]
        self.norm = nn.GroupNorm(sizes.groups, width, eps=1e-6)
        self.proj_in = nn.Conv2d(width, width, 1)
        self.transformer_blocks = nn.ModuleList([TransformerBlock(sizes.heads[level], width, sizes.text)])
        self.proj_out = nn.Conv2d(width, width, 1)

    def forward(self, x, text):
        rows, width, height, columns = x.shape
        h = self.proj_in(self.norm(x)).permute(0, 2, 3, 1).reshape(rows, height * columns, width)
        for block in self.transformer_blocks:
            h = block(h, text)
        h = h.reshape(rows, height, columns, width).permute(0, 3, 1, 2)
        return self.proj_out(h) + x


class Sampler(nn.Module):
    def __init__(self, width, up):
        super().__init__()
        self.up = up
        self.conv = nn.Conv2d(width, width, 3, stride=1 if up else 2, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest") if self.up else x)


class Block(nn.Module):
    def __init__(self, sizes, inputs, level, sampler, up):
        super().__init__()
        width = sizes.channels[level]
        self.resnets = nn.ModuleList(Resnet(sizes, cin, width) for cin in inputs)
        self.attentions = nn.ModuleList(Transformer(sizes, level) for _ in inputs) if sizes.attends[level] else None
        if sampler:
            setattr(self, "upsamplers" if up else "downsamplers", nn.ModuleList([Sampler(width, up)]))
        self.sampler = sampler
        self.up = up

    def layers(self):
        return zip(self.resnets, self.attentions or [None] * len(self.resnets))

    def sample(self, h):
        return (self.upsamplers if self.up else self.downsamplers)[0](h)


class MidBlock(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        width = sizes.channels[-1]
        self.resnets = nn.ModuleList([Resnet(sizes, width, width), Resnet(sizes, width, width)])
        self.attentions = nn.ModuleList([Transformer(sizes, len(sizes.channels) - 1)])

    def forward(self, h, t, text):
        return self.resnets[1](self.attentions[0](self.resnets[0](h, t), text), t)


class TimeEmbedding(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.waves = sizes.channels[0]
        self.linear_1 = nn.Linear(self.waves, sizes.time)
        self.linear_2 = nn.Linear(sizes.time, sizes.time)

    def forward(self, timestep):
        half = self.waves // 2
        angles = timestep[:, None].float() * torch.exp(-math.log(10000) / half * torch.arange(half, dtype=torch.float32))
        embedding = torch.cat([angles.cos(), angles.sin()], dim=-1).to(self.linear_1.weight.dtype)
        return self.linear_2(F.silu(self.linear_1(embedding)))


class UNet(nn.Module):
    """predict(latents [rows, 4, height, width], timestep [rows], text [rows, tokens, features]) -> [rows, 4, height, width]"""

    def __init__(self, sizes=Sizes()):
        super().__init__()
        c = sizes.channels
        last = len(c) - 1
        self.conv_in = nn.Conv2d(4, c[0], 3, padding=1)
        self.time_embedding = TimeEmbedding(sizes)
        self.down_blocks = nn.ModuleList(
            Block(sizes, [c[max(i - 1, 0)]] + [c[i]] * (sizes.layers - 1), i, sampler=i < last, up=False) for i in range(last + 1))
        self.mid_block = MidBlock(sizes)
        skips = [c[0]] + [width for i in range(last + 1) for width in [c[i]] * (sizes.layers + (i < last))]
        self.up_blocks = nn.ModuleList()
        below = c[last]
        for i in range(last, -1, -1):
            inputs = []
            for _ in range(sizes.layers + 1):
                inputs.append(below + skips.pop())
                below = c[i]
            self.up_blocks.append(Block(sizes, inputs, i, sampler=i > 0, up=True))
        self.conv_norm_out = nn.GroupNorm(sizes.groups, c[0], eps=1e-5)
        self.conv_out = nn.Conv2d(c[0], 4, 3, padding=1)

    def forward(self, latents, timestep, text):
        t = F.silu(self.time_embedding(timestep))
        h = self.conv_in(latents)
        skips = [h]
        for block in self.down_blocks:
            for resnet, attention in block.layers():
                h = resnet(h, t)
                h = h if attention is None else attention(h, text)
                skips.append(h)
            if block.sampler:
                h = block.sample(h)
                skips.append(h)
        h = self.mid_block(h, t, text)
        for block in self.up_blocks:
            for resnet, attention in block.layers():
                h = resnet(torch.cat([h, skips.pop()], dim=1), t)
                h = h if attention is None else attention(h, text)
            h = block.sample(h) if block.sampler else h
        return self.conv_out(F.silu(self.conv_norm_out(h)))
