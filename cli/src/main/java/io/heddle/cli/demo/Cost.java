package io.heddle.cli.demo;

/**
 * What one run of the sampler took.
 *
 * @param what it was for
 * @param evaluations of the network: one for each row and step
 * @param seconds that the sampling took
 */
public record Cost(String what, int evaluations, double seconds) {}
