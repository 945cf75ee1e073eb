package io.heddle.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The folder in which the tools of the Hugging Face Hub keep downloaded models. It is only read, and nothing is ever downloaded.
 *
 * @param folder its root, which need not exist
 * @see <a href="https://huggingface.co/docs/hub/local-cache">the layout of the cache</a>
 */
public record HubCache(Path folder) {
    private static final String MODELS = "models--";
    private static final String SEPARATOR = "--";
    private static final String WORD = "[A-Za-z0-9_][A-Za-z0-9._-]*";
    private static final Pattern ID = Pattern.compile("(" + WORD + ")/(" + WORD + ")");
    private static final Pattern REVISION = Pattern.compile(WORD + "(/" + WORD + ")*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

    /** The cache that this process's environment points to. */
    public static HubCache ofEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * The cache that {@code environment} points to: {@code HF_HUB_CACHE}, else {@code HUGGINGFACE_HUB_CACHE}, else {@code $HF_HOME/hub}, else
     * {@code $XDG_CACHE_HOME/huggingface/hub}, else {@code ~/.cache/huggingface/hub}.
     *
     * @param home the user's home folder, for which a leading {@code ~} stands
     */
    public static HubCache of(Map<String, String> environment, Path home) {
        return new HubCache(variable(environment, home, "HF_HUB_CACHE")
                .or(() -> variable(environment, home, "HUGGINGFACE_HUB_CACHE"))
                .or(() -> variable(environment, home, "HF_HOME").map(path -> path.resolve("hub")))
                .or(() -> variable(environment, home, "XDG_CACHE_HOME").map(path -> path.resolve("huggingface/hub")))
                .orElse(home.resolve(".cache/huggingface/hub")));
    }

    /** Whether {@code text} has the form of a model's id on the Hub: {@code organisation/name}. */
    public static boolean isId(String text) {
        return ID.matcher(text).matches() && !text.contains("..") && !text.contains(SEPARATOR);
    }

    /** The ids of the models in the cache, sorted. */
    public List<String> models() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        return WeightFiles.listing(folder).stream()
                .filter(name -> name.startsWith(MODELS) && name.endsWith("/"))
                .map(name -> name.substring(MODELS.length(), name.length() - 1).replaceFirst(SEPARATOR, "/"))
                .toList();
    }

    /**
     * The folder with the files of a model.
     *
     * @param id {@code organisation/name}
     * @param revision a branch, tag or commit; usually {@code main}
     * @throws WeightException if the cache does not hold it; the message lists what it holds
     */
    public Path snapshot(String id, String revision) {
        if (!isId(id) || !REVISION.matcher(revision).matches() || revision.contains("..")) {
            throw new WeightException.Inaccessible(
                    Phrases.name(id + "@" + revision) + " is not the id and revision of a model on the Hugging Face Hub");
        }
        Path model = folder.resolve(MODELS + id.replace("/", SEPARATOR));
        if (!Files.isDirectory(model)) {
            throw new WeightException.Inaccessible("the Hugging Face cache " + folder + " holds no model " + id + "; it holds "
                    + Phrases.listOrNothing(models()) + "; download it with: hf download " + id);
        }
        Path snapshot = model.resolve("snapshots").resolve(commit(model, revision));
        if (!Files.isDirectory(snapshot)) {
            throw new WeightException.Inaccessible(
                    "the Hugging Face cache holds no files of revision " + revision + " of " + id + ": there is no folder "
                            + snapshot + "; download it with: hf download " + id + " --revision " + revision);
        }
        return snapshot;
    }

    private static String commit(Path model, String revision) {
        Path reference = model.resolve("refs").resolve(revision);
        if (!Files.isRegularFile(reference)) {
            return revision;
        }
        try {
            String commit = Files.readString(reference).strip();
            if (!COMMIT.matcher(commit).matches()) {
                throw new WeightException.Malformed(reference + " should hold a commit and holds " + Phrases.name(commit));
            }
            return commit;
        } catch (IOException e) {
            throw new WeightException.Inaccessible(reference + " cannot be read: " + e, e);
        }
    }

    private static Optional<Path> variable(Map<String, String> environment, Path home, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(value -> value.equals("~") || value.startsWith("~/") ? home.resolve(value.substring(Math.min(2, value.length())))
                        : Path.of(value));
    }
}
