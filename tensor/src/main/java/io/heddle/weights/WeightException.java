package io.heddle.weights;

import java.util.List;

/** A model or checkpoint cannot be used. The message is one sentence: where, what was expected, what was found, what to do. */
@SuppressWarnings("serial")
public abstract sealed class WeightException extends RuntimeException {
    private WeightException(String message) {
        super(message);
    }

    private WeightException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The bytes of a file break the rules of its format. */
    public static final class Malformed extends WeightException {
        Malformed(String message) {
            super(message);
        }
    }

    /** The file is a format, element type or architecture that is deliberately not loaded. */
    public static final class Unsupported extends WeightException {
        Unsupported(String message) {
            super(message);
        }
    }

    /** A file or folder that should be there is missing or cannot be read. */
    public static final class Inaccessible extends WeightException {
        Inaccessible(String message) {
            super(message);
        }

        Inaccessible(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A value in a configuration file is of the wrong type, out of range or not supported. */
    public static final class InvalidConfig extends WeightException {
        InvalidConfig(String message) {
            super(message);
        }
    }

    /** The tensors of a checkpoint are not those of the model. */
    public static final class Mismatch extends WeightException {
        private final List<String> missing;
        private final List<String> misshapen;
        private final List<String> unexpected;

        Mismatch(String message, List<String> missing, List<String> misshapen, List<String> unexpected) {
            super(message);
            this.missing = List.copyOf(missing);
            this.misshapen = List.copyOf(misshapen);
            this.unexpected = List.copyOf(unexpected);
        }

        /** Paths of tensors that the model needs and the checkpoint lacks. */
        public List<String> missing() {
            return missing;
        }

        /** Paths of tensors that have another shape in the checkpoint than in the model. */
        public List<String> misshapen() {
            return misshapen;
        }

        /** Names of tensors in the checkpoint that the model does not use. */
        public List<String> unexpected() {
            return unexpected;
        }
    }
}
