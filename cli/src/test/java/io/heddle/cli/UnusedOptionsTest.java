package io.heddle.cli;

import static io.heddle.cli.CommandRun.heddle;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An option that would change nothing is refused before a model is loaded. */
class UnusedOptionsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "generate -p cat, --latents-in x.safetensors, --seed 1",
        "maps -p cat, --latents-in x.safetensors, --seed 1",
        "edit p2p --source-prompt a --target-prompt b, --image x.png, --seed 1",
        "edit p2p --source-prompt a --target-prompt b, --image x.png, --latents-in x.safetensors",
        "edit p2p --source-prompt a --target-prompt b, --inversion x.safetensors, --seed 1",
        "edit p2p --source-prompt a --target-prompt b, --inversion x.safetensors, --inversion-method ddim",
        "edit p2p --source-prompt a --target-prompt b, --inversion x.safetensors, --vae-sample",
        "edit p2p --source-prompt a --target-prompt b, --inversion x.safetensors, -W 64",
        "edit p2p --source-prompt a --target-prompt b, '', --method direct",
        "edit p2p --source-prompt a --target-prompt b, '', --blend-threshold 0.4",
        "edit p2p --source-prompt a --target-prompt b, '', --blend-start 0.4",
        "edit p2p --source-prompt a --target-prompt b, --reference, --blend-version v1",
        "edit p2p --source-prompt a --target-prompt b, --reference --blend-version v1 --blend-words a;b, --blend-start 0.4",
        "edit pti --target-prompt b, --image x.png, --seed 1",
        "edit pti --target-prompt b, --inversion x.safetensors, --early-stop 1",
        "edit imagic --target-prompt b, --tuned x, --finetune-steps 1",
        "edit imagic --target-prompt b, --tuned x, --tuning-seed 1",
        "edit imagic --target-prompt b, --tuned x, -H 64",
        "edit resize --mask rect:1:1:9:9 --scale 2, --image x.png, --seed 1",
        "edit resize --mask rect:1:1:9:9 --scale 2, --image x.png --sde, --latents-in x.safetensors",
        "edit resize --mask rect:1:1:9:9 --scale 2, --inversion x.safetensors, --learning-rate 1",
        "edit resize --mask rect:1:1:9:9 --scale 2, -p cat, --early-stop 1",
        "edit resize --mask rect:1:1:9:9 --scale 2, -p cat, --sde-eta 0.9"})
    void option_isRefusedByItsName(String command, String others, String option) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("-m", "no-such-model", "-o", folder.resolve("out").toString()));
        if (!others.isEmpty()) {
            arguments.addAll(List.of(others.split(" ")));
        }
        arguments.addAll(List.of(option.split(" ")));
        CommandRun run = heddle(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(Heddle.WRONG_INPUT);
        assertThat(run.err()).contains("has no effect").hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }
}
