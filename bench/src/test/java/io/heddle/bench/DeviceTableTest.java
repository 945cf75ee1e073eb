package io.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The table of devices at tiny sizes, so that it works where a device is there. */
class DeviceTableTest {
    private static final List<String> ROWS =
            List.of("attention:16x16x1x8", "gemm:8x8x8", "conv:4x4x8x8", "unet:1", "p2p_step:4", "p2p_step:2");

    private static final String IMAGE_PROPERTY = "heddle.cuda.image";

    @TempDir
    Path folder;

    @BeforeEach
    void makeNetworksTiny() {
        System.setProperty(RandomUNet.TINY_PROPERTY, "true");
    }

    @AfterEach
    void leaveNetworksAsTheyAre() {
        System.clearProperty(RandomUNet.TINY_PROPERTY);
        System.clearProperty(IMAGE_PROPERTY);
    }

    @Test
    void everyRow_isTimed_onTheCpu() throws IOException {
        assertThat(table("cpu").keySet()).containsExactlyElementsOf(ROWS);
    }

    @Test
    void everyRow_isTimed_inBothPrecisionsOfTheEmulatedDevice() throws IOException, ReflectiveOperationException {
        System.setProperty(IMAGE_PROPERTY, emulatedImages());

        assertThat(table("cuda").keySet()).containsExactlyElementsOf(ROWS);
        assertThat(table("cuda,fp16").keySet()).containsExactlyElementsOf(ROWS.stream().map(row -> row + ",fp16").toList());
    }

    private JsonObject table(String device) throws IOException {
        Path json = folder.resolve("table.json");
        List<String> options = List.of("--device", device, "--seconds", "0", "--product", "64", "--copy", "1024", "--json", json.toString());
        DeviceTable.main(Stream.concat(options.stream(), ROWS.stream()).toArray(String[]::new));
        JsonObject rows = JsonParser.parseString(Files.readString(json)).getAsJsonObject().getAsJsonObject("rows");
        assertThat(rows.asMap().values()).allSatisfy(row -> assertThat(row.getAsJsonObject().get("seconds").getAsDouble()).isNotNegative());
        return rows;
    }

    /** Nobody compiles against the kernels, so their emulated driver is looked for by name. */
    private static String emulatedImages() throws ReflectiveOperationException {
        try {
            Class<?> driver = Class.forName("io.heddle.kernels.emulator.EmulatedDriver");
            return driver.getMethod("image", String.class).invoke(driver.getMethod("load").invoke(null), "*").toString();
        } catch (ClassNotFoundException e) {
            throw new TestAbortedException("the emulated CUDA driver is not on the class path", e);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof TestAbortedException skipped) {
                throw skipped;
            }
            throw e;
        }
    }
}
