package io.heddle.cli;

import io.heddle.clip.Tokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the text encoder reads. */
@Command(name = "tokenize", description = "Show the tokens of a text, and which of them belong to each word.")
final class TokenizeCommand extends Subcommand {
    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Option(names = "--tokenizer", paramLabel = "FOLDER",
            description = "Folder with vocab.json and merges.txt, or with tokenizer.json (default: the model's).")
    private @Nullable Path folder;

    @Option(names = "--truncate", description = "Leave out the tokens that do not fit, instead of refusing the text.")
    private boolean truncate;

    @Parameters(paramLabel = "TEXT", description = "The text; - reads one text per line from standard input and writes one JSON object per line.")
    private String text;

    @Override
    void execute() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(folder != null ? folder : model.locate().tokenizerFolder());
        if (!text.equals("-")) {
            show(TokenizedText.of(tokenizer, text, truncate));
            return;
        }
        Reader in = new BufferedReader(new InputStreamReader(streams().in(), StandardCharsets.UTF_8));
        for (Optional<String> line = line(in); line.isPresent(); line = line(in)) {
            streams().out().println(TokenizedText.of(tokenizer, line.get(), truncate).json());
        }
    }

    /** The text up to the next line feed; other line ends, which {@link BufferedReader#readLine} knows, may be part of a text. */
    private static Optional<String> line(Reader in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        if (c < 0) {
            return Optional.empty();
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return Optional.of(line.toString());
    }
}
