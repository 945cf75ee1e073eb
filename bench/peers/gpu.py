"""Times the rows of DeviceTable in PyTorch on a CUDA device, in float32 (without TF32) and in half precision, and writes them into one report.

    python bench/peers/gpu.py -o peer.json
    python bench/peers/gpu.py --dtypes float16 -o peer.json attention:4096x4096x8x40 unet:2 p2p_step:4

Attention, products, convolutions and the network run as in measure.py, each at its best setting; where diffusers is installed, its network is one of the
settings of a UNet's row. Rows in half precision are named with ",fp16" behind.
"""

import argparse
import json
import pathlib
import sys
import types

import measure
import torch
import torch.nn.functional as F
import unet

ROWS = [
    "attention:4096x4096x8x40", "attention:1024x1024x8x80", "attention:256x256x8x160", "attention:4096x77x8x40", "attention:4096x4096x1x512",
    "gemm:4096x320x320", "gemm:4096x2560x320", "gemm:1024x5120x640", "gemm:256x1280x1280", "gemm:2048x2048x2048",
    "conv:64x64x320x320", "conv:64x64x960x320", "conv:32x32x640x640", "conv:16x16x1280x1280", "conv:8x8x1280x1280", "conv:512x512x128x128",
    "unet:1", "unet:2", "unet:4", "p2p_step:4", "p2p_step:2",
]
SUFFIX = {"float32": "", "float16": ",fp16"}
SIZES = unet.Sizes()
SIDE = 64
TOKENS = 77


def network_and_inputs(rows):
    inputs = torch.randn(rows, 4, SIDE, SIDE), torch.full((rows,), 500), torch.randn(rows, TOKENS, SIZES.text)
    return unet.UNet(SIZES).eval(), inputs


def unet_row(rows):
    network, inputs = network_and_inputs(rows)
    variants = {"plain": lambda: network(*inputs)}
    last = torch.channels_last
    fast, (latents, step, text) = unet.UNet(SIZES).eval().to(memory_format=last), inputs
    variants["channels_last"] = lambda: fast(latents.to(memory_format=last), step, text)
    if diffusers is not None:
        theirs = diffusers.UNet2DConditionModel(
            sample_size=SIDE, cross_attention_dim=SIZES.text, block_out_channels=SIZES.channels, norm_num_groups=SIZES.groups).eval()
        theirs.to(device=latents.device, dtype=latents.dtype)
        variants["diffusers"] = lambda: theirs(latents, step, text).sample
    return variants


def edit(attention, is_cross, mapper, is_sampled):
    """Lets the last row, the target's, attend as Prompt-to-Prompt has it: with its source's queries and keys, in cross-attention with mapped maps.

    The source's are those of the row before where it is sampled beside the target, else recorded ones.
    """
    recorded = []

    def forward(self, x, context):
        rows, tokens, width = x.shape
        split = (rows, -1, self.heads, width // self.heads)
        q, k, v = (y.view(split).transpose(1, 2) for y in (self.to_q(x), self.to_k(context), self.to_v(context)))
        if not is_sampled and not recorded:
            recorded.extend((torch.randn_like(q[-1:]), torch.randn_like(k[-1:])))
        source_q, source_k = (q[-2:-1], k[-2:-1]) if is_sampled else recorded
        if is_cross:
            maps = torch.softmax(source_q @ source_k.transpose(-1, -2) * (width // self.heads) ** -0.5, dim=-1) @ mapper
            out = torch.cat((F.scaled_dot_product_attention(q[:-1], k[:-1], v[:-1]), maps @ v[-1:]))
        else:
            out = F.scaled_dot_product_attention(torch.cat((q[:-1], source_q)), torch.cat((k[:-1], source_k)), v)
        return self.to_out[0](out.transpose(1, 2).reshape(rows, tokens, width))

    attention.forward = types.MethodType(forward, attention)


def p2p_row(rows):
    """Four rows where the source is sampled beside the target, two where it was recorded; classifier-free guidance's unconditional rows come first."""
    network, inputs = network_and_inputs(rows)
    mapper = torch.eye(TOKENS).roll(1, 1)
    for name, module in network.named_modules():
        if isinstance(module, unet.Attention):
            edit(module, name.endswith("attn2"), mapper, rows == 4)
    return {"maps where they are edited": lambda: network(*inputs)}


def main():
    global diffusers, SIZES, SIDE
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", default=ROWS)
    parser.add_argument("--device", default="cuda", help="cuda, or cpu to try the script")
    parser.add_argument("--dtypes", nargs="+", default=list(SUFFIX), choices=list(SUFFIX))
    parser.add_argument("--budget", type=float, default=2.0, help="seconds of each setting of each row")
    parser.add_argument("--tiny", action="store_true", help="a tiny network, to try the script")
    parser.add_argument("-o", "--output", required=True)
    arguments = parser.parse_args()
    if arguments.device == "cuda" and not torch.cuda.is_available():
        sys.exit("gpu.py: PyTorch sees no CUDA device; --device cpu only tries the script")
    try:
        import diffusers
    except ImportError:
        diffusers = None
        print("diffusers is not installed: rows of the network are those of plain PyTorch alone", file=sys.stderr)
    if arguments.tiny:
        SIZES, SIDE = unet.Sizes(channels=(32, 32, 32, 32), text=32), 16
    measure.ROWS.update(unet=unet_row, p2p_step=p2p_row)
    torch.set_default_device(arguments.device)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    results = {}
    for dtype in arguments.dtypes:
        torch.set_default_dtype(getattr(torch, dtype))
        torch.manual_seed(0)
        with torch.inference_mode():
            for row in arguments.rows:
                taken = results[row + SUFFIX[dtype]] = measure.measure(row, arguments.budget, 3, None)
                print(f"{row + SUFFIX[dtype]:32} {taken['seconds'] * 1e3:10.3f} ms  {taken['medians']}", file=sys.stderr)
    report = {"library": f"PyTorch {torch.__version__}", "diffusers": getattr(diffusers, "__version__", None), "device": arguments.device, "rows": results}
    if arguments.device == "cuda":
        report["device"] = torch.cuda.get_device_name()
    pathlib.Path(arguments.output).write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
