package io.heddle.cpu;

/**
 * The maps of Winograd's F(2x2, 3x3) on patches and tiles of channel runs: {@code Y = Aᵀ[(G g Gᵀ) ∘ (Bᵀ d B)]A}, 16 products for 4 outputs where the
 * definition needs 36. Lavin and Gray 2016, equation 8. Every factor is 1, −1 or ½, so the transforms cost hardly any accuracy. All implementations
 * give the same bits.
 */
interface WinogradTransform {
    /** Cells of a patch and of its transform: 4 x 4, numbered row by row. */
    int POINTS = 16;

    /** The one for this machine. */
    static WinogradTransform chosen() {
        return VectorApi.AVAILABLE ? new VectorWinogradTransform() : new PlainWinogradTransform();
    }

    /**
     * {@code Bᵀ d B}.
     *
     * @param x has the patch's cells, the run of cell p from {@code at[p]} on
     * @param v receives the transform, the run of point p from {@code vAt + p·vStep} on
     */
    void input(float[] x, int[] at, int channels, float[] v, int vAt, int vStep);

    /**
     * {@code Aᵀ m A}.
     *
     * @param m has the products, the run of point p from {@code mAt + p·mStep} on
     * @param y receives the outputs {@code [2, 2, channels]}
     */
    void output(float[] m, int mAt, int mStep, int channels, float[] y);

    /**
     * {@code A dY Aᵀ}: the gradient of the products from that of the outputs.
     *
     * @param dy has the tile's four cells, the run of cell p from {@code at[p]} on
     * @param dm receives the gradient, the run of point p from {@code dmAt + p·dmStep} on
     */
    void outputGradient(float[] dy, int[] at, int channels, float[] dm, int dmAt, int dmStep);
}
