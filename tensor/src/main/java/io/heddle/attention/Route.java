package io.heddle.attention;

/** How an attention layer runs. */
public enum Route {
    /** The fused kernel; no map exists. */
    FUSED,
    /** The fused kernel, and the map beside it for readers, tile by tile unless a reader asks for the whole; sums over heads need no map of few keys. */
    FUSED_PLUS_MAP,
    /** The map is a tensor that edits change and values are multiplied with. */
    MATERIALISED
}
