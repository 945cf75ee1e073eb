package io.heddle.editing.imagic;

import io.heddle.image.Picture;

/** What scores edits: a pair of networks such as LPIPS and CLIP, the oracle of a world whose pictures are generated, or {@link DenoisingJudge}. */
@FunctionalInterface
public interface EditJudge {
    /**
     * Scores an edited picture.
     *
     * @param original the picture before, of the same size
     * @param target what the edited one should show
     */
    EditScore judge(Picture original, Picture edited, String target);
}
