"""Times one guided step of a move at the size of Stable Diffusion 1.5 in PyTorch, at its best settings.

    python bench/peers/dragon.py --threads 2 --steps 3 -o peer.json

A step is what io.heddle.bench.DragonStep does: the guided prediction (two rows) whose decoder looks at the memory bank's keys and values, the features
of the picture's latent, those of the edited latent with its graph, two backward runs over that graph to the latent alone, and DDIM's step.
--tiny builds a small network, to try the script.
"""

import argparse
import json
import pathlib
import resource
import statistics
import sys
import time

import torch
import torch.nn.functional as F

import unet


class Bank:
    """Keys and values of the decoder's self-attention, read instead of a layer's own."""

    def __init__(self, network, heads):
        self.heads = heads
        self.layers = [block.attn1 for up in network.up_blocks for t in (up.attentions or []) for block in t.transformer_blocks]
        self.stored = {}
        self.mode = "off"
        for layer in self.layers:
            layer.forward = lambda x, context, layer=layer: self.attend(layer, x)

    def attend(self, layer, x):
        rows, tokens, width = x.shape
        k, v = self.stored[layer] if self.mode == "read" else (layer.to_k(x), layer.to_v(x))
        if self.mode == "record":
            self.stored[layer] = (k, v)
        split = lambda y: y.expand(rows, -1, -1).view(rows, -1, self.heads, width // self.heads).transpose(1, 2)
        out = F.scaled_dot_product_attention(split(layer.to_q(x)), split(k), split(v))
        return layer.to_out[0](out.transpose(1, 2).reshape(rows, tokens, width))


def features(network, latent, timestep, text):
    """The outputs of the decoder's second and third block; nothing after them is computed."""
    t = F.silu(network.time_embedding(timestep))
    h = network.conv_in(latent)
    skips, kept = [h], []
    for block in network.down_blocks:
        for resnet, attention in block.layers():
            h = resnet(h, t)
            h = h if attention is None else attention(h, text)
            skips.append(h)
        if block.sampler:
            h = block.sample(h)
            skips.append(h)
    h = network.mid_block(h, t, text)
    for block in list(network.up_blocks)[:3]:
        for resnet, attention in block.layers():
            h = resnet(torch.cat([h, skips.pop()], dim=1), t)
            h = h if attention is None else attention(h, text)
        h = block.sample(h)
        kept.append(h)
    return kept[1:]


def energies(generated, reference, region):
    """Of the edited cells and of the rest: their local similarities."""
    edit = content = 0
    for f, g in zip(generated, reference):
        similarity = 0.5 * F.cosine_similarity(f, g.roll((2, 2), (2, 3)), dim=1) + 0.5
        mask = F.interpolate(region, similarity.shape[-2:])[:, 0]
        still = 0.5 * F.cosine_similarity(f, g, dim=1) + 0.5
        edit = edit + 2 / (1 + 4 * (similarity * mask).sum() / mask.sum())
        content = content + 3 / (1 + 4 * (still * (1 - mask)).sum() / (1 - mask).sum())
    return edit, content


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--contiguous", action="store_true", help="not channels-last")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("-o", "--output", required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    sizes = unet.Sizes(channels=(32, 64, 64, 64), text=48) if arguments.tiny else unet.Sizes()
    side, tokens = (16, 24) if arguments.tiny else (64, 77)
    layout = torch.contiguous_format if arguments.contiguous else torch.channels_last
    network = unet.UNet(sizes).to(memory_format=layout).requires_grad_(False)
    bank = Bank(network, sizes.heads[0])
    noise = lambda rows: torch.randn(rows, 4, side, side).to(memory_format=layout)
    latent, reference, text, both = noise(1), noise(1), torch.randn(1, tokens, sizes.text), torch.randn(2, tokens, sizes.text)
    region = torch.zeros(1, 1, side, side)
    region[:, :, side // 4:side // 2, side // 4:side // 2] = 1
    timestep = torch.tensor([500])
    with torch.inference_mode():
        bank.mode = "record"
        network(reference, timestep, text)
    seconds = []
    for _ in range(arguments.steps + 1):
        start = time.perf_counter()
        with torch.inference_mode():
            bank.mode = "read"
            unconditional, conditional = network(latent.expand(2, -1, -1, -1), timestep.expand(2), both).chunk(2)
            noise_prediction = unconditional + 4 * (conditional - unconditional)
            bank.mode = "off"
            given = features(network, reference, timestep, text)
        given = [g.clone() for g in given]
        watched = latent.detach().clone().requires_grad_(True)
        edit, content = energies(features(network, watched, timestep, text), given, region)
        inside, = torch.autograd.grad(edit, watched, retain_graph=True)
        outside, = torch.autograd.grad(content, watched)
        correction = 40 * (inside * region + outside * (1 - region))
        latent = (0.98 * latent - 0.1 * noise_prediction - correction).clone()
        seconds.append(time.perf_counter() - start)
    result = {
        "torch": torch.__version__,
        "threads": arguments.threads,
        "channels_last": not arguments.contiguous,
        "seconds": seconds[1:],
        "median": statistics.median(seconds[1:]),
        "peak_resident_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    pathlib.Path(arguments.output).write_text(json.dumps(result, indent=1))
    print(json.dumps(result), file=sys.stderr)


if __name__ == "__main__":
    main()
