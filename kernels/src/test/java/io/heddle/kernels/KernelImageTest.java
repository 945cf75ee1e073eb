package io.heddle.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelImageTest {
    @ParameterizedTest
    @CsvSource({
        "7, 5, sm_75.ptx",
        "8, 0, sm_80.cubin sm_80.ptx sm_75.ptx",
        "8, 7, sm_86.cubin sm_80.cubin sm_80.ptx sm_75.ptx",
        "8, 9, sm_89.cubin sm_86.cubin sm_80.cubin sm_80.ptx sm_75.ptx",
        "9, 0, sm_90.cubin sm_80.ptx sm_75.ptx",
        "12, 0, sm_80.ptx sm_75.ptx"
    })
    void images_areThoseThatMayRun_theBestFirst(int major, int minor, String expected) {
        List<String> names = KernelImage.resources("m", new Capability(major, minor)).stream().map(KernelImage::name).toList();

        assertThat(names).isEqualTo(List.of(expected.split(" ")).stream().map(name -> "m." + name).toList());
    }
}
