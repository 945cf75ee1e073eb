package io.heddle.testkit.reference;

import io.heddle.spi.Buffer;
import io.heddle.spi.LinearKernels;
import org.jspecify.annotations.Nullable;

final class ReferenceLinear implements LinearKernels {
    @Override
    public void linear(Buffer x, Buffer weight, @Nullable Buffer bias, @Nullable Buffer residual, LinearShape shape, Buffer y) {
        long n = positions(shape);
        Doubles in = Doubles.in(x, n * shape.in());
        Doubles w = Doubles.in(weight, (long) shape.out() * shape.in());
        Doubles out = Doubles.out(y, n * shape.out(), in, w);
        for (long t = 0; t < n; t++) {
            for (int o = 0; o < shape.out(); o++) {
                double sum = bias == null ? 0 : Doubles.in(bias, shape.out()).get(o);
                for (int i = 0; i < shape.in(); i++) {
                    sum += in.get(t * shape.in() + i) * w.get((long) o * shape.in() + i);
                }
                sum += residual == null ? 0 : Doubles.in(residual, y.length()).get(t * shape.out() + o);
                out.set(t * shape.out() + o, sum);
            }
        }
    }

    @Override
    public void linearInputGradient(Buffer dy, Buffer weight, LinearShape shape, Buffer dx) {
        long n = positions(shape);
        Doubles gradient = Doubles.in(dy, n * shape.out());
        Doubles w = Doubles.in(weight, (long) shape.out() * shape.in());
        Doubles out = Doubles.out(dx, n * shape.in(), gradient, w);
        for (long t = 0; t < n; t++) {
            for (int i = 0; i < shape.in(); i++) {
                double sum = 0;
                for (int o = 0; o < shape.out(); o++) {
                    sum += gradient.get(t * shape.out() + o) * w.get((long) o * shape.in() + i);
                }
                out.set(t * shape.in() + i, sum);
            }
        }
    }

    @Override
    public void linearWeightGradient(Buffer x, Buffer dy, LinearShape shape, Buffer dWeight, @Nullable Buffer dBias) {
        long n = positions(shape);
        Doubles in = Doubles.in(x, n * shape.in());
        Doubles gradient = Doubles.in(dy, n * shape.out());
        Doubles dw = Doubles.out(dWeight, (long) shape.out() * shape.in(), in, gradient);
        dw.fill(0);
        for (long t = 0; t < n; t++) {
            for (int o = 0; o < shape.out(); o++) {
                for (int i = 0; i < shape.in(); i++) {
                    dw.add((long) o * shape.in() + i, gradient.get(t * shape.out() + o) * in.get(t * shape.in() + i));
                }
            }
        }
        if (dBias != null) {
            Doubles db = Doubles.out(dBias, shape.out(), in, gradient);
            db.fill(0);
            for (long t = 0; t < n * shape.out(); t++) {
                db.add(t % shape.out(), gradient.get(t));
            }
        }
    }

    @Override
    public void matmul(Buffer a, Buffer b, MatmulShape shape, Buffer c) {
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        Doubles left = Doubles.in(a, (long) shape.batch() * m * k);
        Doubles right = Doubles.in(b, (long) shape.batch() * k * n);
        Doubles out = Doubles.out(c, (long) shape.batch() * m * n, left, right);
        for (int product = 0; product < shape.batch(); product++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) {
                        long atA = shape.transposeA() ? (long) l * m + i : (long) i * k + l;
                        long atB = shape.transposeB() ? (long) j * k + l : (long) l * n + j;
                        sum += left.get((long) product * m * k + atA) * right.get((long) product * k * n + atB);
                    }
                    out.set(((long) product * m + i) * n + j, sum);
                }
            }
        }
    }

    private static long positions(LinearShape shape) {
        return (long) shape.rows() * shape.tokens();
    }
}
