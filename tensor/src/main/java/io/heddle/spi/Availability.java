package io.heddle.spi;

/**
 * Whether something works on this machine.
 *
 * @param usable whether it does
 * @param reason one sentence for the user: what was found, or what is missing and what to do
 */
public record Availability(boolean usable, String reason) {}
