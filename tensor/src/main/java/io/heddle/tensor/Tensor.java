package io.heddle.tensor;

import io.heddle.spi.BinaryOp;
import io.heddle.spi.Buffer;
import io.heddle.spi.Extent;
import io.heddle.spi.UnaryOp;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shaped run of float32 numbers in the memory of a device, contiguous and row-major, with differentiable operations.
 *
 * <p>Tensors are immutable: operations return new ones, which belong to the innermost open {@link Scope} of the device. Operations of two tensors
 * broadcast as NumPy does. Layers of networks are in {@link Functional}.
 */
public final class Tensor implements AutoCloseable {
    @Nullable Scope owner;

    private final Device device;
    private final Shape shape;
    private final Storage storage;
    /** Where in the storage the elements begin. */
    private final long offset;
    private @Nullable Node node;
    private boolean closed;

    Tensor(Device device, Shape shape, Storage storage) {
        this(device, shape, storage, 0);
    }

    private Tensor(Device device, Shape shape, Storage storage, long offset) {
        this.device = device;
        this.shape = shape;
        this.storage = storage;
        this.offset = offset;
    }

    /** The device whose memory holds the elements. */
    public Device device() {
        return device;
    }

    /** The dimensions. */
    public Shape shape() {
        return shape;
    }

    /** The length of an axis; negative axes count from the end. */
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /** The number of elements. */
    public long size() {
        return shape.size();
    }

    /** Whether a recording holds the operations that made this tensor. */
    public boolean isRecorded() {
        return node != null;
    }

    /** The same elements outside of any recording: no gradient passes. */
    public Tensor detach() {
        return alias(shape);
    }

    /** The elements in row-major order, copied to the host. */
    public float[] toArray() {
        float[] elements = new float[Math.toIntExact(size())];
        device.backend().memory().download(buffer(), MemorySegment.ofArray(elements));
        return elements;
    }

    /**
     * The value of a tensor of one element.
     *
     * @throws ShapeException if there are more
     */
    public float item() {
        if (size() != 1) {
            throw new ShapeException("item() needs a tensor of one element, but the shape is " + shape);
        }
        return toArray()[0];
    }

    /** {@code this + other}. */
    public Tensor plus(Tensor other) {
        return Op.apply(new Binary(BinaryOp.ADD, this, other));
    }

    /** {@code this − other}. */
    public Tensor minus(Tensor other) {
        return Op.apply(new Binary(BinaryOp.SUBTRACT, this, other));
    }

    /** {@code this ∘ other}, element by element. */
    public Tensor times(Tensor other) {
        return Op.apply(new Binary(BinaryOp.MULTIPLY, this, other));
    }

    /** {@code this / other}, element by element. */
    public Tensor dividedBy(Tensor other) {
        return Op.apply(new Binary(BinaryOp.DIVIDE, this, other));
    }

    /** The smaller of both, element by element. */
    public Tensor minimum(Tensor other) {
        return Op.apply(new Binary(BinaryOp.MINIMUM, this, other));
    }

    /** The larger of both, element by element. */
    public Tensor maximum(Tensor other) {
        return Op.apply(new Binary(BinaryOp.MAXIMUM, this, other));
    }

    /** 1 where {@code this > other}, else 0; NaN compares false. Has no derivative. */
    public Tensor greater(Tensor other) {
        return Op.apply(new Binary(BinaryOp.GREATER, this, other));
    }

    /** {@code this + number}. */
    public Tensor plus(float number) {
        return Op.apply(new Affine(this, 1, number));
    }

    /** {@code this − number}. */
    public Tensor minus(float number) {
        return Op.apply(new Affine(this, 1, -number));
    }

    /** {@code this · number}. */
    public Tensor times(float number) {
        return Op.apply(new Affine(this, number, 0));
    }

    /** {@code this / number}, computed as a division, not as a product with the reciprocal. */
    public Tensor dividedBy(float number) {
        return dividedBy(device.scalar(number));
    }

    /** {@code −this}. */
    public Tensor negate() {
        return unary(UnaryOp.NEGATE);
    }

    /** The absolute value; its derivative at 0 is 0. */
    public Tensor abs() {
        return unary(UnaryOp.ABS);
    }

    /** The exponential. */
    public Tensor exp() {
        return unary(UnaryOp.EXP);
    }

    /** The natural logarithm. */
    public Tensor log() {
        return unary(UnaryOp.LOG);
    }

    /** The square root. */
    public Tensor sqrt() {
        return unary(UnaryOp.SQRT);
    }

    /** The square. */
    public Tensor square() {
        return unary(UnaryOp.SQUARE);
    }

    /** {@code 1 / this}. */
    public Tensor reciprocal() {
        return unary(UnaryOp.RECIPROCAL);
    }

    /** {@code 1 / (1 + e^−x)}. */
    public Tensor sigmoid() {
        return unary(UnaryOp.SIGMOID);
    }

    /** The hyperbolic tangent. */
    public Tensor tanh() {
        return unary(UnaryOp.TANH);
    }

    /** {@code x·σ(x)}. */
    public Tensor silu() {
        return unary(UnaryOp.SILU);
    }

    /** {@code x·Φ(x)}, the exact Gaussian error linear unit. Hendrycks and Gimpel 2016. */
    public Tensor gelu() {
        return unary(UnaryOp.GELU);
    }

    /** {@code x·σ(1.702·x)}. */
    public Tensor quickGelu() {
        return unary(UnaryOp.QUICK_GELU);
    }

    /** Each element moved into {@code low … high}; the derivative is 1 inside and 0 outside. */
    public Tensor clamp(float low, float high) {
        return Op.apply(new Clamp(this, low, high));
    }

    /** The sum of all elements, a scalar. */
    public Tensor sum() {
        return sum(allAxes());
    }

