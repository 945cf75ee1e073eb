package io.heddle.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.heddle.cli.DoctorCommand.Finding.State;
import io.heddle.spi.Availability;
import io.heddle.spi.BackendProvider;
import io.heddle.tensor.Device;
import io.heddle.weights.HubCache;
import io.heddle.weights.ModelLocation;
import io.heddle.weights.WeightException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what this machine has and what is missing. */
@Command(name = "doctor", description = "Show what this machine has, what is used and why, and the command that mends each lack.")
final class DoctorCommand extends Subcommand {
    private static final long MEBIBYTE = 1 << 20;
    private static final List<String> VARIABLES = List.of(
            "HEDDLE_MODEL", "HEDDLE_JAVA_OPTIONS", "CUDA_VISIBLE_DEVICES", "HF_HOME", "HF_HUB_CACHE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS");

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Override
    void execute() {
        List<Finding> findings = new ArrayList<>(List.of(java(), memory(), vectorApi(), nativeAccess()));
        ServiceLoader.load(BackendProvider.class).forEach(provider -> findings.add(backend(provider)));
        try (Device opened = device.open()) {
            findings.add(Finding.good("device in use", opened.toString()));
        }
        findings.addAll(models());
        VARIABLES.stream()
                .filter(name -> System.getenv(name) != null)
                .forEach(name -> findings.add(Finding.good(name, System.getenv(name))));
        show(new Findings(findings));
    }

    private static Finding java() {
        return Finding.good("Java", "%s (%s) on %s %s".formatted(
                System.getProperty("java.runtime.version"), System.getProperty("java.vendor"), System.getProperty("os.name"),
                System.getProperty("os.arch")));
    }

    private static Finding memory() {
        Runtime runtime = Runtime.getRuntime();
        return Finding.good("processors and heap", runtime.availableProcessors() + " processors, " + runtime.maxMemory() / MEBIBYTE + " MiB of heap");
    }

    private static Finding vectorApi() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? Finding.good("Vector API", "available")
                : Finding.lacking("Vector API", "not available: plain Java loops are used, which are several times slower",
                        "java --add-modules jdk.incubator.vector ...");
    }

    private static Finding nativeAccess() {
        return Heddle.class.getModule().isNativeAccessEnabled()
                ? Finding.good("native access", "allowed")
                : Finding.lacking("native access", "not allowed: the JVM warns when OpenBLAS is loaded",
                        "java --enable-native-access=ALL-UNNAMED ...");
    }

    private static Finding backend(BackendProvider provider) {
        Availability availability = provider.probe();
        return new Finding(
                "backend " + provider.name(),
                availability.usable() ? State.GOOD : State.LACKING,
                (availability.usable() ? "usable: " : "not usable: ") + availability.reason(),
                Optional.empty());
    }

    private List<Finding> models() {
        HubCache cache = HubCache.ofEnvironment();
        List<Finding> findings = new ArrayList<>();
        for (String id : cache.models()) {
            findings.add(checkpoint("model " + id, id));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.lacking(
                    "downloaded models", "none in " + cache.folder(), "hf download stable-diffusion-v1-5/stable-diffusion-v1-5"));
        }
        findings.add(model.name()
                .map(name -> checkpoint("model in use", name))
                .orElse(Finding.good("model in use", "the embedded one, of the toy world")));
        return findings;
    }

    private static Finding checkpoint(String name, String location) {
        try {
            Path path = ModelLocation.resolve(location, Optional.empty()).path();
            return Finding.good(name, path.toString());
        } catch (WeightException e) {
            return new Finding(name, State.LACKING, String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    /**
     * One thing that was looked at.
     *
     * @param name what
     * @param state whether it is as it should be
     * @param text what was found
     * @param remedy the command that mends it
     */
    record Finding(String name, State state, String text, Optional<String> remedy) {
        enum State { GOOD, LACKING }

        static Finding good(String name, String text) {
            return new Finding(name, State.GOOD, text, Optional.empty());
        }

        static Finding lacking(String name, String text, String remedy) {
            return new Finding(name, State.LACKING, text, Optional.of(remedy));
        }
    }

    private record Findings(List<Finding> list) implements Report {
        @Override
        public JsonObject json() {
            JsonArray entries = new JsonArray();
            for (Finding finding : list) {
                JsonObject entry = new JsonObject();
                entry.addProperty("name", finding.name);
                entry.addProperty("state", finding.state.name().toLowerCase(Locale.ROOT));
                entry.addProperty("text", finding.text);
                finding.remedy.ifPresent(remedy -> entry.addProperty("remedy", remedy));
                entries.add(entry);
            }
            JsonObject json = new JsonObject();
            json.addProperty("version", Version.current());
            json.add("findings", entries);
            return json;
        }

        @Override
        public void print(PrintStream out) {
            out.println("heddle " + Version.current());
            int width = list.stream().mapToInt(finding -> finding.name.length()).max().orElse(0);
            for (Finding finding : list) {
                String mark = finding.state == State.GOOD ? "ok" : "--";
                out.println(" %s %s  %s".formatted(mark, finding.name + " ".repeat(width - finding.name.length()), finding.text));
                finding.remedy.ifPresent(remedy -> out.println(" ".repeat(width + 6) + "to mend this: " + remedy));
            }
        }
    }
}
