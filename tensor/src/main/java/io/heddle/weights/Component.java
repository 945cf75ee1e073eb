package io.heddle.weights;

/** The networks of a Stable Diffusion model, each with its folder and the stem of its weight files in the folder layout. */
public enum Component {
    /** The denoising UNet. */
    UNET("unet", "diffusion_pytorch_model"),
    /** The autoencoder between pictures and latents. */
    VAE("vae", "diffusion_pytorch_model"),
    /** The CLIP text encoder. */
    TEXT_ENCODER("text_encoder", "model");

    private final String folder;
    private final String stem;

    Component(String folder, String stem) {
        this.folder = folder;
        this.stem = stem;
    }

    /** The name of its folder. */
    public String folder() {
        return folder;
    }

    /** The part of its weight files' names before {@code .safetensors} and before the name of a variant. */
    public String stem() {
        return stem;
    }
}
