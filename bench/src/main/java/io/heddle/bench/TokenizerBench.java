package io.heddle.bench;

import io.heddle.clip.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Prompts to token ids. The system property {@code heddle.bench.tokenizer} names the folder with the tokenizer's files. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class TokenizerBench {
    /** The row of the table. */
    @Param("tokenizer:20")
    public String row;

    private Tokenizer tokenizer;
    private List<String> prompts;

    /** Reads the tokenizer. */
    @Setup
    public void open() {
        tokenizer = Tokenizer.load(folder());
        prompts = prompts().subList(0, ((Workload.Tokenizer) Workload.parse(row)).prompts());
    }

    /** The folder with the tokenizer's files. */
    static Path folder() {
        String folder = System.getProperty("heddle.bench.tokenizer");
        if (folder == null) {
            throw new IllegalArgumentException("name a folder with vocab.json and merges.txt by -jvmArgsPrepend -Dheddle.bench.tokenizer=FOLDER");
        }
        return Path.of(folder);
    }

    private static List<String> prompts() {
        try (InputStream in = TokenizerBench.class.getResourceAsStream("prompts.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Encodes the prompts. */
    @Benchmark
    public int run() {
        int sum = 0;
        for (String prompt : prompts) {
            sum += tokenizer.encodeTruncated(prompt)[1];
        }
        return sum;
    }
}
