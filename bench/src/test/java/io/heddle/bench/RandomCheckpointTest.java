package io.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.testkit.SharedFiles;
import io.heddle.weights.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomCheckpointTest {
    @ParameterizedTest
    @CsvSource({"UNET, unet_sd1.txt", "VAE, vae_sd.txt", "TEXT_ENCODER, clip_l_sd1.txt"})
    void parameters_haveThePublishedNamesAndShapes(Component component, String list) throws IOException {
        Map<String, String> published = Files.readAllLines(SharedFiles.locate("golden/names/" + list)).stream()
                .map(line -> line.split("\t"))
                .collect(Collectors.toMap(cells -> cells[0], cells -> cells[1]));
        Map<String, String> ours = RandomCheckpoint.parameters(component).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> shape(entry.getValue())));
        assertThat(ours).containsExactlyInAnyOrderEntriesOf(published);
    }

    private static String shape(int[] dims) {
        return Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining("x"));
    }
}
