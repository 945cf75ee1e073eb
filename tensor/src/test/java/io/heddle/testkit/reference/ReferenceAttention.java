package io.heddle.testkit.reference;

import io.heddle.spi.AttentionKernels;
import io.heddle.spi.Buffer;
import org.jspecify.annotations.Nullable;

final class ReferenceAttention implements AttentionKernels {
    @Override
    public void fused(Buffer q, Buffer k, Buffer v, Terms terms, AttentionShape shape, Buffer out, @Nullable Buffer logSumExp) {
        Doubles values = Doubles.in(v, v.length());
        Doubles result = Doubles.out(out, (long) terms.rows() * shape.queries() * shape.width(), values);
        result.fill(0);
        for (int t = 0; t < terms.size(); t++) {
            for (int head = 0; head < shape.heads(); head++) {
                for (int query = 0; query < shape.queries(); query++) {
                    double[] scores = scores(q, terms.query(t), k, terms.key(t), head, query, shape);
                    double normaliser = logSumExp(scores);
                    if (logSumExp != null) {
                        long length = (long) terms.size() * shape.heads() * shape.queries();
                        Doubles.in(logSumExp, length).set(((long) t * shape.heads() + head) * shape.queries() + query, normaliser);
                    }
                    for (int key = 0; key < shape.keys(); key++) {
                        double probability = Math.exp(scores[key] - normaliser);
                        for (int d = 0; d < shape.dim(); d++) {
                            double value = values.get(at(terms.value(t), shape.keys(), key, head, d, shape));
                            result.add(at(terms.out(t), shape.queries(), query, head, d, shape), probability * value);
                        }
                    }
                }
            }
        }
    }

    @Override
    public void fusedWithHeadSums(Buffer q, Buffer k, Buffer v, Terms terms, AttentionShape shape, Buffer out, Buffer headSums) {
        fused(q, k, v, terms, shape, out, null);
        Doubles sums = Doubles.out(headSums, (long) terms.size() * shape.queries() * shape.keys(), Doubles.in(out, out.length()));
        sums.fill(0);
        for (int t = 0; t < terms.size(); t++) {
            for (int head = 0; head < shape.heads(); head++) {
                for (int query = 0; query < shape.queries(); query++) {
                    double[] scores = scores(q, terms.query(t), k, terms.key(t), head, query, shape);
                    double normaliser = logSumExp(scores);
                    for (int key = 0; key < shape.keys(); key++) {
                        sums.add(((long) t * shape.queries() + query) * shape.keys() + key, Math.exp(scores[key] - normaliser));
                    }
                }
            }
        }
    }

    @Override
    public void fusedGradient(
            Buffer q,
            Buffer k,
            Buffer v,
            Terms terms,
            AttentionShape shape,
            Buffer logSumExp,
            Buffer dOut,
            @Nullable Buffer dq,
            @Nullable Buffer dk,
            @Nullable Buffer dv) {
        Doubles queries = Doubles.in(q, q.length());
        Doubles keys = Doubles.in(k, k.length());
        Doubles values = Doubles.in(v, v.length());
        Doubles normalisers = Doubles.in(logSumExp, (long) terms.size() * shape.heads() * shape.queries());
        Doubles gradient = Doubles.in(dOut, (long) terms.rows() * shape.queries() * shape.width());
        Doubles dQueries = zeros(dq, queries, keys, values, gradient);
        Doubles dKeys = zeros(dk, keys, queries, values, gradient);
        Doubles dValues = zeros(dv, values, queries, keys, gradient);
        for (int t = 0; t < terms.size(); t++) {
            for (int head = 0; head < shape.heads(); head++) {
                for (int query = 0; query < shape.queries(); query++) {
                    double normaliser = normalisers.get(((long) t * shape.heads() + head) * shape.queries() + query);
                    double[] probabilities = scores(q, terms.query(t), k, terms.key(t), head, query, shape);
                    double[] dProbabilities = new double[shape.keys()];
                    double mean = 0;
                    for (int key = 0; key < shape.keys(); key++) {
                        probabilities[key] = Math.exp(probabilities[key] - normaliser);
                        for (int d = 0; d < shape.dim(); d++) {
                            double value = values.get(at(terms.value(t), shape.keys(), key, head, d, shape));
                            dProbabilities[key] += value * gradient.get(at(terms.out(t), shape.queries(), query, head, d, shape));
                        }
                        mean += probabilities[key] * dProbabilities[key];
                    }
                    for (int key = 0; key < shape.keys(); key++) {
                        double dScore = shape.scale() * probabilities[key] * (dProbabilities[key] - mean);
                        for (int d = 0; d < shape.dim(); d++) {
                            long queryAt = at(terms.query(t), shape.queries(), query, head, d, shape);
                            long keyAt = at(terms.key(t), shape.keys(), key, head, d, shape);
                            long valueAt = at(terms.value(t), shape.keys(), key, head, d, shape);
                            add(dQueries, queryAt, dScore * keys.get(keyAt));
                            add(dKeys, keyAt, dScore * queries.get(queryAt));
                            add(dValues, valueAt, probabilities[key] * gradient.get(at(terms.out(t), shape.queries(), query, head, d, shape)));
                        }
                    }
                }
            }
        }
    }

