package io.heddle.cpu;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Buffer;
import io.heddle.spi.Pointwise;
import io.heddle.spi.UnaryOp;

/** Element-by-element arithmetic, one run of elements after the other. */
final class CpuPointwise implements Pointwise {
    private final Workers workers;
    private final Kernels kernels;

    CpuPointwise(Workers workers, Kernels kernels) {
        this.workers = workers;
        this.kernels = kernels;
    }

    @Override
    public void unary(UnaryOp op, Buffer x, Buffer out) {
        HeapBuffer from = HeapBuffer.of(x);
        HeapBuffer to = HeapBuffer.of(out);
        Chunks.ofElements(to.size())
                .run(workers, (at, n) -> kernels.unary(op, from.array(), from.offset() + at, to.array(), to.offset() + at, n));
    }

    @Override
    public void unaryGradient(UnaryOp op, Buffer x, Buffer dy, Buffer dx) {
        HeapBuffer from = HeapBuffer.of(x);
        HeapBuffer given = HeapBuffer.of(dy);
        HeapBuffer to = HeapBuffer.of(dx);
        Chunks.ofElements(to.size()).run(workers, (at, n) -> {
            int target = to.offset() + at;
            kernels.derivative(op, from.array(), from.offset() + at, to.array(), target, n);
            kernels.binary(BinaryOp.MULTIPLY, to.array(), target, given.array(), given.offset() + at, to.array(), target, n);
        });
    }

    @Override
    public void binary(BinaryOp op, Buffer a, int[] aDims, Buffer b, int[] bDims, Buffer out, int[] outDims) {
        HeapBuffer left = HeapBuffer.of(a);
        HeapBuffer right = HeapBuffer.of(b);
        HeapBuffer to = HeapBuffer.of(out);
        Broadcast broadcast = Broadcast.of(aDims, bDims, outDims);
        Chunks.ofElements(to.size()).run(workers, (at, n) -> broadcast.run(kernels, op, left, right, to, at, n));
    }

    @Override
    public void affine(Buffer x, float scale, float shift, Buffer out) {
        HeapBuffer from = HeapBuffer.of(x);
        HeapBuffer to = HeapBuffer.of(out);
        Chunks.ofElements(to.size())
                .run(workers, (at, n) -> kernels.affine(from.array(), from.offset() + at, scale, shift, to.array(), to.offset() + at, n));
    }

    @Override
    public void clamp(Buffer x, float low, float high, Buffer out) {
        HeapBuffer from = HeapBuffer.of(x);
        HeapBuffer to = HeapBuffer.of(out);
        Chunks.ofElements(to.size()).run(workers, (at, n) -> {
            for (int i = at; i < at + n; i++) {
                to.array()[to.offset() + i] = Math.min(Math.max(from.array()[from.offset() + i], low), high);
            }
        });
    }

    @Override
    public void clampGradient(Buffer x, float low, float high, Buffer dy, Buffer dx) {
        HeapBuffer from = HeapBuffer.of(x);
        HeapBuffer given = HeapBuffer.of(dy);
        HeapBuffer to = HeapBuffer.of(dx);
        Chunks.ofElements(to.size()).run(workers, (at, n) -> {
            for (int i = at; i < at + n; i++) {
                float value = from.array()[from.offset() + i];
                to.array()[to.offset() + i] = low <= value && value <= high ? given.array()[given.offset() + i] : 0;
            }
        });
    }

    @Override
    public void geglu(Buffer x, int width, Buffer out) {
        HeapBuffer from = HeapBuffer.of(x);
        HeapBuffer to = HeapBuffer.of(out);
        Chunks.ofRuns(to.size() / width, width).run(workers, (first, count) -> {
            for (int run = first; run < first + count; run++) {
                int value = from.offset() + 2 * run * width;
                int target = to.offset() + run * width;
                kernels.unary(UnaryOp.GELU, from.array(), value + width, to.array(), target, width);
                kernels.binary(BinaryOp.MULTIPLY, from.array(), value, to.array(), target, to.array(), target, width);
            }
        });
    }

    @Override
    public void gegluGradient(Buffer x, int width, Buffer dy, Buffer dx) {
        HeapBuffer from = HeapBuffer.of(x);
        HeapBuffer given = HeapBuffer.of(dy);
        HeapBuffer to = HeapBuffer.of(dx);
        Chunks.ofRuns(given.size() / width, width).run(workers, (first, count) -> {
            for (int run = first; run < first + count; run++) {
                int value = from.offset() + 2 * run * width;
                int source = given.offset() + run * width;
                int dValue = to.offset() + 2 * run * width;
                int dGate = dValue + width;
                kernels.derivative(UnaryOp.GELU, from.array(), value + width, to.array(), dGate, width);
                kernels.binary(BinaryOp.MULTIPLY, to.array(), dGate, from.array(), value, to.array(), dGate, width);
                kernels.binary(BinaryOp.MULTIPLY, to.array(), dGate, given.array(), source, to.array(), dGate, width);
                kernels.unary(UnaryOp.GELU, from.array(), value + width, to.array(), dValue, width);
                kernels.binary(BinaryOp.MULTIPLY, to.array(), dValue, given.array(), source, to.array(), dValue, width);
            }
        });
    }
}
