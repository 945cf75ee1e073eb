package io.heddle.testkit.reference;

import io.heddle.spi.Buffer;
import io.heddle.spi.Optimisation;

final class ReferenceOptimisation implements Optimisation {
    @Override
    public void adamInPlace(Buffer parameter, Buffer gradient, Buffer firstMoment, Buffer secondMoment, AdamStep step) {
        Doubles theta = Doubles.in(parameter, gradient.length());
        Doubles g = Doubles.in(gradient, gradient.length());
        Doubles m = Doubles.in(firstMoment, gradient.length());
        Doubles v = Doubles.in(secondMoment, gradient.length());
        for (long i = 0; i < g.length(); i++) {
            m.set(i, step.beta1() * m.get(i) + (1 - step.beta1()) * g.get(i));
            v.set(i, step.beta2() * v.get(i) + (1 - step.beta2()) * g.get(i) * g.get(i));
            double mean = m.get(i) / (1 - Math.pow(step.beta1(), step.number()));
            double variance = v.get(i) / (1 - Math.pow(step.beta2(), step.number()));
            double update = mean / (Math.sqrt(variance) + step.epsilon()) + step.weightDecay() * theta.get(i);
            theta.add(i, -step.learningRate() * update);
        }
    }
}
