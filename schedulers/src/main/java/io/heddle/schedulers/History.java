package io.heddle.schedulers;

import io.heddle.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What a multistep solver remembers: tensors of the last calls, which outlive the scopes they were made in. */
final class History implements AutoCloseable {
    private final int capacity;
    private final List<Tensor> newestFirst = new ArrayList<>();

    History(int capacity) {
        this.capacity = capacity;
    }

    int size() {
        return newestFirst.size();
    }

    /** The tensor remembered {@code age} calls before the newest. */
    Tensor get(int age) {
        return newestFirst.get(age);
    }

    /** Remembers a tensor and forgets the oldest one if there is no room. */
    void add(Tensor tensor) {
        if (newestFirst.size() == capacity) {
            newestFirst.removeLast().close();
        }
        newestFirst.addFirst(tensor.reshape(tensor.shape().dims()).unscoped());
    }

    @Override
    public void close() {
        newestFirst.forEach(Tensor::close);
        newestFirst.clear();
    }
}
