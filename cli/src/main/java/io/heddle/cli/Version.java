package io.heddle.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Heddle's version, as the jar states it. */
final class Version implements IVersionProvider {
    /** For example {@code 0.1.0}; {@code development} when classes are run without a jar. */
    static String current() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"heddle " + current()};
    }
}
