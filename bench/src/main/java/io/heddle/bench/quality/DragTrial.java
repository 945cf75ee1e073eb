package io.heddle.bench.quality;

import io.heddle.editing.SamplingListener;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.dragon.DragonDiffusion;
import io.heddle.editing.dragon.DragonSettings;
import io.heddle.editing.dragon.Edit;
import io.heddle.editing.dragon.MemoryBank;
import io.heddle.editing.dragon.Move;
import io.heddle.editing.dragon.Network;
import io.heddle.editing.dragon.Point;
import io.heddle.editing.inversion.SourceText;
import io.heddle.image.Picture;
import io.heddle.spi.Extent;
import io.heddle.tensor.Tensor;
import io.heddle.toyworld.Rendering;
import java.util.ArrayList;
import java.util.List;

/** A task's pictures, inverted and ready for edits. */
final class DragTrial implements AutoCloseable {
    private static final Extent PICTURE = new Extent(Rendering.SIDE, Rendering.SIDE);

    private final DragTask task;
    private final StableDiffusion model;
    private final Network network;
    private final DragonSettings settings;
    private final List<SourceText> texts = new ArrayList<>();
    private final List<MemoryBank> banks = new ArrayList<>();

    DragTrial(StableDiffusion model, Network network, DragTask task) {
        this.task = task;
        this.model = model;
        this.network = network;
        settings = DragonSettings.standard(model.unet(), task.edit());
        invert(task.before(), task.prompt());
        task.second().ifPresent(second -> invert(second, task.secondPrompt()));
    }

    private void invert(Rendering rendering, String prompt) {
        SourceText text = SourceText.of(model, prompt);
        texts.add(text);
        banks.add(MemoryBank.invert(network, model.encode(rendering.picture()), text, settings));
    }

    /** The edit. */
    Picture edited() {
        return run(task.edit(), settings);
    }

    /** The same without energies, looking at the banks as the edit does. */
    Picture withoutEnergies() {
        return run(task.edit(), settings.withEnergyScale(0));
    }

    /** The noise of a moved thing taken along, without energies and bank. */
    Picture naive() {
        return run(task.edit(), settings.withEnergyScale(0).withBank(0, 0));
    }

    /** What sampling with the bank leads back to, nothing being edited. */
    Picture reconstructed() {
        Move nowhere = new Move(task.object(), new Point(0, 0), 1);
        DragonSettings plain = settings.withEnergyScale(0);
        return picture(DragonDiffusion.of(network, PICTURE, banks.getFirst(), nowhere, plain).run(SamplingListener.NONE));
    }

    private Picture run(Edit edit, DragonSettings with) {
        DragonDiffusion dragon = banks.size() == 1
                ? DragonDiffusion.of(network, PICTURE, banks.getFirst(), edit, with)
                : DragonDiffusion.of(network, PICTURE, banks.getFirst(), banks.getLast(), edit, with);
        return picture(dragon.run(SamplingListener.NONE));
    }

    private Picture picture(Tensor latent) {
        return model.pictures(latent).getFirst();
    }

    @Override
    public void close() {
        banks.forEach(MemoryBank::close);
        texts.forEach(SourceText::close);
    }
}
