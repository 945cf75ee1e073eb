package io.heddle.cli;

import io.heddle.attention.Step;
import io.heddle.attention.Step.Purpose;
import io.heddle.editing.ResultFile.Found;
import io.heddle.editing.StableDiffusion;
import io.heddle.editing.inversion.Inversion;
import io.heddle.editing.inversion.InversionFile;
import io.heddle.editing.inversion.InversionMethod;
import io.heddle.editing.inversion.InversionReport;
import io.heddle.editing.inversion.InversionRun;
import io.heddle.editing.inversion.Inverter;
import io.heddle.editing.inversion.SourceText;
import io.heddle.files.AtomicFile.Existing;
import io.heddle.image.Picture;
import io.heddle.tensor.Tensor;
import java.util.function.Consumer;

/** Inverts a picture for a command, with progress and warnings. */
final class Inverting {
    private final Subcommand command;
    private final StableDiffusion model;
    private final Picture picture;
    private final InversionRun run;

    Inverting(Subcommand command, StableDiffusion model, Inverter inverter, InversionOptions options, Picture picture, SourceText text,
            InversionMethod method) {
        this.command = command;
        this.model = model;
        this.picture = picture;
        try (Tensor clean = options.encode(model, picture)) {
            run = inverter.prepare(clean, text, method);
        }
    }

    /** Inverts for an edit, going on from what an interrupted one kept in a file. */
    Inversion runForEdit(InversionFile file) {
        tell(file.resumePartial(run), file);
        try (Progress progress = progress()) {
            Inversion inversion = file.advance(run, stepped(progress));
            report(inversion);
            return inversion;
        }
    }

    /** Inverts to a file, going on from what is there. */
    Inversion run(InversionFile file, Existing existing) {
        Found found = file.resume(run);
        if (found == Found.FINISHED) {
            command.tell(file.path() + " holds this inversion already and is used as it is");
            return run.finish(_ -> {});
        }
        tell(found, file);
        try (Progress progress = progress()) {
            return file.complete(run, existing, stepped(progress), this::report);
        }
    }

    private void tell(Found found, InversionFile file) {
        if (found == Found.PARTIAL) {
            command.tell("going on from " + file.partial() + ", where " + run.done() + " of " + 2 * run.steps() + " steps are done");
        }
    }

    /** The report, its warnings told. */
    InversionReport report(Inversion inversion) {
        InversionReport report = inversion.report(model, picture);
        report.warnings().forEach(command::tell);
        return report;
    }

    private Progress progress() {
        return new Progress(command.streams(), command.global(), "inverting");
    }

    private Consumer<InversionRun> stepped(Progress progress) {
        return now -> progress.stepped(new Step(now.done() - 1, 2 * now.steps(), 0, Purpose.INVERT), now.latest());
    }
}