    @Override
    public void map(Buffer q, Buffer k, int[] query, int[] key, AttentionShape shape, QueryWindow window, Buffer map) {
        Doubles result = Doubles.out(map, (long) query.length * shape.heads() * window.count() * shape.keys());
        long at = 0;
        for (int n = 0; n < query.length; n++) {
            for (int head = 0; head < shape.heads(); head++) {
                for (int i = window.first(); i < window.first() + window.count(); i++) {
                    double[] scores = scores(q, query[n], k, key[n], head, i, shape);
                    double normaliser = logSumExp(scores);
                    for (double score : scores) {
                        result.set(at++, Math.exp(score - normaliser));
                    }
                }
            }
        }
    }

    @Override
    public void applyMap(Buffer map, Buffer v, int[] value, AttentionShape shape, Buffer out) {
        Doubles maps = Doubles.in(map, (long) value.length * shape.heads() * shape.queries() * shape.keys());
        Doubles values = Doubles.in(v, v.length());
        Doubles result = Doubles.out(out, (long) value.length * shape.queries() * shape.width(), maps, values);
        result.fill(0);
        Grid grid = new Grid(value.length, shape.heads(), shape.queries(), shape.keys());
        for (long i = 0; i < maps.length(); i++) {
            int[] at = grid.coordinates(i);
            for (int d = 0; d < shape.dim(); d++) {
                double product = maps.get(i) * values.get(at(value[at[0]], shape.keys(), at[3], at[1], d, shape));
                result.add(at(at[0], shape.queries(), at[2], at[1], d, shape), product);
            }
        }
    }

    /** The scaled scores of one query of one head with every key; −∞ for keys that it does not see. */
    private static double[] scores(Buffer q, int queryRow, Buffer k, int keyRow, int head, int query, AttentionShape shape) {
        Doubles queries = Doubles.in(q, q.length());
        Doubles keys = Doubles.in(k, k.length());
        double[] scores = new double[shape.keys()];
        for (int key = 0; key < shape.keys(); key++) {
            double product = 0;
            for (int d = 0; d < shape.dim(); d++) {
                double queryElement = queries.get(at(queryRow, shape.queries(), query, head, d, shape));
                product += queryElement * keys.get(at(keyRow, shape.keys(), key, head, d, shape));
            }
            scores[key] = shape.causal() && key > query ? Double.NEGATIVE_INFINITY : shape.scale() * product;
        }
        return scores;
    }

    private static double logSumExp(double[] scores) {
        double max = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            max = Math.max(max, score);
        }
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - max);
        }
        return max + Math.log(sum);
    }

    /** The offset of element {@code d} of a head of a token in {@code [rows, tokens, heads·dim]}. */
    private static long at(int row, int tokens, int token, int head, int d, AttentionShape shape) {
        return ((long) row * tokens + token) * shape.width() + head * shape.dim() + d;
    }

    private static @Nullable Doubles zeros(@Nullable Buffer gradient, Doubles like, Doubles... others) {
        if (gradient == null) {
            return null;
        }
        Doubles zeros = Doubles.out(gradient, like.length(), others);
        zeros.fill(0);
        return zeros;
    }

    private static void add(@Nullable Doubles gradient, long at, double value) {
        if (gradient != null) {
            gradient.add(at, value);
        }
    }
}
