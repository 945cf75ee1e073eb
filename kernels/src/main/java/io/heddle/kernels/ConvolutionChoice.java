package io.heddle.kernels;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What computes convolutions: kernels of our own, or cuDNN 9 where the system property {@code heddle.cuda.convolutions} is {@code cudnn}. That takes JCudnn
 * on the class path, an optional dependency of this library.
 *
 * @param cudnn the library, if it is to be used
 * @param reason for reports: what is used, and whether cuDNN could be
 */
record ConvolutionChoice(Optional<SharedLibrary> cudnn, String reason) {
    /** The property that names one. */
    static final String PROPERTY = "heddle.cuda.convolutions";

    /** The property that names a file, or the directory that holds it, taken instead of searching. */
    static final String PLACE_PROPERTY = "heddle.cudnn";

    /** Kernels of our own, which need no library. */
    static final ConvolutionChoice KERNELS = new ConvolutionChoice(Optional.empty(), "own kernels");

    private static final LibrarySearch SEARCH = new LibrarySearch(PLACE_PROPERTY, List.of("libcudnn.so.9"));

    /**
     * The choice for this process.
     *
     * @throws IllegalArgumentException if the property names none
     * @throws UnsupportedOperationException if it names cuDNN, which is missing
     */
    static ConvolutionChoice chosen() {
        String named = System.getProperty(PROPERTY, "kernels");
        return switch (named) {
            case "kernels" -> new ConvolutionChoice(Optional.empty(), KERNELS.reason + "; cuDNN is off and " + (lack() == null
                    ? "there: -D" + PROPERTY + "=cudnn turns it on"
                    : "not there"));
            case "cudnn" -> byCudnn();
            default -> throw new IllegalArgumentException("-D" + PROPERTY + "=" + named + " is unknown; expected cudnn or kernels");
        };
    }

    /**
     * cuDNN, whatever the property says.
     *
     * @throws UnsupportedOperationException if it is missing
     */
    static ConvolutionChoice byCudnn() {
        @Nullable String lack = lack();
        if (lack != null) {
            throw new UnsupportedOperationException("cuDNN is missing: " + lack);
        }
        return new ConvolutionChoice(SEARCH.find(), "cuDNN of " + SEARCH.find().orElseThrow());
    }

    private static @Nullable String lack() {
        if (!isBindingPresent()) {
            return "JCuda's jcudnn and its natives are not on the class path";
        }
        return SEARCH.find().isPresent() ? null : SEARCH.missing();
    }

    private static boolean isBindingPresent() {
        return ConvolutionChoice.class.getResource("/jcuda/jcudnn/JCudnn.class") != null && JCudaNatives.isPresent("JCudnn");
    }
}
