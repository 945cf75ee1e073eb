"""Times an update of null-text inversion in PyTorch at the size of Stable Diffusion 1.5, as NullTextIteration.java does ours.

    python bench/peers/null_text.py --way frozen --threads 2 --updates 5

--way frozen computes no gradient of weights; --way official is the published code's: nothing is frozen, so every weight's gradient is computed, added up
and never used. --checkpointed recomputes each block of the network in backward. The first update warms up.
"""

import argparse
import resource
import statistics
import time

import torch
from torch.utils.checkpoint import checkpoint

from unet import UNet

WARM_UPS = 1
GUIDANCE = 7.5
SLOPE = -0.12325  # of a DDIM step at timestep 981 in the prediction: a constant factor of the gradient


def checkpointed(module):
    forward = module.forward
    module.forward = lambda *inputs: checkpoint(forward, *inputs, use_reentrant=False)


def network(arguments):
    unet = UNet().eval().requires_grad_(arguments.way == "official")
    if arguments.channels_last:
        unet.to(memory_format=torch.channels_last)
    if arguments.checkpointed:
        for block in [*unet.down_blocks, unet.mid_block, *unet.up_blocks]:
            for part in [*block.resnets, *(block.attentions or [])]:
                checkpointed(part)
    return unet


def update(unet, latent, target, conditional, embedding, optimizer):
    unconditional = unet(latent, torch.tensor([981]), embedding)
    guided = unconditional + GUIDANCE * (conditional - unconditional)
    loss = torch.nn.functional.mse_loss(latent + SLOPE * guided, target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--way", choices=["frozen", "official"], default="frozen")
    parser.add_argument("--checkpointed", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--updates", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    unet = network(arguments)
    latent, target, conditional = (torch.randn(1, 4, 64, 64) for _ in range(3))
    if arguments.channels_last:
        latent = latent.to(memory_format=torch.channels_last)
    embedding = torch.randn(1, 77, 768, requires_grad=True)
    optimizer = torch.optim.Adam([embedding], lr=0.01)
    seconds, processor = [], []
    for _ in range(WARM_UPS + arguments.updates):
        start, start_processor = time.perf_counter(), time.process_time()
        update(unet, latent, target, conditional, embedding, optimizer)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - start_processor)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    name = " ".join([arguments.way, *(["checkpointed"] if arguments.checkpointed else []), "channels last" if arguments.channels_last else "contiguous"])
    print(f"PyTorch {torch.__version__}, {arguments.threads} threads, {name}: {statistics.median(seconds[WARM_UPS:]):.3f} s, "
          f"{statistics.median(processor[WARM_UPS:]):.3f} processor s, peak resident memory {peak:.2f} GiB", flush=True)


if __name__ == "__main__":
    main()
