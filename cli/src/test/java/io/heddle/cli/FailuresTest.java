package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.tensor.NoBackwardException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void gradientThatADeviceCannotCompute_isTheUsersToChange() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Failures failures = new Failures(new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(failures.execution(new NoBackwardException("gradients need float32"), false)).isEqualTo(Heddle.WRONG_INPUT);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("heddle: gradients need float32\n");
    }
}
