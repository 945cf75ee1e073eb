package io.heddle.cli.demo;

/**
 * What the toy world's oracle reads of a picture that the demo made.
 *
 * @param picture what it is called
 * @param asked what it should show
 * @param read what it shows
 * @param agrees whether that is the same
 */
public record Verdict(String picture, String asked, String read, boolean agrees) {}
