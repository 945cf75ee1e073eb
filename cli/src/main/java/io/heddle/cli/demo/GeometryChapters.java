package io.heddle.cli.demo;

import static io.heddle.toyworld.Attribute.BACKGROUND;
import static io.heddle.toyworld.Attribute.COLOUR;
import static io.heddle.toyworld.Attribute.KIND;
import static io.heddle.toyworld.Attribute.POSE;

import io.heddle.attention.TextEmbedding;
import io.heddle.editing.SamplingListener;
import io.heddle.editing.dragon.DragonDiffusion;
import io.heddle.editing.dragon.DragonSettings;
import io.heddle.editing.dragon.Mask;
import io.heddle.editing.dragon.MemoryBank;
import io.heddle.editing.dragon.Move;
import io.heddle.editing.dragon.Network;
import io.heddle.editing.dragon.Point;
import io.heddle.editing.imagic.Descent;
import io.heddle.editing.imagic.Imagic;
import io.heddle.editing.imagic.ImagicEdit;
import io.heddle.editing.imagic.ImagicRun;
import io.heddle.editing.imagic.ImagicSettings;
import io.heddle.editing.inversion.SourceText;
import io.heddle.image.Picture;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Captions;
import io.heddle.weights.Checkpoint;
import io.heddle.weights.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What changes the geometry of a real picture: a pose by Imagic, a place by DragonDiffusion. */
final class GeometryChapters {
    private static final List<Double> ETAS = List.of(0.0, 0.6, 0.8, 1.0);

    /** Little enough to take seconds; more would bring η 0 nearer to the picture. */
    private static final ImagicSettings TUNING =
            ImagicSettings.SMALL_MODEL.withEmbedding(new Descent(30, 2e-2, 4)).withNetwork(new Descent(40, 2e-4, 4));

    private static final Point WAY = new Point(44, 16);
    private static final int MASK_THRESHOLD = 127;

    private final Tour tour;
    private final Exhibit photo;
    private final Picture picture;
    private final Tensor clean;

    /**
     * The chapters on a picture.
     *
     * @param photo as it is on show
     * @param clean its latent {@code [1, height, width, 4]}
     */
    GeometryChapters(Tour tour, Exhibit photo, Picture picture, Tensor clean) {
        this.tour = tour;
        this.photo = photo;
        this.picture = picture;
        this.clean = clean;
    }

    void show() {
        changePose();
        move();
    }

    private void changePose() {
        String target = Captions.evaluation(ShownScenes.LYING);
        List<Exhibit> exhibits = new ArrayList<>(List.of(photo));
        Studio studio = tour.studio();
        try (Checkpoint weights = tour.location().open(Component.UNET);
                TextEmbedding encoded = tour.model().encode(target);
                TextEmbedding empty = tour.model().encode("")) {
            long before = System.nanoTime();
            ImagicRun run = Imagic.of(tour.model(), TUNING, false).prepare(clean, target, encoded, weights::take);
            try (ImagicEdit edit = run.finish(_ -> {})) {
                studio.spent("Imagic, embedding and network tuned", evaluations(TUNING.embedding()) + evaluations(TUNING.network()), before);
                Take take = studio.take("Imagic, from the picture to the prompt",
                        edit.recipe(ETAS, empty, tour.settings().guidanceScale()), studio.over(edit.clean()));
                for (int i = 0; i < ETAS.size(); i++) {
                    double eta = ETAS.get(i);
                    Picture made = studio.develop(take.latents().row(i));
                    if (eta == 1) {
                        tour.jury().ask("Imagic, η 1", made, ShownScenes.LYING, KIND, COLOUR, POSE, BACKGROUND);
                    }
                    exhibits.add(tour.gallery().show("pose-" + eta, made, "η " + eta, target, command(eta, target)));
                }
            }
        }
        tour.chapters().add(new Chapter("Another pose of the same thing",
                "Imagic tunes the prompt's embedding and then the network itself until the picture is their own, and samples between the picture's "
                        + "embedding and the prompt's.",
                photo.prompt(), exhibits));
    }

    private String command(double eta, String target) {
        String imagic = String.format(Locale.ROOT, "imagic --target-prompt %s --eta %s --embedding-steps %d --finetune-steps %d --batch %d",
                DemoSettings.quoted(target), eta, TUNING.embedding().steps(), TUNING.network().steps(), TUNING.network().batch());
        return tour.settings().edit("pose-" + eta, photo.file(), imagic + tour.settings().noise());
    }

    private static int evaluations(Descent descent) {
        return descent.steps() * descent.batch();
    }

    private void move() {
        Picture outline = ShownScenes.mask(ShownScenes.PHOTO);
        Exhibit mask = tour.gallery().showDrawing("photo-mask", outline, "what is moved", photo.prompt());
        Studio studio = tour.studio();
        try (SourceText text = SourceText.of(tour.model(), photo.prompt())) {
            long before = System.nanoTime();
            Extent size = new Extent(picture.height(), picture.width());
            Move move = new Move(Mask.of(outline, MASK_THRESHOLD), WAY, 1);
            DragonSettings settings = DragonSettings.standard(tour.model().unet(), move);
            Network network = Network.of(tour.model(), tour.settings().steps());
            try (MemoryBank bank = MemoryBank.invert(network, clean, text, settings)) {
                Picture moved = studio.develop(DragonDiffusion.of(network, size, bank, move, settings).run(SamplingListener.NONE));
                studio.spent("DragonDiffusion, calls of the network", network.calls(), before);
                tour.jury().askPlace("DragonDiffusion, moved", moved, ShownScenes.PHOTO.withFirst(t -> t.movedByPixels(WAY.x(), WAY.y())));
                String command = tour.settings().edit("moved", photo.file(), String.format(Locale.ROOT,
                        "move --prompt %s --mask %s --from 0,0 --to %.0f,%.0f", DemoSettings.quoted(photo.prompt()),
                        DemoSettings.quoted(mask.file().toString()), WAY.x(), WAY.y()), settings.guidance());
                tour.chapters().add(new Chapter("A thing elsewhere",
                        "DragonDiffusion leads sampling by the gradients of energies: what is moved shall have the features that it had, where it "
                                + "was shall be as its surroundings, and all else as before.",
                        photo.prompt(), List.of(photo, mask, tour.gallery().show("moved", moved, "moved", photo.prompt(), command))));
            }
        }
    }
}
