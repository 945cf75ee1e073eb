package io.heddle.editing.imagic;

import io.heddle.schedulers.NoiseSchedule;
import io.heddle.schedulers.Schedule;
import io.heddle.tensor.Tensor;
import io.heddle.unet.UNet;
import java.util.Locale;

/** What stage C of Imagic samples from. */
public enum Start {
    /** Noise alone, as in the paper. */
    NOISE,
    /**
     * The picture under the noise of a run's first level, as the network saw it in stage B. The levels of Stable Diffusion end before the picture is gone;
     * a network that was trained with them takes noise alone, whose mean is 0, for a gray picture (Lin et al. 2024, "Common diffusion noise schedules and
     * sample steps are flawed", section 3.2), and a background that the target does not name turns gray.
     */
    PICTURE;

    /** The standard for a network of this size: {@link #NOISE}, for small ones {@link #PICTURE}. */
    public static Start standard(UNet unet) {
        return ImagicSettings.isSmall(unet) ? PICTURE : NOISE;
    }

    /**
     * The start of a run, before it is scaled with {@link Schedule#initialScale}.
     *
     * @param noise {@code [rows, height, width, 4]}
     * @param clean the picture's latent {@code [1, height, width, 4]}
     */
    public Tensor of(Tensor noise, Tensor clean, NoiseSchedule levels, Schedule schedule) {
        if (this == NOISE) {
            return noise;
        }
        float scale = schedule.initialScale();
        return scale == 1 ? levels.addNoise(clean, noise, (int) Math.round(schedule.timestep(0))) : noise.plus(clean.times(1 / scale));
    }

    /** The name on the command line. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The choice of a name.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Start of(String key) {
        for (Start start : values()) {
            if (start.key().equals(key)) {
                return start;
            }
        }
        throw new IllegalArgumentException("sampling starts from noise or from the picture under noise, not \"" + key + "\"");
    }
}
