package io.heddle.testkit;

import com.google.gson.JsonObject;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.weights.SafetensorsFile;
import io.heddle.weights.StoredTensor;

/** One case computed by the reference libraries: inputs, expected tensors, and how far float32 is from float64 there. Tests that open one are skipped where it is absent. */
public final class Fixture {
    private final String name;
    private final JsonObject json;
    private final SafetensorsFile file;

    private Fixture(String name, JsonObject json, SafetensorsFile file) {
        this.name = name;
        this.json = json;
        this.file = file;
    }

    /** The case in folder {@code shared/fixtures/NAME}. */
    public static Fixture of(String name) {
        JsonObject json = SharedFiles.json("fixtures/" + name + "/case.json").getAsJsonObject();
        return new Fixture(name, json, SafetensorsFile.open(SharedFiles.locate("fixtures/" + name + "/expected.safetensors")));
    }

    /** What the case is: settings, inputs, tolerances. */
    public JsonObject json() {
        return json;
    }

    /** The settings of the run. */
    public JsonObject settings() {
        return json.getAsJsonObject("settings");
    }

    /** Whether there is a tensor of this name. */
    public boolean contains(String tensor) {
        return file.tensors().containsKey(tensor);
    }

    /** The dimensions of a tensor. */
    public int[] dims(String tensor) {
        return file.tensor(tensor).shape().stream().mapToInt(Math::toIntExact).toArray();
    }

    /** The elements of a tensor as float32. */
    public float[] floats(String tensor) {
        return file.tensor(tensor).toFloats();
    }

    /** The elements of a tensor of integers. */
    public long[] longs(String tensor) {
        return file.tensor(tensor).toLongs();
    }

    /** A tensor as it is stored. */
    public Tensor tensor(Device device, String tensor) {
        StoredTensor stored = file.tensor(tensor);
        return device.tensor(Shape.of(dims(tensor)), stored.toFloats());
    }

    /** A tensor stored {@code [rows, channels, height, width]}, channels-last. */
    public Tensor channelsLast(Device device, String tensor) {
        return tensor(device, tensor).permute(0, 2, 3, 1);
    }

    /** Compares elements in the stored order with the expected ones, within the tolerance of the case. */
    public void assertMatches(String tensor, float[] actual) {
        assertMatches(tensor, actual, floats(tensor));
    }

    /** Compares elements with a part of the expected ones, within the tolerance of the whole tensor. */
    public void assertMatches(String tensor, float[] actual, float[] expectedPart) {
        TensorAssert.assertClose(name + " " + tensor, actual, expectedPart, tolerance(tensor));
    }

    /** Compares a channels-last tensor with the expected one. */
    public void assertChannelsLastMatches(String tensor, Tensor actual) {
        assertChannelsLastMatches(tensor, actual, tensor);
    }

    /** Compares a channels-last tensor with the expected one, within the tolerance that another tensor of the case was measured to have. */
    public void assertChannelsLastMatches(String tensor, Tensor actual, String toleranceOf) {
        TensorAssert.assertClose(name + " " + tensor, actual.permute(0, 3, 1, 2).toArray(), floats(tensor), tolerance(toleranceOf));
    }

    private Tolerance tolerance(String tensor) {
        JsonObject measured = json.getAsJsonObject("measured_tolerance").getAsJsonObject(tensor);
        if (measured == null) {
            throw new IllegalArgumentException(name + " has no tolerance for " + tensor);
        }
        return Tolerances.fixture(measured.get("f32_vs_f64_max_abs").getAsDouble(), measured.get("max_abs").getAsDouble());
    }
}
