package io.heddle.schedulers;

import static io.heddle.schedulers.NoiseSchedule.sqrt;

import java.util.List;

/**
 * The calls of a PNDM run without Runge-Kutta warm-up (PLMS): the first hop is made twice, the second time with the mean of both outputs, so there is one
 * call more than there are steps. Liu et al. 2022, "Pseudo Numerical Methods for Diffusion Models on Manifolds".
 *
 * @param evaluations the timestep of each call
 * @param transitions the hop that follows each call; the second is the first again
 * @param prediction what the network says, noise or velocity
 */
public record PndmSchedule(List<Integer> evaluations, List<Transition> transitions, Prediction prediction) implements Schedule {
    /** Copies the lists. */
    public PndmSchedule {
        evaluations = List.copyOf(evaluations);
        transitions = List.copyOf(transitions);
    }

    /**
     * The numbers of one hop: {@code x' = sampleScale·x − outputScale·ε/divisor} with {@code ε = signal·v + noise·x} where velocity is predicted. Equation
     * (11) of the paper.
     *
     * @param sampleScale √(ᾱ'/ᾱ)
     * @param outputScale ᾱ' − ᾱ
     * @param divisor ᾱ·√(1 − ᾱ') + √(ᾱ·(1 − ᾱ)·ᾱ')
     * @param signal √ᾱ
     * @param noise √(1 − ᾱ)
     */
    public record Coefficients(float sampleScale, float outputScale, float divisor, float signal, float noise) {
        /** The numbers of a hop. */
        public static Coefficients of(Transition hop) {
            float from = hop.alphaBarFrom();
            float to = hop.alphaBarTo();
            return new Coefficients(
                    sqrt(to / from), to - from, from * sqrt(1 - to) + sqrt(from * (1 - from) * to), sqrt(from), sqrt(1 - from));
        }
    }

    @Override
    public int calls() {
        return evaluations.size();
    }

    @Override
    public double timestep(int call) {
        return evaluations.get(call);
    }

    @Override
    public Solver start() {
        return new PlmsSolver(this);
    }
}
