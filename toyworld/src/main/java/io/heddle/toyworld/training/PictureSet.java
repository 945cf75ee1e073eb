package io.heddle.toyworld.training;

import io.heddle.toyworld.Scene;
import io.heddle.toyworld.SceneMix;
import io.heddle.toyworld.training.Draws.Use;

/** Pictures that are encoded once and drawn from in every step of a course. */
enum PictureSet {
    /** One thing, and some of two. */
    SINGLES("pool", Use.POOL, SceneMix.CAPTIONED),
    /** Mostly two things. */
    PAIRS("pair-pool", Use.PAIR_POOL, SceneMix.COMPOSED),
    /** What is never trained on. */
    VALIDATION("validation", Use.VALIDATION, SceneMix.CAPTIONED);

    private final String title;
    private final Use use;
    private final SceneMix mix;

    PictureSet(String title, Use use, SceneMix mix) {
        this.title = title;
        this.use = use;
        this.mix = mix;
    }

    /** The file of its latents. */
    String file() {
        return "latents-" + title + ".safetensors";
    }

    /** What a picture of it shows. */
    Scene scene(Draws draws, int index) {
        return Scene.draw(draws.at(use, 0, index), mix);
    }
}
