package io.heddle.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;

/** A tensor that the reference libraries computed in float64 from {@link FormulaWeights}: its first elements and its sums. */
public record Golden(String name, JsonObject json) {
    /** The tensor of this name; aborts the test as skipped where the file is absent. */
    public static Golden of(String name) {
        return new Golden(name, SharedFiles.json("golden/models.json").getAsJsonObject().getAsJsonObject(name));
    }

    /** Compares a tensor in the stored order: the first elements one by one, all of them by their sums, which may be off by the sum of what elements may. */
    public void assertMatches(float[] actual) {
        double[] first = json.getAsJsonArray("values").asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
        double maximum = Arrays.stream(first).map(Math::abs).max().orElse(0);
        Tolerance tolerance = Tolerances.fixture(number("f32_maxdiff"), maximum);
        TensorAssert.assertClose(name, TensorAssert.doubles(Arrays.copyOf(actual, first.length)), first, tolerance);
        double sum = 0;
        double magnitudes = 0;
        for (float element : actual) {
            sum += element;
            magnitudes += Math.abs(element);
        }
        double allowed = actual.length * tolerance.bound(0, maximum);
        assertThat(sum).as("sum of %s", name).isCloseTo(number("sum"), within(allowed));
        assertThat(magnitudes).as("sum of magnitudes of %s", name).isCloseTo(number("abssum"), within(allowed));
    }

    private double number(String key) {
        return json.get(key).getAsDouble();
    }
}
