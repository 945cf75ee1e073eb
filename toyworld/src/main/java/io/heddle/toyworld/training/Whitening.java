package io.heddle.toyworld.training;

import io.heddle.nn.Parameter;
import io.heddle.tensor.Device;
import io.heddle.tensor.Shape;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Rendering;
import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.vae.AutoencoderKl;
import io.heddle.vae.LatentDistribution;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The change of scale of each latent channel that makes its mean 0 and its deviation 1. It is folded into the 1x1 convolutions on both sides of the latent,
 * so that decoded pictures stay what they were and one scaling factor of 1 is right for all channels.
 *
 * @param mean of each channel
 * @param deviation of each channel
 */
record Whitening(double[] mean, double[] deviation) {
    /** Measures sampled latents of random pictures. */
    static Whitening measure(Crew crew, List<AutoencoderKl> networks, Draws draws, int pictures) {
        int channels = networks.getFirst().config().latentChannels();
        List<double[]> moments = crew.each(pictures, index -> {
            int shard = index % crew.size();
            Scene scene = Scene.draw(draws.at(Draws.Use.STATISTICS, 0, index), SceneMix.CAPTIONED);
            return moments(crew.device(shard), networks.get(shard), Rendering.of(scene).pixels(), channels);
        });
        double[] mean = new double[channels];
        double[] deviation = new double[channels];
        for (int c = 0; c < channels; c++) {
            int channel = c;
            mean[c] = moments.stream().mapToDouble(m -> m[channel]).sum() / pictures;
            double square = moments.stream().mapToDouble(m -> m[channels + channel]).sum() / pictures;
            deviation[c] = Math.sqrt(square - mean[c] * mean[c]);
        }
        return new Whitening(mean, deviation);
    }

    /** The means of each channel and of its square, the posterior's variance included. */
    private static double[] moments(Device device, AutoencoderKl network, float[] pixels, int channels) {
        double[] moments = new double[2 * channels];
        try (var _ = device.scope()) {
            Tensor picture = device.tensor(Shape.of(1, Rendering.SIDE, Rendering.SIDE, 3), pixels).times(2).minus(1);
            LatentDistribution latent = network.encode(picture);
            float[] mean = latent.mean().toArray();
            float[] variance = latent.logVariance().exp().toArray();
            for (int i = 0; i < mean.length; i++) {
                moments[i % channels] += mean[i];
                moments[channels + i % channels] += (double) mean[i] * mean[i] + variance[i];
            }
        }
        double cells = Math.pow(Rendering.SIDE / (double) network.config().downsampling(), 2);
        return Arrays.stream(moments).map(sum -> sum / cells).toArray();
    }

    @Override
    public String toString() {
        return "means " + rounded(mean) + ", deviations " + rounded(deviation);
    }

    private static String rounded(double[] values) {
        return Arrays.stream(values).mapToObj(value -> String.format(Locale.ROOT, "%.2f", value)).collect(Collectors.joining(" "));
    }

    /** Folds the change into a network's weights. */
    void fold(Map<String, Parameter> parameters) {
        int channels = mean.length;
        Tensor quant = parameters.get("quant_conv.weight").tensor();
        Tensor quantBias = parameters.get("quant_conv.bias").tensor();
        float[] w = quant.toArray();
        float[] b = quantBias.toArray();
        for (int out = 0; out < channels; out++) {
            for (int in = 0; in < 2 * channels; in++) {
                w[out * 2 * channels + in] = (float) (w[out * 2 * channels + in] / deviation[out]);
            }
            b[out] = (float) ((b[out] - mean[out]) / deviation[out]);
            b[channels + out] = (float) (b[channels + out] - 2 * Math.log(deviation[out]));
        }
        quant.assign(w);
        quantBias.assign(b);
        Tensor post = parameters.get("post_quant_conv.weight").tensor();
        Tensor postBias = parameters.get("post_quant_conv.bias").tensor();
        float[] p = post.toArray();
        float[] q = postBias.toArray();
        for (int out = 0; out < channels; out++) {
            double shift = q[out];
            for (int in = 0; in < channels; in++) {
                int i = out * channels + in;
                shift += p[i] * mean[in];
                p[i] = (float) (p[i] * deviation[in]);
            }
            q[out] = (float) shift;
        }
        post.assign(p);
        postBias.assign(q);
    }
}
