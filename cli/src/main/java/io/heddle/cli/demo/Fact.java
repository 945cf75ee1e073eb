package io.heddle.cli.demo;

/**
 * A property of the library that the demo has checked on its own pictures.
 *
 * @param claim in one sentence
 * @param holds what the check found
 */
public record Fact(String claim, boolean holds) {}
