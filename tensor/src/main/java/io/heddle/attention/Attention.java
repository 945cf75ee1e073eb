package io.heddle.attention;

import io.heddle.nn.Linear;
import io.heddle.nn.ParameterScope;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.Extent;
import io.heddle.tensor.Functional;
import io.heddle.tensor.Shape;
import io.heddle.tensor.ShapeException;
import io.heddle.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention with open maps: projects queries, keys and values, lets taps read and change them, attends by the route that the taps need, and
 * projects the result. Vaswani et al. 2017, section 3.2.
 */
public final class Attention {
    private final AttentionSite site;
    private final Linear toQ;
    private final Linear toK;
    private final Linear toV;
    private final Linear toOut;

    private Attention(AttentionSite site, Linear toQ, Linear toK, Linear toV, Linear toOut) {
        this.site = site;
        this.toQ = toQ;
        this.toK = toK;
        this.toV = toV;
        this.toOut = toOut;
    }

    /** The UNet's layer: projections without bias, {@code to_q, to_k, to_v, to_out.0}; keys come from {@code keyWidth} features. */
    public static Attention load(ParameterScope at, AttentionSite site, int keyWidth) {
        int width = site.heads() * site.headDim();
        return new Attention(
                site,
                Linear.loadNoBias(at.at("to_q"), width, width),
                Linear.loadNoBias(at.at("to_k"), keyWidth, width),
                Linear.loadNoBias(at.at("to_v"), keyWidth, width),
                Linear.load(at.at("to_out.0"), width, width));
    }

    /** The text encoder's layer: projections with bias, {@code q_proj, k_proj, v_proj, out_proj}, causal. */
    public static Attention loadText(ParameterScope at, AttentionSite site) {
        int width = site.heads() * site.headDim();
        return new Attention(
                site,
                Linear.load(at.at("q_proj"), width, width),
                Linear.load(at.at("k_proj"), width, width),
                Linear.load(at.at("v_proj"), width, width),
                Linear.load(at.at("out_proj"), width, width));
    }

    /** Where this layer sits. */
    public AttentionSite site() {
        return site;
    }

    /**
     * Attends and adds the result to the residual.
     *
     * @param x normalised tokens {@code [rows or latents, queries, width]}
     * @param residual of the shape of {@code x}
     * @param grid height and width of the queries
     * @return {@code [rows, queries, width]}, or one row for each latent where nothing needs more
     */
    public Tensor forward(Tensor x, Tensor residual, Extent grid, Pass pass) {
        AttentionCall call = call(grid, pass);
        List<AttentionTap> taps = pass.taps().at(call);
        if (!site.isCross() && taps.isEmpty()) {
            return toOut.forward(attendWithin(x), residual);
        }
        if (site.isCross()) {
            pass.reachText();
        }
        Tensor tokens = site.isCross() ? x : pass.spread(x);
        Tensor query = toQ.forward(tokens);
        KeyValue keyValue = keyValue(tokens, pass);
        int[] queryRow = pass.rowsOf(tokens);
        int[] keyRow = site.isCross() ? pass.text().rowOf() : pass.rowsOf(tokens);
        return toOut.forward(attend(call, taps, query, queryRow, keyValue, keyRow), pass.spread(residual));
    }

    /**
     * The application of this layer in an evaluation.
     *
     * @param grid height and width of the queries
     */
    public AttentionCall call(Extent grid, Pass pass) {
        return new AttentionCall(site, pass.step(), pass.rows(), grid, site.isCross() ? pass.text().tokens() : grid.cells());
    }

    /** The layers that make keys and values. */
    List<Linear> keyValueLayers() {
        return List.of(toK, toV);
    }

    /** What taps inject in a call, for each row; no element for nothing. */
    List<@Nullable Injection> injections(AttentionCall call, List<AttentionTap> taps) {
        List<@Nullable Injection> injections = List.of();
        for (AttentionTap tap : taps) {
            if (tap instanceof AttentionTap.MapInjection injection) {
                injections = merge(injections, onePerRow(call, injection.inject(call)));
            }
        }
        return injections;
    }

