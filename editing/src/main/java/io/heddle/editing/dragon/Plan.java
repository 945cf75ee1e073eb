package io.heddle.editing.dragon;

import io.heddle.spi.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What an edit comes to on the grids of a picture. The paper's regions: gen is where an object will be, gud where it is in the original, share what both
 * leave alone, ipt what is left behind, ref what that is filled with.
 *
 * @param edit the energy of what is edited; its gradient counts inside the region
 * @param content the energy of the rest; its gradient counts outside the region
 * @param region cells of the latent
 * @param renewed cells of the latent that count as inside for regional noise
 * @param noise for each cell of the start latent the cell that it is taken from; those of the second picture are numbered after the first's
 * @param attention what the decoder's self-attention looks at
 */
record Plan(Energy edit, Energy content, Mask region, Mask renewed, int[] noise, CrossBranchAttention attention) {
    private static final double SHARE_OF_BLOCK = 0.5;

    static Plan of(Edit edit, Canvas canvas, DragonSettings settings) {
        return switch (edit) {
            case Move move -> of(move, canvas, settings);
            case Drag drag -> of(drag, canvas, settings);
            case Appearance appearance -> of(appearance, canvas, settings.weights());
            case Paste paste -> of(paste, canvas, settings);
        };
    }

    private static Plan of(Move move, Canvas canvas, DragonSettings settings) {
        boolean published = settings.reference();
        Relocation relocation = published
                ? PublishedRelocation.of(canvas, move.object(), move.displacement(), move.scale())
                : Relocation.of(canvas, move.object(), move.displacement(), move.scale());
        Cells share = relocation.untouched().cells();
        Cells ipt = relocation.vacated().cells();
        Cells ref = move.fill() == null ? share : canvas.onGrid(move.fill(), "the filling").cells();
        Similarity local = published ? Similarity.RAW_LOCAL : Similarity.LOCAL;
        Weights w = settings.weights();
        Energy content = new Energy(List.of(
                Term.attract(local, share, share, SHARE_OF_BLOCK * w.content()),
                Term.repel(ipt, SHARE_OF_BLOCK * w.contrast()),
                Term.attract(Similarity.GLOBAL, ipt, ref, w.inpaint())));
        return new Plan(
                new Energy(List.of(Term.attract(local, relocation.generated(), relocation.shown(), SHARE_OF_BLOCK * w.edit()))),
                content,
                canvas.onLatent(relocation.to()),
                relocation.to().or(relocation.from()).resize(canvas.latent()),
                relocation.noise(),
                new CrossBranchAttention.Replace());
    }

    private static Plan of(Drag drag, Canvas canvas, DragonSettings settings) {
        Mask editable = canvas.onGrid(drag.editable(), "the editable region");
        Weights w = settings.weights();
        Patches patches = new Patches(canvas, settings.reference());
        double share = SHARE_OF_BLOCK / drag.handles().size();
        List<Term> terms = new ArrayList<>();
        int[] noise = identity(canvas.latent());
        for (Drag.Handle handle : drag.handles()) {
            Mask start = patches.around(handle.from());
            Mask end = patches.around(handle.to());
            if (!editable.contains(patches.centre(handle.to()))) {
                throw new IllegalArgumentException("the point " + Math.round(handle.to().x()) + "," + Math.round(handle.to().y())
                        + " lies where the picture may not change, so that nothing can be dragged to it: enlarge the mask, or drag to a point inside of it");
            }
            terms.add(Term.attract(Similarity.LOCAL, end.cells(), start.cells(), share * w.edit()));
            terms.add(Term.repel(start.minus(end).cells(), share * w.contrast()));
            patches.copy(handle, noise);
        }
        Cells rest = editable.not().cells();
        Energy content = new Energy(List.of(Term.attract(Similarity.LOCAL, rest, rest, SHARE_OF_BLOCK * w.content())));
        Mask region = canvas.onLatent(editable);
        return new Plan(new Energy(terms), content, region, region, noise, new CrossBranchAttention.Append());
    }

    private static Plan of(Appearance appearance, Canvas canvas, Weights w) {
        Mask object = canvas.onGrid(appearance.object(), "the object");
        Mask model = canvas.onGrid(appearance.model(), "the other picture's object");
        Term looks = Term.attract(Similarity.GLOBAL, object.cells(), model.cells(), w.edit()).ofSecondPicture();
        return ofTwoPictures(looks, object, model, identity(canvas.latent()), canvas, w);
    }

    private static Plan of(Paste paste, Canvas canvas, DragonSettings settings) {
        Relocation relocation = settings.reference()
                ? PublishedRelocation.ofPasted(canvas, paste.object(), paste.displacement())
                : Relocation.of(canvas, paste.object(), paste.displacement(), 1);
        Weights w = settings.weights();
        Term looks = Term.attract(Similarity.LOCAL, relocation.generated(), relocation.shown(), w.edit()).ofSecondPicture();
        Mask covered = relocation.to().resize(canvas.latent());
        int[] noise = IntStream.range(0, canvas.latent().cells())
                .map(cell -> covered.contains(cell) ? canvas.latent().cells() + relocation.noise()[cell] : cell)
                .toArray();
        return ofTwoPictures(looks, relocation.to(), relocation.from(), noise, canvas, w);
    }

    private static Plan ofTwoPictures(Term looks, Mask object, Mask model, int[] noise, Canvas canvas, Weights w) {
        Cells rest = object.not().cells();
        Mask region = canvas.onLatent(object);
        return new Plan(
                new Energy(List.of(looks)),
                new Energy(List.of(Term.attract(Similarity.LOCAL, rest, rest, w.content()))),
                region,
                region,
                noise,
                new CrossBranchAttention.Combine(object.not(), model));
    }

    private static int[] identity(Extent latent) {
        return IntStream.range(0, latent.cells()).toArray();
    }
}
