package io.heddle.clip;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a tokenizer's files say.
 *
 * @param folder where they are
 * @param vocabulary ids by token, added tokens included
 * @param merges the merges, the most urgent first
 * @param begin the token before every prompt
 * @param end the token after every prompt
 * @param unknown the token for bytes that the vocabulary lacks
 * @param pad the token that fills the sequence
 * @param added the tokens that are looked for literally, those above included
 * @param contextLength tokens of a padded sequence, begin and end included
 */
record TokenizerDefinition(
        Path folder,
        Map<String, Integer> vocabulary,
        List<BytePairEncoding.Pair> merges,
        String begin,
        String end,
        String unknown,
        String pad,
        List<AddedToken> added,
        int contextLength) {}