    private Tensor attendWithin(Tensor x) {
        int rows = x.dim(0);
        Terms terms = Terms.identity(rows);
        return Functional.attention(toQ.forward(x), toK.forward(x), toV.forward(x), terms, site.heads(), isCausal());
    }

    private KeyValue keyValue(Tensor tokens, Pass pass) {
        if (site.isCross()) {
            return new KeyValue(pass.text().project(toK), pass.text().project(toV));
        }
        return new KeyValue(toK.forward(tokens), toV.forward(tokens));
    }

    private Tensor attend(AttentionCall call, List<AttentionTap> taps, Tensor query, int[] queryRow, KeyValue keyValue, int[] keyRow) {
        KeyValue used = keyValue;
        int[] usedRow = keyRow;
        boolean edited = false;
        for (AttentionTap tap : taps) {
            switch (tap) {
                case AttentionTap.ProjectionRead read -> read.read(call, new Projections(query, used.key(), used.value(), queryRow, usedRow));
                case AttentionTap.KeyValueEdit edit -> {
                    used = fitting(call, edit.edit(call, new KeyValue(used.key().gatherRows(usedRow), used.value().gatherRows(usedRow))));
                    usedRow = Pass.identity(usedRow.length);
                }
                case AttentionTap.MapEdit _ -> edited = true;
                case AttentionTap.MapInjection _, AttentionTap.MapRead _ -> {
                    // these run on the map, below
                }
            }
        }
        try (Mixture mixture = new Mixture(query, queryRow, used, usedRow, site.heads(), isCausal(), injections(call, taps))) {
            Tensor map = edited ? mixture.map() : null;
            for (AttentionTap tap : taps) {
                if (tap instanceof AttentionTap.MapRead read) {
                    read.read(call, new AttentionMap(mixture, map));
                } else if (tap instanceof AttentionTap.MapEdit edit && map != null) {
                    map = sameShape(map, edit.edit(call, map));
                }
            }
            return map == null ? mixture.fused() : Functional.applyMap(map, mixture.values(), mixture.valueRow());
        }
    }

    private KeyValue fitting(AttentionCall call, KeyValue edited) {
        Shape key = edited.key().shape();
        int width = site.heads() * site.headDim();
        if (!key.equals(edited.value().shape()) || key.rank() != 3 || key.dim(0) != call.rows().size() || key.dim(2) != width) {
            throw new ShapeException(
                    "the edit of keys and values at " + site.path() + " returned keys " + key + " and values " + edited.value().shape()
                            + ", expected [" + call.rows().size() + ", tokens, " + width + "] of both");
        }
        return edited;
    }

    private Tensor sameShape(Tensor before, Tensor after) {
        if (!after.shape().equals(before.shape())) {
            throw new ShapeException(
                    "the edit of the attention map at " + site.path() + " returned shape " + after.shape() + ", expected " + before.shape());
        }
        return after;
    }

    private List<@Nullable Injection> onePerRow(AttentionCall call, List<@Nullable Injection> injections) {
        if (injections.size() != call.rows().size()) {
            throw new IllegalArgumentException(
                    "a tap injects into " + injections.size() + " rows at " + site.path() + ", expected one element for each of "
                            + call.rows().size() + " rows");
        }
        return injections;
    }

    private List<@Nullable Injection> merge(List<@Nullable Injection> first, List<@Nullable Injection> second) {
        if (first.isEmpty()) {
            return second;
        }
        @Nullable Injection[] merged = first.toArray(Injection[]::new);
        for (int row = 0; row < merged.length; row++) {
            if (merged[row] != null && second.get(row) != null) {
                throw new IllegalArgumentException("two taps inject a map into row " + row + " at " + site.path() + "; combine them into one");
            }
            merged[row] = merged[row] == null ? second.get(row) : merged[row];
        }
        return Arrays.asList(merged);
    }

    private boolean isCausal() {
        return site.stage() == AttentionSite.Stage.TEXT;
    }
}
