package io.heddle.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.spi.Buffer;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private final Device device = Device.cpu();

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void tensorsEndWithTheScopeTheyWereMadeIn() {
        long before = device.memory().liveBytes();
        Tensor inside;
        try (Scope _ = device.scope()) {
            inside = device.full(Shape.of(3, 5), 1).plus(device.scalar(2));
            assertThat(device.memory().liveBytes()).isGreaterThan(before);
        }
        assertThat(device.memory().liveBytes()).isEqualTo(before);
        assertThatThrownBy(inside::toArray).isInstanceOf(LifetimeException.class).hasMessageContaining("[3, 5]").hasMessageContaining("keep");
    }

    @Test
    void aKeptTensorMovesToTheEnclosingScope() {
        try (Scope _ = device.scope()) {
            Tensor kept;
            try (Scope inner = device.scope()) {
                kept = inner.keep(device.scalar(7));
            }
            assertThat(kept.item()).isEqualTo(7);
        }
        assertThat(device.memory().liveBytes()).isZero();
    }

    @Test
    void aViewKeepsTheElementsOfAClosedTensorAlive() {
        Tensor whole = device.tensor(Shape.of(2, 2), 1, 2, 3, 4);
        Tensor row = whole.row(1);
        whole.close();
        assertThat(row.toArray()).containsExactly(3, 4);
        row.close();
        assertThat(device.memory().liveBytes()).isZero();
    }

    @Test
    void elementsOfAClosedTensorAreNotHeldByItsScope() throws InterruptedException {
        try (Scope _ = device.scope()) {
            Tensor tensor = device.zeros(Shape.of(1000));
            Tensor row = tensor.slice(0, 300, 100);
            WeakReference<Buffer> elements = new WeakReference<>(tensor.buffer());
            tensor.close();
            row.close();
            for (int i = 0; i < 100 && elements.get() != null; i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertThat(elements.get()).isNull();
            assertThatThrownBy(row::toArray).isInstanceOf(LifetimeException.class);
        }
    }

    @Test
    void closingTwiceDoesNothing() {
        Tensor tensor = device.scalar(1);
        Tensor view = tensor.reshape(1, 1);
        tensor.close();
        tensor.close();
        assertThat(view.item()).isEqualTo(1);
    }

    @Test
    void scopesCloseInTheOppositeOrderOfTheirOpening() {
        Scope outer = device.scope();
        Scope inner = device.scope();
        assertThatThrownBy(outer::close).isInstanceOf(LifetimeException.class);
        inner.close();
        outer.close();
    }

    @Test
    void aScopeBelongsToItsThread() {
        try (Scope _ = device.scope()) {
            Tensor elsewhere = CompletableFuture.supplyAsync(() -> device.scalar(3)).join();
            assertThat(elsewhere.item()).isEqualTo(3);
        }
    }

    @Test
    void aConcatenationOfOneIsATensorOfItsOwn() {
        Tensor part = device.tensor(Shape.of(1, 1), 5).unscoped();
        try (Scope _ = device.scope();
                Tensor whole = Tensor.concat(-1, part)) {
            assertThat(whole.item()).isEqualTo(5);
        }
        assertThat(part.item()).isEqualTo(5);
    }

    @Test
    void tidyKeepsItsResultOnly() {
        try (Tensor sum = device.tidy(() -> device.scalar(1).plus(device.scalar(2)))) {
            assertThat(sum.item()).isEqualTo(3);
            assertThat(device.memory().liveBytes()).isEqualTo(Float.BYTES);
        }
    }
}
