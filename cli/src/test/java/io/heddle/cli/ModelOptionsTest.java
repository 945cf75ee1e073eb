package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.heddle.image.Picture;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelOptionsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void noModelIsNamedByTheEnvironment() {
        assumeThat(System.getenv("HEDDLE_MODEL")).as("HEDDLE_MODEL names a model").isNull();
    }

    @Test
    void withoutAModel_theEmbeddedOnePaints() {
        Path file = folder.resolve("ball.png");
        CommandRun run = heddle("generate", "-p", "a red ball", "--steps", "2", "-o", file.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(Picture.read(file).width()).isEqualTo(128);
    }
}
