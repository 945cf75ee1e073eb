package io.heddle.testkit.reference;

import io.heddle.spi.Buffer;
import io.heddle.spi.Normalization;
import io.heddle.spi.UnaryOp;
import org.jspecify.annotations.Nullable;

/** Layer normalisation is group normalisation with one cell and one group, each run being a row. */
final class ReferenceNormalization implements Normalization {
    @Override
    public void groupNorm(
            Buffer x, Buffer gamma, Buffer beta, GroupNormShape shape, float epsilon, boolean silu, Buffer y, Buffer statistics) {
        Doubles in = Doubles.in(x, size(shape));
        Doubles scale = Doubles.in(gamma, shape.channels());
        Doubles shift = Doubles.in(beta, shape.channels());
        Doubles out = Doubles.out(y, size(shape), in, scale, shift);
        Doubles stats = Doubles.out(statistics, 2L * shape.rows() * shape.groups(), in, scale, shift);
        for (int row = 0; row < shape.rows(); row++) {
            for (int group = 0; group < shape.groups(); group++) {
                long[] members = members(shape, row, group);
                double mean = 0;
                for (long i : members) {
                    mean += in.get(i) / members.length;
                }
                double variance = 0;
                for (long i : members) {
                    variance += (in.get(i) - mean) * (in.get(i) - mean) / members.length;
                }
                double reciprocal = 1 / Math.sqrt(variance + epsilon);
                stats.set(2L * (row * shape.groups() + group), mean);
                stats.set(2L * (row * shape.groups() + group) + 1, reciprocal);
                for (long i : members) {
                    int c = (int) (i % shape.channels());
                    double z = scale.get(c) * (in.get(i) - mean) * reciprocal + shift.get(c);
                    out.set(i, silu ? Functions.value(UnaryOp.SILU, z) : z);
                }
            }
        }
    }

    @Override
    public void groupNormGradient(
            Buffer x,
            Buffer gamma,
            Buffer beta,
            GroupNormShape shape,
            boolean silu,
            Buffer statistics,
            Buffer dy,
            @Nullable Buffer dx,
            @Nullable Buffer dGamma,
            @Nullable Buffer dBeta) {
        gradient(x, gamma, silu ? beta : null, shape, statistics, dy, dx, dGamma, dBeta);
    }

    @Override
    public void layerNorm(Buffer x, Buffer gamma, Buffer beta, int width, float epsilon, Buffer y, Buffer statistics) {
        groupNorm(x, gamma, beta, runs(x, width), epsilon, false, y, statistics);
    }

    @Override
    public void layerNormGradient(
            Buffer x,
            Buffer gamma,
            int width,
            Buffer statistics,
            Buffer dy,
            @Nullable Buffer dx,
            @Nullable Buffer dGamma,
            @Nullable Buffer dBeta) {
        gradient(x, gamma, null, runs(x, width), statistics, dy, dx, dGamma, dBeta);
    }

    /** With {@code beta} the result went through SiLU. */
    private static void gradient(
            Buffer x,
            Buffer gamma,
            @Nullable Buffer beta,
            GroupNormShape shape,
            Buffer statistics,
            Buffer dy,
            @Nullable Buffer dx,
            @Nullable Buffer dGamma,
            @Nullable Buffer dBeta) {
        Doubles in = Doubles.in(x, size(shape));
        Doubles scale = Doubles.in(gamma, shape.channels());
        Doubles stats = Doubles.in(statistics, 2L * shape.rows() * shape.groups());
        Doubles gradient = Doubles.in(dy, size(shape));
        Doubles gradientX = dx == null ? null : Doubles.out(dx, size(shape), in, scale, stats, gradient);
        double[] sumGamma = new double[shape.channels()];
        double[] sumBeta = new double[shape.channels()];
        for (int row = 0; row < shape.rows(); row++) {
            for (int group = 0; group < shape.groups(); group++) {
                long[] members = members(shape, row, group);
                double mean = stats.get(2L * (row * shape.groups() + group));
                double reciprocal = stats.get(2L * (row * shape.groups() + group) + 1);
                double[] normal = new double[members.length];
                double[] dNormal = new double[members.length];
                double meanGradient = 0;
                double meanProduct = 0;
                for (int m = 0; m < members.length; m++) {
                    int c = (int) (members[m] % shape.channels());
                    normal[m] = (in.get(members[m]) - mean) * reciprocal;
                    double dz = gradient.get(members[m]);
                    if (beta != null) {
                        double z = scale.get(c) * normal[m] + Doubles.in(beta, shape.channels()).get(c);
                        dz *= Functions.derivative(UnaryOp.SILU, z);
                    }
                    sumGamma[c] += dz * normal[m];
                    sumBeta[c] += dz;
                    dNormal[m] = dz * scale.get(c);
                    meanGradient += dNormal[m] / members.length;
                    meanProduct += dNormal[m] * normal[m] / members.length;
                }
                for (int m = 0; gradientX != null && m < members.length; m++) {
                    gradientX.set(members[m], reciprocal * (dNormal[m] - meanGradient - normal[m] * meanProduct));
                }
            }
        }
        write(sumGamma, dGamma);
        write(sumBeta, dBeta);
    }

    private static void write(double[] values, @Nullable Buffer target) {
        for (int i = 0; target != null && i < values.length; i++) {
            Doubles.in(target, values.length).set(i, values[i]);
        }
    }

    /** The offsets of the elements that one group of one row normalises together. */
    private static long[] members(GroupNormShape shape, int row, int group) {
        int size = shape.channels() / shape.groups();
        long[] members = new long[shape.cells() * size];
        for (int m = 0; m < members.length; m++) {
            members[m] = ((long) row * shape.cells() + m / size) * shape.channels() + group * size + m % size;
        }
        return members;
    }

    private static long size(GroupNormShape shape) {
        return (long) shape.rows() * shape.cells() * shape.channels();
    }

    private static GroupNormShape runs(Buffer x, int width) {
        return new GroupNormShape(Math.toIntExact(x.length() / width), 1, width, 1);
    }
}
