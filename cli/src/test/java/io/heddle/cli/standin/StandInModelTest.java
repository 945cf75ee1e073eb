package io.heddle.cli.standin;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.clip.Tokenizer;
import io.heddle.clip.Word;
import io.heddle.clip.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandInModelTest {
    @TempDir
    Path folder;

    @Test
    void words_areOneTokenEach_butSomeAreTwo() {
        Tokenizer tokenizer = Tokenizer.load(StandInModel.locate().tokenizerFolder());
        List<Word> words = Words.exact(tokenizer, "a big purple ball and a small striped flower on the grass at night").list();
        assertThat(words.stream().filter(word -> word.positions().size() == 2).map(Word::text)).containsExactly("purple", "striped", "flower");
        assertThat(words.stream().filter(word -> word.positions().size() == 1)).hasSize(words.size() - 3);
        assertThat(tokenizer.contextLength()).isEqualTo(24);
    }

    @Test
    void model_isTheSameEachTime_andSmall() throws Exception {
        StandInModel.write(folder);
        Path again = StandInModel.locate().path();
        long bytes = 0;
        for (Path file : files(folder)) {
            assertThat(again.resolve(folder.relativize(file))).hasSameBinaryContentAs(file);
            bytes += Files.size(file);
        }
        assertThat(files(again)).hasSameSizeAs(files(folder));
        assertThat(bytes).isLessThan(4_000_000);
    }

    private static List<Path> files(Path folder) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
