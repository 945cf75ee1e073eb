package io.heddle.attention;

import io.heddle.tensor.Tensor;

/**
 * Keys and values of an attention layer.
 *
 * @param key {@code [rows, keys, heads·dim]}
 * @param value {@code [rows, keys, heads·dim]}
 */
public record KeyValue(Tensor key, Tensor value) {}
