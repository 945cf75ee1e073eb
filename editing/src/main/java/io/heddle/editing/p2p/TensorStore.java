package io.heddle.editing.p2p;

import io.heddle.tensor.Tensor;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Where tensors wait that are needed again much later. */
public interface TensorStore extends AutoCloseable {
    /**
     * Stores a copy of a tensor.
     *
     * @return answers the tensor, as often as asked; it ends with the scope it was asked for in, or with this store
     */
    Supplier<Tensor> keep(Tensor tensor);

    /** Gives the tensors back. */
    @Override
    void close();

    /** A store in the memory of the tensors' device. */
    static TensorStore inMemory() {
        return new MemoryStore();
    }

    /**
     * A store in a temporary file, which is deleted when the store closes.
     *
     * @param folder where the file is made
     * @throws io.heddle.files.OutputException if it cannot be
     */
    static TensorStore onDisk(Path folder) {
        return DiskStore.create(folder);
    }
}
