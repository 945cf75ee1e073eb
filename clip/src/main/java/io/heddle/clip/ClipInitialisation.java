package io.heddle.clip;

import io.heddle.random.TorchGenerator;
import io.heddle.weights.WeightSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The weights that the reference library gives a new text encoder behind {@code manual_seed}: PyTorch's own first, which cost random numbers, then its own. */
public final class ClipInitialisation implements WeightSource {
    private final TorchGenerator generator;
    private final Map<String, float[]> weights = new HashMap<>();

    /** Draws the weights of an encoder of the given sizes where {@code torch.manual_seed(seed)} starts. */
    public ClipInitialisation(long seed, ClipTextConfig config) {
        generator = new TorchGenerator(seed);
        int width = config.width();
        int inner = config.feedForwardWidth();
        generator.randn(config.vocabularySize() * width);
        generator.randn(config.contextLength() * width);
        for (int layer = 0; layer < config.layers(); layer++) {
            for (int projection = 0; projection < 4; projection++) {
                generator.rand(width * width);
                generator.rand(width);
            }
            generator.rand(inner * width);
            generator.rand(inner);
            generator.rand(width * inner);
            generator.rand(width);
        }
        String model = "text_model.";
        normal(model + "embeddings.token_embedding.weight", config.vocabularySize() * width, 0.02);
        normal(model + "embeddings.position_embedding.weight", config.contextLength() * width, 0.02);
        double residual = Math.pow(width, -0.5) * Math.pow(2 * config.layers(), -0.5);
        for (int layer = 0; layer < config.layers(); layer++) {
            String at = model + "encoder.layers." + layer + ".";
            for (String projection : new String[] {"q_proj", "k_proj", "v_proj"}) {
                normal(at + "self_attn." + projection + ".weight", width * width, residual);
            }
            normal(at + "self_attn.out_proj.weight", width * width, Math.pow(width, -0.5));
            normal(at + "mlp.fc1.weight", inner * width, Math.pow(2 * width, -0.5));
            normal(at + "mlp.fc2.weight", width * inner, residual);
        }
    }

    private void normal(String name, int count, double deviation) {
        float[] numbers = generator.randn(count);
        for (int i = 0; i < count; i++) {
            numbers[i] *= (float) deviation;
        }
        weights.put(name, numbers);
    }

    @Override
    public float[] take(String name, int[]... shapes) {
        if (weights.containsKey(name)) {
            return weights.get(name);
        }
        float[] affine = new float[shapes[0][0]];
        Arrays.fill(affine, name.endsWith(".weight") ? 1 : 0);
        return affine;
    }
}
