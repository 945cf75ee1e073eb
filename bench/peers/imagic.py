"""Times one fine-tuning step of all weights of Stable Diffusion 1.5's network in PyTorch, as Imagic's second stage makes them, at its best settings.

    python bench/peers/imagic.py --threads 2 --steps 3 -o peer.json

Ours is io.heddle.bench.ImagicTuning. Both hold weights and two moments in float32; PyTorch also all gradients, so the process needs about 17 GB.
With --checkpoint activations are computed again in the backward run, as ours are. --tiny builds a small network, to try the script.
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
from torch.utils.checkpoint import checkpoint

import unet


def checkpointed(network):
    """Makes the residual and transformer blocks forget their insides."""
    for module in network.modules():
        if isinstance(module, (unet.Resnet, unet.Transformer)):
            inner = module.forward
            module.forward = lambda *inputs, inner=inner: checkpoint(inner, *inputs, use_reentrant=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--checkpoint", action="store_true")
    parser.add_argument("--contiguous", action="store_true", help="not channels-last")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("-o", "--output", required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    sizes = unet.Sizes(channels=(32, 64, 64, 64), text=48) if arguments.tiny else unet.Sizes()
    side, tokens = (16, 24) if arguments.tiny else (64, 77)
    layout = torch.contiguous_format if arguments.contiguous else torch.channels_last
    network = unet.UNet(sizes).to(memory_format=layout)
    if arguments.checkpoint:
        checkpointed(network)
    adam = torch.optim.Adam(network.parameters(), lr=5e-7, fused=True)
    text = torch.randn(1, tokens, sizes.text)
    seconds, losses = [], []
    for _ in range(arguments.steps + 1):
        start = time.perf_counter()
        noise = torch.randn(1, 4, side, side).to(memory_format=layout)
        loss = F.mse_loss(network(noise, torch.randint(1000, (1,)), text), noise)
        loss.backward()
        adam.step()
        adam.zero_grad(set_to_none=True)
        seconds.append(time.perf_counter() - start)
        losses.append(loss.item())
        print(f"step: {seconds[-1]:.2f} s, loss {losses[-1]:.4f}", file=sys.stderr)
    report = {
        "library": f"PyTorch {torch.__version__}",
        "threads": torch.get_num_threads(),
        "checkpoint": arguments.checkpoint,
        "channels_last": not arguments.contiguous,
        "weights": sum(weight.numel() for weight in network.parameters()),
        "seconds": statistics.median(seconds[1:]),
        "samples": seconds[1:],
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    pathlib.Path(arguments.output).write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
