package io.heddle.editing.pti;

import io.heddle.image.Picture;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;

/**
 * What judges edits. The published protocol takes LPIPS (AlexNet) for the distance, a DeiT-B classifier, and Inception's 2048 features; a world whose
 * pictures are generated may take its own oracle.
 *
 * @param distance how different an edited picture is from the original
 * @param scores a score for each class of the list; the largest one decides, and where all are equal the picture is of no class
 * @param features of a picture, of one length for all
 */
public record EditJudges(ToDoubleBiFunction<Picture, Picture> distance, Function<Picture, double[]> scores, Function<Picture, double[]> features) {}
