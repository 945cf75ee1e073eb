package io.heddle.clip;

/**
 * One token of a text and the characters it stands for.
 *
 * @param id index in the vocabulary
 * @param start first character (UTF-16 index) in the text as it was given
 * @param end the character after the last one; tokens that share a character of several bytes have overlapping ranges
 */
public record Token(int id, int start, int end) {}
