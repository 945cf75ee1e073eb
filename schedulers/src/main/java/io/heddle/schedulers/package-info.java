/**
 * Noise schedules and samplers: how much noise a latent holds at each training step, which steps a run visits, and the formulas that move a latent from
 * one to the next: DDIM in both directions, PNDM, Euler and DPM-Solver++(2M).
 *
 * <p>Everything is a value: a {@link io.heddle.schedulers.SchedulerConfig} gives a {@link io.heddle.schedulers.Schedule} for a number of steps, which
 * starts a {@link io.heddle.schedulers.Solver} for each latent. Coefficients are computed in float32 in the order in which the diffusers library computes
 * them.
 */
@NullMarked
package io.heddle.schedulers;

import org.jspecify.annotations.NullMarked;
