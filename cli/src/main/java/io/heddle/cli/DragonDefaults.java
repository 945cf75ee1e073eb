package io.heddle.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Defaults of shared options where editing by dragging has its own: less guidance, as in the published demo. */
final class DragonDefaults implements IDefaultValueProvider {
    private static final String GUIDANCE = "4";
    private static final String GUIDANCE_OF_APPEARANCE = "5";

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        boolean guidance = argument instanceof OptionSpec option && option.longestName().equals("--guidance-scale");
        if (!guidance) {
            return null;
        }
        return argument.command().name().equals(EditAppearanceCommand.NAME) ? GUIDANCE_OF_APPEARANCE : GUIDANCE;
    }
}
