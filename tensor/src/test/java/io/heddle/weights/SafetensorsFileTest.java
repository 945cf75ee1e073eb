package io.heddle.weights;

import static io.heddle.weights.RawSafetensors.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    private static final int ALL_16_BIT_VALUES = 1 << 16;

    @TempDir
    Path folder;

    private StoredTensor unaligned(String type, int count, Consumer<ByteBuffer> values) {
        int width = StoredType.valueOf(type).bits() / Byte.SIZE;
        String header = "{" + entry("pad", "U8", "[1]", 0, 1) + "," + entry("x", type, "[" + count + "]", 1, 1 + count * width) + "}";
        ByteBuffer data = ByteBuffer.allocate(1 + count * width).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0);
        values.accept(data);
        Path file = RawSafetensors.write(folder.resolve(type), RawSafetensors.bytes(header.getBytes(StandardCharsets.UTF_8), data.array()));
        return SafetensorsFile.open(file).tensor("x");
    }

    @Test
    void f32_keepsEveryBit() {
        int[] bits = {0, 0x80000000, 1, 0x7f800000, 0xff800000, 0x7fc00001, 0x3f800000, 0x7f7fffff};
        float[] read = unaligned("F32", bits.length, data -> {
            for (int value : bits) {
                data.putInt(value);
            }
        }).toFloats();
        for (int i = 0; i < bits.length; i++) {
            assertThat(Float.floatToRawIntBits(read[i])).isEqualTo(bits[i]);
        }
    }

    @Test
    void f16_convertsEveryValueExactly() {
        float[] read = unaligned("F16", ALL_16_BIT_VALUES, data -> {
            for (int bits = 0; bits < ALL_16_BIT_VALUES; bits++) {
                data.putShort((short) bits);
            }
        }).toFloats();
        for (int bits = 0; bits < ALL_16_BIT_VALUES; bits++) {
            int exponent = bits >> 10 & 31;
            double magnitude = exponent == 0 ? Math.scalb(bits & 1023, -24) : Math.scalb(1024 + (bits & 1023), exponent - 25);
            double special = (bits & 1023) == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            Double expected = (bits < 0x8000 ? 1 : -1) * (exponent == 31 ? special : magnitude);
            assertThat(Double.valueOf(read[bits])).isEqualTo(expected);
        }
    }

    @Test
    void bf16_isTheUpperHalfOfF32() {
        float[] read = unaligned("BF16", ALL_16_BIT_VALUES, data -> {
            for (int bits = 0; bits < ALL_16_BIT_VALUES; bits++) {
                data.putShort((short) bits);
            }
        }).toFloats();
        for (int bits = 0; bits < ALL_16_BIT_VALUES; bits++) {
            assertThat(Float.floatToRawIntBits(read[bits])).isEqualTo(bits << 16);
        }
    }

    @Test
    void f64_roundsToTheNearest() {
        float[] read = unaligned("F64", 3, data -> data.putDouble(0.1).putDouble(1e300).putDouble(-0.0)).toFloats();
        assertThat(read).containsExactly(0.1f, Float.POSITIVE_INFINITY, -0.0f);
    }

    @Test
    void integers_keepTheirSignAndRange() {
        assertThat(unaligned("U8", 2, data -> data.put((byte) -1).put((byte) 1)).toLongs()).containsExactly(255, 1);
        assertThat(unaligned("I8", 1, data -> data.put((byte) -1)).toLongs()).containsExactly(-1);
        assertThat(unaligned("BOOL", 2, data -> data.put((byte) 1).put((byte) 0)).toLongs()).containsExactly(1, 0);
        assertThat(unaligned("I16", 1, data -> data.putShort((short) -2)).toLongs()).containsExactly(-2);
        assertThat(unaligned("U16", 1, data -> data.putShort((short) -2)).toLongs()).containsExactly(65534);
        assertThat(unaligned("I32", 1, data -> data.putInt(-3)).toLongs()).containsExactly(-3);
        assertThat(unaligned("U32", 1, data -> data.putInt(-3)).toLongs()).containsExactly(4294967293L);
        assertThat(unaligned("I64", 1, data -> data.putLong(Long.MIN_VALUE)).toLongs()).containsExactly(Long.MIN_VALUE);
        assertThat(unaligned("U64", 1, data -> data.putLong(Long.MAX_VALUE)).toLongs()).containsExactly(Long.MAX_VALUE);
    }

    @Test
    void otherTypes_areRefusedByName() {
        StoredTensor tensor = unaligned("I64", 1, data -> data.putLong(1));
        assertThatThrownBy(tensor::toFloats)
                .isInstanceOf(WeightException.Unsupported.class)
                .hasMessageContaining("tensor x is stored as I64; only F32, F16, BF16 and F64");
        StoredTensor eight = unaligned("F8_E4M3", 1, data -> data.put((byte) 1));
        assertThatThrownBy(eight::toFloats).isInstanceOf(WeightException.Unsupported.class).hasMessageContaining("F8_E4M3");
        assertThatThrownBy(eight::toLongs).isInstanceOf(WeightException.Unsupported.class).hasMessageContaining("integer types");
        StoredTensor huge = unaligned("U64", 1, data -> data.putLong(-1));
        assertThatThrownBy(huge::toLongs).isInstanceOf(WeightException.Unsupported.class).hasMessageContaining("exceeds 2^63 - 1");
    }

    @Test
    void readingIntoAnArrayOfAnotherLength_isRefused() {
        StoredTensor tensor = unaligned("F32", 2, data -> data.putFloat(1).putFloat(2));
        assertThatThrownBy(() -> tensor.read(new float[3])).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3 elements");
    }

    @Test
    void tensorBeyondTwoGibibytes_isRead() throws IOException {
        long begin = 3L << 30;
        byte[] header = ("{" + entry("a", "U8", "[" + begin + "]", 0, begin) + "," + entry("b", "F32", "[2]", begin, begin + 8) + "}")
                .getBytes(StandardCharsets.UTF_8);
        Path path = folder.resolve("sparse.safetensors");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(RawSafetensors.bytes(header, new byte[0])));
            ByteBuffer values = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1.5f).putFloat(-2).flip();
            channel.write(values, Long.BYTES + header.length + begin);
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.tensor("b").toFloats()).containsExactly(1.5f, -2);
            assertThat(file.tensor("a").elements()).isEqualTo(begin);
            assertThatThrownBy(() -> file.tensor("a").toLongs())
                    .isInstanceOf(WeightException.Unsupported.class)
                    .hasMessageContaining("more than an array can hold");
        }
    }

    @Test
    void missingTensor_namesTheNearest() {
        StoredTensor tensor = unaligned("F32", 1, data -> data.putFloat(1));
        try (SafetensorsFile file = SafetensorsFile.open(tensor.file())) {
            assertThatThrownBy(() -> file.tensor("pod"))
                    .isInstanceOf(WeightException.Mismatch.class)
                    .hasMessageContaining("1 tensor is missing: pod")
                    .hasMessageContaining("nearest to it in the file are pad");
        }
    }

    @Test
    void readingAfterClose_throws() {
        StoredTensor tensor = unaligned("F32", 1, data -> data.putFloat(1));
        SafetensorsFile file = SafetensorsFile.open(tensor.file());
        StoredTensor view = file.tensor("x");
        file.close();
        file.close();
        assertThatThrownBy(view::toFloats).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void missingFileAndFolder_areRefused() {
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none.safetensors")))
                .isInstanceOf(WeightException.Inaccessible.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> SafetensorsFile.open(folder)).isInstanceOf(WeightException.Inaccessible.class).hasMessageContaining("is not a file");
    }
}
