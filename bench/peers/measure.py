"""Times the shapes of our benches in PyTorch, each at its best setting, and writes the seconds as JSON.

    python bench/peers/measure.py --threads 2 -o peer.json gemm:4096x320x320 conv:64x64x320x320 unet:1
    python bench/peers/measure.py --device cuda --dtype float16 -o peer.json attention:4096x4096x8x40 unet:2

A row is named as in our tables: what is computed, a colon, its sizes (see Workload.java).
"""

import argparse
import json
import pathlib
import statistics
import sys
import time

import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).resolve().parent
FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def gemm(m, n, k):
    x, w = torch.randn(m, k), torch.randn(n, k)
    return {"linear": lambda: F.linear(x, w)}


def conv(height, width, cin, cout, stride=1):
    def at(memory_format):
        x = torch.randn(1, cin, height, width).to(memory_format=memory_format)
        w = torch.randn(cout, cin, 3, 3).to(memory_format=memory_format)
        b = torch.randn(cout)
        return lambda: F.conv2d(x, w, b, stride=stride, padding=1)

    return {name: at(memory_format) for name, memory_format in FORMATS.items()}


def attention(queries, keys, heads, dim):
    def at(token_major):
        def heads_of(tokens):
            split = torch.randn(1, tokens, heads, dim).transpose(1, 2)
            return split if token_major else split.contiguous()

        q, k, v = heads_of(queries), heads_of(keys), heads_of(keys)
        return lambda: F.scaled_dot_product_attention(q, k, v)

    return {"token-major": at(True), "head-major": at(False)}


def group_norm(cells, channels):
    side = int(cells**0.5)
    gamma, beta = torch.randn(channels), torch.randn(channels)

    def at(memory_format):
        x = torch.randn(1, channels, side, cells // side).to(memory_format=memory_format)
        return lambda: F.silu(F.group_norm(x, 32, gamma, beta), inplace=True)

    return {name: at(memory_format) for name, memory_format in FORMATS.items()}


def layer_norm(tokens, width):
    x, gamma, beta = torch.randn(1, tokens, width), torch.randn(width), torch.randn(width)
    return {"contiguous": lambda: F.layer_norm(x, (width,), gamma, beta)}


def tokenizer(prompts):
    from transformers import CLIPTokenizerFast

    tokenize = CLIPTokenizerFast.from_pretrained(TOKENIZER)
    texts = (HERE.parent / "src/main/resources/io/heddle/bench/prompts.txt").read_text().splitlines()[:prompts]
    options = {"padding": "max_length", "truncation": True, "max_length": 77}
    return {"batch": lambda: tokenize(texts, **options), "one by one": lambda: [tokenize(text, **options) for text in texts]}


def unet(rows):
    from unet import UNet

    network = UNet().eval()
    latents, text = torch.randn(rows, 4, 64, 64), torch.randn(rows, 77, 768)
    step = torch.full((rows,), 500)

    # One copy of the weights is all that fits beside other work: the formats are taken in turn, not interleaved.
    def at(memory_format):
        def forward():
            if not next(network.parameters()).is_contiguous(memory_format=memory_format):
                network.to(memory_format=memory_format)
            return network(latents.to(memory_format=memory_format), step, text)

        return forward

    return {name: at(memory_format) for name, memory_format in FORMATS.items()}


ROWS = {f.__name__: f for f in (gemm, conv, attention, group_norm, layer_norm, tokenizer, unet)}
TOKENIZER = None


def repeated(run, count):
    """Seconds of one of many runs that are waited for together, between events of the device."""
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    start.record()
    for _ in range(count):
        run()
    end.record()
    torch.cuda.synchronize()
    return start.elapsed_time(end) / 1e3 / count


def samples_on_device(run, budget, at_least):
    """What samples gives, with as many runs in each sample as a tenth of the budget holds."""
    repeated(run, 2)
    count = max(1, min(10_000, int(budget / 10 / repeated(run, 1))))
    times = [repeated(run, count) for _ in range(max(at_least, 7))]
    return times, statistics.median(times)


def samples(run, budget, at_least):
    """Seconds of each run, and processor seconds of one, after a warm-up that takes a third of the budget, at least one run."""
    start = time.perf_counter()
    while True:
        run()
        if time.perf_counter() - start > budget / 3:
            break
    times = []
    processor = time.process_time()
    while len(times) < at_least or sum(times) < budget * 2 / 3 and len(times) < 10_000:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return times, (time.process_time() - processor) / len(times)


def measure(row, budget, at_least, setting):
    kind, sizes = row.split(":")
    variants = ROWS[kind](*(int(size) for size in sizes.split("x")))
    sampled = samples_on_device if torch.get_default_device().type == "cuda" else samples
    taken = {name: sampled(run, budget, at_least) for name, run in variants.items() if setting in (None, name)}
    medians = {name: statistics.median(times) for name, (times, _) in taken.items()}
    setting = min(medians, key=medians.get)
    times, cpu = taken[setting]
    return {"seconds": medians[setting], "cpu_seconds": cpu, "setting": setting, "samples": times[:100], "medians": medians}


def main():
    global TOKENIZER
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="+")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--dtype", default="float32", help="float32 (without TF32) or float16")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--budget", type=float, default=2.0, help="seconds of each setting of each row")
    parser.add_argument("--at-least", type=int, default=3, help="timed runs of each setting of each row")
    parser.add_argument("--as", dest="known", help="an earlier report: take only the settings that were best there")
    parser.add_argument("--tokenizer", help="folder with vocab.json and merges.txt, for the tokenizer's row")
    parser.add_argument("-o", "--output", required=True)
    arguments = parser.parse_args()
    TOKENIZER = arguments.tokenizer
    torch.set_num_threads(arguments.threads)
    torch.set_default_device(arguments.device)
    torch.set_default_dtype(getattr(torch, arguments.dtype))
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(0)
    known = json.loads(pathlib.Path(arguments.known).read_text())["rows"] if arguments.known else {}
    results = {}
    with torch.inference_mode():
        for row in arguments.rows:
            results[row] = measure(row, arguments.budget, arguments.at_least, known.get(row, {}).get("setting"))
            taken = results[row]
            print(f"{row:32} {taken['seconds'] * 1e3:10.3f} ms  {taken['cpu_seconds'] * 1e3:10.3f} CPU ms  {taken['medians']}", file=sys.stderr)
    report = {"library": f"PyTorch {torch.__version__}", "threads": torch.get_num_threads(), "device": arguments.device, "dtype": arguments.dtype, "rows": results}
    pathlib.Path(arguments.output).write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
