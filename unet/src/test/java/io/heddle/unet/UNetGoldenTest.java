package io.heddle.unet;

import io.heddle.attention.Pass;
import io.heddle.attention.Step;
import io.heddle.attention.TextConditioning;
import io.heddle.attention.TextEmbedding;
import io.heddle.nn.Parameter;
import io.heddle.nn.ParameterScope;
import io.heddle.tensor.Device;
import io.heddle.tensor.Gradients;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.FormulaWeights;
import io.heddle.testkit.Golden;
import io.heddle.testkit.SharedFiles;
import io.heddle.unet.UNetConfig.Level;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The UNet of both generations against the reference library, on weights that a formula gives. */
class UNetGoldenTest {
    private static final int TOKENS = 7;
    private static final UNetConfig U1 = config(List.of(new Level(32, 8, true, true, 1), new Level(64, 8, false, false, 1)), 2, false);
    private static final UNetConfig U2 = config(
            List.of(new Level(32, 2, true, true, 1), new Level(64, 4, true, true, 1), new Level(64, 4, false, false, 1)), 1, true);

    private final Device device = Device.cpu();

    @AfterEach
    void close() {
        device.close();
    }

    @ParameterizedTest
    @CsvSource({"U1, 2, 8, 8, 981", "U1, 1, 9, 7, 1", "U2, 2, 8, 8, 981", "U2, 1, 9, 7, 1"})
    void predictionAndGradientsAreTheReferences(String model, int rows, int height, int width, int timestep) {
        String golden = model + "." + rows + "x4x" + height + "x" + width + ".t" + timestep;
        UNet unet = UNet.load(ParameterScope.root(device, new FormulaWeights()), model.equals("U1") ? U1 : U2);
        List<Parameter> weights = watchedWeights(golden, unet.parameters());
        try (Recording tape = Recording.open()) {
            Tensor sample = tape.watch(input("in.sample", rows, 4, height, width).permute(0, 2, 3, 1));
            Tensor context = tape.watch(input("in.context", rows, TOKENS, 32));
            weights.forEach(weight -> weight.watch(tape));
            Pass pass = Pass.of(Step.at(timestep), TextConditioning.of(TextEmbedding.of(context)));
            Tensor out = unet.predict(sample, pass);
            Golden.of(golden + ".out").assertMatches(out.permute(0, 3, 1, 2).toArray());
            Gradients gradients = tape.gradients(out, input("in.gradout", rows, 4, height, width).permute(0, 2, 3, 1));
            Golden.of(golden + ".d_sample").assertMatches(gradients.of(sample).permute(0, 3, 1, 2).toArray());
            Golden.of(golden + ".d_context").assertMatches(gradients.of(context).toArray());
            for (Parameter weight : weights) {
                Golden.of(golden + ".d[" + weight.name() + "]").assertMatches(weight.toCheckpoint(gradients.of(weight.tensor())));
            }
        }
    }

    private static List<Parameter> watchedWeights(String golden, Map<String, Parameter> parameters) {
        String prefix = golden + ".d[";
        return SharedFiles.json("golden/models.json").getAsJsonObject().keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> parameters.get(key.substring(prefix.length(), key.length() - 1)))
                .toList();
    }

    private static UNetConfig config(List<Level> levels, int layersPerBlock, boolean linearProjection) {
        return new UNetConfig(8, 4, 4, true, 0, levels, layersPerBlock, 8, 1e-5f, 32, linearProjection);
    }

    private Tensor input(String name, int... dims) {
        Shape shape = Shape.of(dims);
        return device.tensor(shape, FormulaWeights.input(name, Math.toIntExact(shape.size())));
    }
}
