package io.heddle.editing.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.attention.AttentionSite;
import io.heddle.attention.AttentionSite.Kind;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.clip.Word;
import io.heddle.image.HeatMap;
import io.heddle.spi.Extent;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordMapsTest {
    private static final AttentionSite SITE = new AttentionSite("mid_block.attentions.0.transformer_blocks.0.attn2", Stage.MID, Kind.CROSS, 1, 8, 0);

    /** Two cells that attend to three tokens. */
    private static final RecordedMap MAP = new RecordedMap(SITE, 0, new Extent(1, 2), 1, 3, new float[] {0.5f, 0.3f, 0.2f, 0.1f, 0.2f, 0.7f});

    @Test
    void tokensOfAWord_areAddedUp() {
        HeatMap map = WordMaps.of(List.of(MAP), new Word("striped", 0, List.of(1, 2)));
        assertThat(map.range().low()).isEqualTo(0.5f);
        assertThat(map.range().high()).isEqualTo(0.9f);
    }

    @Test
    void wordBehindTheLastKey_isRefusedByName() {
        assertThatThrownBy(() -> WordMaps.of(List.of(MAP), new Word("cat", 8, List.of(3))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("\"cat\"").hasMessageContaining("3 keys");
    }
}
