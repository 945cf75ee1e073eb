package io.heddle.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.testkit.Differentiable;
import io.heddle.testkit.FiniteDifferences;
import io.heddle.testkit.Operations;
import io.heddle.testkit.Sample;
import io.heddle.testkit.reference.ReferenceBackend;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpGradientTest {
    @ParameterizedTest
    @MethodSource("io.heddle.testkit.Operations#all")
    void gradients_matchFiniteDifferences(Differentiable operation) {
        FiniteDifferences.check(operation);
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.Operations#all")
    void gradient_ofOneInput_isTheSameWhetherOthersAreWatched(Differentiable operation) {
        try (Device device = Device.of(new ReferenceBackend())) {
            double[][] together = operation.gradients(device);
            for (int i = 0; i < together.length; i++) {
                assertThat(operation.gradients(device, i)[0]).as("input %d", i).containsExactly(together[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.heddle.testkit.Operations#all")
    void backward_afterOperandsEnded_readsWhatWasSaved(Differentiable operation) {
        Function<List<Tensor>, Tensor> ofIntermediates = inputs -> operation.function().apply(inputs.stream().map(x -> x.times(1)).toList());
        try (Device device = Device.of(new ReferenceBackend())) {
            double[][] actual = new Differentiable(operation.name(), ofIntermediates, operation.inputs()).gradients(device);

            assertThat(actual).isDeepEqualTo(operation.gradients(device));
        }
    }

    @Test
    void operationsWithoutDerivative_sayTheirName() {
        try (Device device = Device.of(new ReferenceBackend());
                Scope _ = device.scope();
                Recording tape = Recording.open()) {
            Tensor x = tape.watch(Sample.normal(1, 3).on(device));

            assertThatThrownBy(() -> tape.gradients(x.max(0))).isInstanceOf(NoBackwardException.class).hasMessageContaining("max");
            assertThatThrownBy(() -> tape.gradients(x.greater(x).sum())).isInstanceOf(NoBackwardException.class).hasMessageContaining("greater");
        }
    }

    @Test
    void everyOperation_isAmongThose() throws Exception {
        Set<Class<?>> tried = new HashSet<>(Set.of(Checkpoint.class, Max.class));
        try (Device device = Device.of(new ReferenceBackend())) {
            Operations.all().forEach(operation -> collect(operation, device, tried));
        }

        assertThat(tried).containsAll(operations());
    }

    private static void collect(Differentiable operation, Device device, Set<Class<?>> tried) {
        Function<List<Tensor>, Tensor> observed = inputs -> {
            Tensor y = operation.function().apply(inputs);
            collect(y.node(), tried);
            return y;
        };
        new Differentiable(operation.name(), observed, operation.inputs()).gradients(device);
    }

    private static void collect(Node node, Set<Class<?>> tried) {
        if (node != null && !node.isLeaf()) {
            tried.add(node.op.getClass());
            node.inputs().forEach(input -> collect(input, tried));
        }
    }

    /** The classes beside {@link Op} that implement it. */
    private static Set<Class<?>> operations() throws IOException, URISyntaxException {
        Path classes = Path.of(Op.class.getResource("Op.class").toURI()).getParent();
        try (Stream<Path> files = Files.list(classes)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .map(name -> load(name.substring(0, name.length() - ".class".length())))
                    .filter(type -> Op.class.isAssignableFrom(type) && type != Op.class)
                    .collect(Collectors.toSet());
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(Op.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
