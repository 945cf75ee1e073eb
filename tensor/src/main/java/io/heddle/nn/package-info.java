/**
 * Layers with parameters: linear, convolution, normalisation, embedding. Constructing a layer on a {@link io.heddle.nn.ParameterScope} takes its
 * parameters by their checkpoint names, so the constructors of a network are its key map.
 */
@NullMarked
package io.heddle.nn;

import org.jspecify.annotations.NullMarked;
