package io.heddle.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubCacheTest {
    private static final String COMMIT = "39593d5650112b4cc580433f6b0435385882d819";
    private static final Path HOME = Path.of("/home/someone");

    @TempDir
    Path folder;

    @Test
    void environment_isReadInItsOrder() {
        Map<String, String> all = Map.of("HF_HUB_CACHE", "/a", "HF_HOME", "/b", "HUGGINGFACE_HUB_CACHE", "/c", "XDG_CACHE_HOME", "/d");
        assertThat(HubCache.of(all, HOME).folder()).hasToString("/a");
        assertThat(HubCache.of(Map.of("HF_HOME", "/b", "HUGGINGFACE_HUB_CACHE", "/c", "XDG_CACHE_HOME", "/d"), HOME).folder()).hasToString("/c");
        assertThat(HubCache.of(Map.of("HF_HOME", "/b", "XDG_CACHE_HOME", "/d"), HOME).folder()).hasToString("/b/hub");
        assertThat(HubCache.of(Map.of("XDG_CACHE_HOME", "/d"), HOME).folder()).hasToString("/d/huggingface/hub");
        assertThat(HubCache.of(Map.of("HF_HUB_CACHE", ""), HOME).folder()).hasToString("/home/someone/.cache/huggingface/hub");
        assertThat(HubCache.of(Map.of("HF_HOME", "~/hf"), HOME).folder()).hasToString("/home/someone/hf/hub");
        assertThat(HubCache.of(Map.of("HF_HOME", "~"), HOME).folder()).hasToString("/home/someone/hub");
    }

    @Test
    void revision_leadsToItsSnapshot() throws IOException {
        Path entry = entry();
        Files.writeString(entry.resolve("refs/main"), COMMIT + "\n");
        Path nested = Files.createDirectories(entry.resolve("refs/refs/pr"));
        Files.writeString(nested.resolve("1"), COMMIT);
        HubCache cache = new HubCache(folder);
        Path snapshot = entry.resolve("snapshots").resolve(COMMIT);
        assertThat(cache.snapshot("org/name", "main")).isEqualTo(snapshot);
        assertThat(cache.snapshot("org/name", "refs/pr/1")).isEqualTo(snapshot);
        assertThat(cache.snapshot("org/name", COMMIT)).isEqualTo(snapshot);
    }

    @Test
    void absentModel_isRefusedWithWhatTheCacheHolds() throws IOException {
        entry();
        HubCache cache = new HubCache(folder);
        assertThatThrownBy(() -> cache.snapshot("org/other", "main"))
                .isInstanceOf(WeightException.Inaccessible.class)
                .hasMessage(
                        "the Hugging Face cache " + folder + " holds no model org/other; it holds org/name; download it with: hf download org/other");
        assertThatThrownBy(() -> cache.snapshot("org/name", "v2")).isInstanceOf(WeightException.Inaccessible.class)
                .hasMessageContaining("revision v2");
        assertThat(new HubCache(folder.resolve("none")).models()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc", "/etc", "", "not a commit", "39593d5650112b4cc580433f6b0435385882d819/../.."})
    void referenceThatIsNoCommit_isRefused(String content) throws IOException {
        Path entry = entry();
        Files.writeString(entry.resolve("refs/main"), content);
        assertThatThrownBy(() -> new HubCache(folder).snapshot("org/name", "main")).isInstanceOf(WeightException.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x/y", "a/../b", "a/b/c", "name", "a--b/c", "/a/b", "a/", ".a/b", "a b/c"})
    void otherText_isNoId(String id) {
        assertThat(HubCache.isId(id)).isFalse();
        assertThatThrownBy(() -> new HubCache(folder).snapshot(id, "main")).isInstanceOf(WeightException.Inaccessible.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../main", "..", "/etc", "a//b", "", "a/../../b"})
    void revisionThatLeavesTheFolder_isRefused(String revision) throws IOException {
        entry();
        assertThatThrownBy(() -> new HubCache(folder).snapshot("org/name", revision)).isInstanceOf(WeightException.Inaccessible.class);
    }

    private Path entry() throws IOException {
        Path entry = folder.resolve("models--org--name");
        Files.createDirectories(entry.resolve("snapshots").resolve(COMMIT));
        Files.createDirectories(entry.resolve("refs"));
        return entry;
    }
}
