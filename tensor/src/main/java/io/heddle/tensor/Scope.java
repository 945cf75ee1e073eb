package io.heddle.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lexical lifetime: every tensor made on the device by this thread while the scope is the innermost one ends when it closes, except those
 * {@linkplain #keep kept}.
 *
 * <pre>{@code
 * try (Scope scope = device.scope()) {
 *     Tensor noise = unet.predict(latent, text, step, taps);
 *     latent = scope.keep(latent.minus(noise));
 * }
 * }</pre>
 *
 * <p>Scopes nest, belong to the thread that opened them and close in the opposite order.
 */
public final class Scope implements AutoCloseable {
    private final Device device;
    private final @Nullable Scope enclosing;
    private final Thread thread = Thread.currentThread();
    private final List<Tensor> tensors = new ArrayList<>();
    private boolean closed;

    Scope(Device device, @Nullable Scope enclosing) {
        this.device = device;
        this.enclosing = enclosing;
    }

    /** Moves a tensor to the enclosing scope; without one it lives until it is closed or unreachable. Returns the tensor. */
    public Tensor keep(Tensor tensor) {
        if (tensor.owner == this) {
            tensor.owner = enclosing;
            if (enclosing != null) {
                enclosing.tensors.add(tensor);
            }
        }
        return tensor;
    }

    void add(Tensor tensor) {
        if (closed || thread != Thread.currentThread()) {
            throw new LifetimeException(
                    "a scope is used after it was closed, or by a thread other than the one that opened it: open a scope on this thread");
        }
        tensor.owner = this;
        tensors.add(tensor);
    }

    /** Ends the tensors of this scope. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        device.leave(this, enclosing);
        closed = true;
        for (Tensor tensor : tensors) {
            if (tensor.owner == this) {
                tensor.close();
            }
        }
        tensors.clear();
    }
}