    /** The mean of all elements, a scalar. */
    public Tensor mean() {
        return mean(allAxes());
    }

    /** The sums over the given axes, which disappear. */
    public Tensor sum(int... axes) {
        return Op.apply(Sum.over(this, axes));
    }

    /** The means over the given axes, which disappear. */
    public Tensor mean(int... axes) {
        Tensor sum = sum(axes);
        return sum.times(sum.size() / (float) size());
    }

    /** The maxima over the given axes, which disappear. Has no derivative. */
    public Tensor max(int... axes) {
        return Op.apply(Max.over(this, axes));
    }

    /** The softmax over the last axis. */
    public Tensor softmax() {
        return Op.apply(new Softmax(this));
    }

    /**
     * The matrix product {@code [.., m, k]·[.., k, n] → [.., m, n]}. The leading dimensions of both are equal.
     *
     * @throws ShapeException if they do not fit
     */
    public Tensor matmul(Tensor other) {
        return Op.apply(Matmul.of(this, other, false, false));
    }

    /** The matrix product {@code [.., m, k]·[.., n, k]ᵀ → [.., m, n]} without a transposed copy. */
    public Tensor matmulTransposed(Tensor other) {
        return Op.apply(Matmul.of(this, other, false, true));
    }

    /**
     * The same elements in another shape; shares memory. One dimension may be −1 and is inferred.
     *
     * @throws ShapeException if the number of elements differs
     */
    public Tensor reshape(int... dims) {
        return Reshape.apply(this, dims);
    }

    /** Axis {@code i} of the result is axis {@code axes[i]} of this tensor, negative ones counted from the end; a copy. */
    public Tensor permute(int... axes) {
        return Op.apply(Permute.of(this, axes));
    }

    /** {@code count} positions of an axis from {@code start}; shares memory if the axis is the first. */
    public Tensor slice(int axis, int start, int count) {
        return Slice.apply(this, axis, start, count);
    }

    /** {@code count} rows from {@code start}: a slice of the first axis, which shares memory. */
    public Tensor rows(int start, int count) {
        return slice(0, start, count);
    }

    /** One row, with its axis kept: {@code [1, ..]}. */
    public Tensor row(int index) {
        return slice(0, index, 1);
    }

    /** {@code result[n] = this[index[n]]} along the first axis; rows may repeat. */
    public Tensor gatherRows(int... index) {
        return Op.apply(GatherRows.of(this, index));
    }

    /**
     * The tensors one after the other along an axis.
     *
     * @throws ShapeException if they differ in another axis
     */
    public static Tensor concat(int axis, Tensor... parts) {
        return concat(axis, List.of(parts));
    }

    /** The tensors one after the other along an axis; one alone shares memory. */
    public static Tensor concat(int axis, List<Tensor> parts) {
        return Concat.apply(axis, parts);
    }

    /** This picture or feature map {@code [rows, height, width, channels]} resized with the nearest neighbour. */
    public Tensor resizeNearest(Extent to) {
        return Op.apply(ResizeNearest.of(this, to));
    }

    /** Removes this tensor from its scope: it lives until it is closed or unreachable. Returns this tensor. */
    public Tensor unscoped() {
        owner = null;
        return this;
    }

    /** Ends this handle early; its memory is given back when no view or recording needs it any more. Closing twice does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            storage.release();
        }
    }

    /**
     * The elements, for backends and code beside the tensor layer.
     *
     * @throws LifetimeException if they have been given back
     */
    public Buffer buffer() {
        Buffer whole = storage.buffer();
        if (whole == null) {
            throw new LifetimeException("a tensor of shape " + shape + " is used after its scope closed; keep it with Scope.keep");
        }
        long size = size();
        return size == whole.length() ? whole : whole.slice(offset, size);
    }

    /** A number that changes whenever the elements behind this tensor do; no other elements ever have it. */
    public long version() {
        return storage.version();
    }

    /** Says that the elements were changed in place, as an optimiser does. Layouts derived from them are made anew. */
    public void changedInPlace() {
        storage.changed();
    }

    /**
     * Overwrites the elements in place, as an optimiser does.
     *
     * @param elements as many, in row-major order
     * @throws ShapeException if their number differs
     */
    public void assign(float... elements) {
        if (elements.length != size()) {
            throw new ShapeException("a tensor of shape " + shape + " has " + size() + " elements, but got " + elements.length);
        }
        device.backend().memory().upload(MemorySegment.ofArray(elements), buffer());
        changedInPlace();
    }

    /**
     * Overwrites the elements in place with those of a tensor of the same device and shape.
     *
     * @throws ShapeException if the shape differs
     */
    public void assign(Tensor other) {
        if (!other.shape.equals(shape)) {
            throw new ShapeException("a tensor of shape " + shape + " is assigned one of " + other.shape);
        }
        device.backend().memory().copy(other.buffer(), buffer());
        changedInPlace();
    }

    Storage storage() {
        return storage;
    }

    @Nullable Node node() {
        return node;
    }

    void node(Node made) {
        node = made;
    }

    /** Another handle on the same elements. */
    Tensor alias(Shape aliasShape) {
        return view(aliasShape, 0);
    }

    /** A handle on a run of the elements from element {@code from} on. */
    Tensor view(Shape viewShape, long from) {
        buffer().slice(from, viewShape.size()); // refuses what is not there
        return device.adopt(new Tensor(device, viewShape, storage.retain(), offset + from));
    }

    private Tensor unary(UnaryOp op) {
        return Op.apply(new Unary(op, this));
    }

    private int[] allAxes() {
        int[] axes = new int[shape.rank()];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = i;
        }
        return axes;
    }

    @Override
    public String toString() {
        return "Tensor" + shape + " on " + device;
    }
}
