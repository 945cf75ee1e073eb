package io.heddle.editing.inversion;

import com.google.gson.JsonObject;
import java.util.OptionalDouble;

/**
 * How an embedding is optimised at each step.
 *
 * @param innerSteps the most updates by Adam; 0 leaves the embeddings as they are
 * @param learningRate of the first step
 * @param earlyStop when not empty, updates end after the first whose loss was below this and 2·10⁻⁵ more for each step made
 */
public record Tuning(int innerSteps, double learningRate, OptionalDouble earlyStop) {
    /** Of null-text inversion: 10 updates, rate 0.01, stop below 10⁻⁵. Mokady et al. 2023, in their code. */
    public static final Tuning NULL_TEXT = new Tuning(10, 0.01, OptionalDouble.of(1e-5));

    /** Of prompt tuning inversion: 5 updates, rate 0.01, no early stop. Dong et al. 2023, table 2. */
    public static final Tuning PROMPT_TUNING = new Tuning(5, 0.01, OptionalDouble.empty());

    private static final double LATER_STEPS_MAY_LOSE_MORE = 2e-5;

    /** Refuses what cannot be run. */
    public Tuning {
        if (innerSteps < 0 || !(learningRate > 0)) {
            throw new IllegalArgumentException("an embedding is tuned with 0 or more inner steps and a learning rate above 0, but got " + innerSteps
                    + " and " + learningRate);
        }
    }

    /** Whether updates of a sampling call end after one with this loss. */
    boolean endsAfter(double loss, int call) {
        return earlyStop.isPresent() && loss < earlyStop.getAsDouble() + LATER_STEPS_MAY_LOSE_MORE * call;
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("innerSteps", innerSteps);
        json.addProperty("learningRate", learningRate);
        earlyStop.ifPresent(stop -> json.addProperty("earlyStop", stop));
        return json;
    }

    static Tuning of(JsonObject json) {
        return new Tuning(
                json.get("innerSteps").getAsInt(),
                json.get("learningRate").getAsDouble(),
                json.has("earlyStop") ? OptionalDouble.of(json.get("earlyStop").getAsDouble()) : OptionalDouble.empty());
    }
}
