package io.heddle.editing.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AlignmentTest {
    @Test
    void insertedElement_hasNoPartner() {
        assertThat(Alignment.align(words("<s> soup </s>"), words("<s> pea soup </s>"))).containsExactly(0, -1, 1, 2);
    }

    @Test
    void repeatedElements_arePartnersOfTheEarliest() {
        assertThat(Alignment.align(words("<s> a cat </s>"), words("<s> a cat and a cat </s>"))).containsExactly(0, 1, 2, -1, -1, -1, 3);
    }

    @Test
    void differentElements_areNeverPartners() {
        assertThat(Alignment.align(words("a red ball"), words("a blue ball"))).containsExactly(0, -1, 2);
        assertThat(Alignment.align(words("cat"), words("dog"))).containsExactly(-1);
        assertThat(Alignment.align(List.of(), words("dog"))).containsExactly(-1);
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }
}
