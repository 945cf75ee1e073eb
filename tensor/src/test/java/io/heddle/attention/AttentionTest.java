package io.heddle.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.attention.AttentionSite.Kind;
import io.heddle.attention.AttentionSite.Stage;
import io.heddle.nn.ParameterScope;
import io.heddle.random.TorchGenerator;
import io.heddle.spi.AttentionKernels.Terms;
import io.heddle.spi.Extent;
import io.heddle.tensor.Device;
import io.heddle.tensor.Functional;
import io.heddle.tensor.Recording;
import io.heddle.tensor.Shape;
import io.heddle.tensor.ShapeException;
import io.heddle.tensor.Tensor;
import io.heddle.testkit.TensorAssert;
import io.heddle.testkit.Tolerances;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttentionTest {
    private static final Extent GRID = new Extent(3, 5);
    private static final int WIDTH = 8;
    private static final int TEXT_WIDTH = 6;
    private static final int TOKENS = 7;
    /** A softmax of a handful of keys sums to one but for the rounding of its terms. */
    private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);

    private final Device device = Device.cpu();
    private final TorchGenerator generator = new TorchGenerator(3);
    private final Attention cross = load(Kind.CROSS, TEXT_WIDTH);
    private final Attention self = load(Kind.SELF, WIDTH);

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void aReaderDoesNotChangeABit() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        Pass pass = pass(2);
        List<float[]> maps = new ArrayList<>();
        Pass read = pass.withTaps(AttentionTaps.none().read(_ -> true, (_, map) -> maps.add(map.all().toArray())));
        for (Attention layer : List.of(self, cross)) {
            assertThat(layer.forward(x, x, GRID, read).toArray()).isEqualTo(layer.forward(x, x, GRID, pass).toArray());
        }
        assertThat(maps).hasSize(2);
    }

    @Test
    void rowsOfAMapSumToOne() {
        Tensor x = random(1, GRID.cells(), WIDTH);
        AttentionTaps taps = AttentionTaps.none().read(_ -> true, (_, map) -> {
            assertThat(map.all().shape()).isEqualTo(Shape.of(1, 2, GRID.cells(), TOKENS));
            for (float sum : map.all().sum(-1).toArray()) {
                assertThat(sum).isCloseTo(1, ROUNDING);
            }
        });
        cross.forward(x, x, GRID, pass(1).withTaps(taps));
    }

    @Test
    void tilesAreTheMap() {
        Tensor x = random(1, GRID.cells(), WIDTH);
        AttentionTaps taps = AttentionTaps.none().read(_ -> true, (call, map) -> {
            float[] whole = map.row(0).toArray();
            map.forEachTile(0, (first, tile) -> {
                float[] elements = tile.toArray();
                for (int head = 0; head < map.heads(); head++) {
                    int from = (head * call.queries() + first) * map.keys();
                    int count = tile.dim(1) * map.keys();
                    assertThat(Arrays.copyOfRange(elements, head * count, head * count + count))
                            .isEqualTo(Arrays.copyOfRange(whole, from, from + count));
                }
            });
        });
        cross.forward(x, x, GRID, pass(1).withTaps(taps));
    }

    @Test
    void aHeadSumIsTheInjectedMapSummed_andChangesNoBit() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        Injection.Source source = new Injection.OfRow(0);
        for (Injection injection : List.of(new Injection(source, random(TOKENS, TOKENS), random(TOKENS)), Injection.replaceBy(source))) {
            AttentionTaps injected = AttentionTaps.none().inject(_ -> true, _ -> Arrays.asList(null, injection));
            AttentionTaps read = injected.read(_ -> true, (_, map) -> {
                assertSameUpToRounding(map.headSum(1), map.row(1).sum(0, 1));
                assertSameUpToRounding(map.headSum(0), map.row(0).sum(0, 1));
            });

            float[] actual = cross.forward(x, x, GRID, pass(2).withTaps(read)).toArray();

            assertThat(actual).isEqualTo(cross.forward(x, x, GRID, pass(2).withTaps(injected)).toArray());
        }
    }

    @Test
    void aHeadSumOfManyKeysOrOfAnEditedMap_isTheMapSummed() {
        Extent grid = new Extent(10, 13);
        Tensor many = random(1, grid.cells(), WIDTH);
        AttentionTaps taps = AttentionTaps.none().read(_ -> true, (_, map) -> assertSameUpToRounding(map.headSum(0), map.row(0).sum(0, 1)));
        self.forward(many, many, grid, pass(1).withTaps(taps));
        Tensor x = random(1, GRID.cells(), WIDTH);
        cross.forward(x, x, GRID, pass(1).withTaps(AttentionTaps.none().edit(_ -> true, (_, map) -> map.times(2)).and(taps)));
    }

    @Test
    void aHeadSumWhileGradientsAreRecorded_isOnTheTape() {
        Tensor x = random(1, GRID.cells(), WIDTH);
        Tensor[] loss = new Tensor[1];
        AttentionTaps taps = AttentionTaps.none().read(_ -> true, (_, map) -> loss[0] = map.headSum(0).square().sum());
        try (Recording tape = Recording.open()) {
            Tensor watched = tape.watch(x);
            cross.forward(watched, watched, GRID, pass(1).withTaps(taps));
            assertThat(tape.gradients(loss[0]).of(watched).abs().sum().item()).isPositive();
        }
    }

    @Test
    void aHeadSumOfQueriesAndKeysAlone_hasTheBitsOfTheCalls() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        List<float[]> alone = new ArrayList<>();
        AttentionTaps taps = AttentionTaps.none()
                .readProjections(_ -> true, (_, p) -> alone.add(AttentionMap.headSum(p.query(1), p.key(1), 2).toArray()))
                .read(_ -> true, (_, map) -> assertThat(map.headSum(1).toArray()).isEqualTo(alone.getLast()));
        cross.forward(x, x, GRID, pass(2).withTaps(taps));
    }

    @Test
    void aReaderOfALargeGridNeverHoldsAWholeMap() {
        Extent grid = new Extent(64, 64);
        AttentionSite site = new AttentionSite("up_blocks.3.attentions.0.transformer_blocks.0.attn1", Stage.UP, Kind.SELF, 8, 40, 0);
        Attention layer = Attention.load(ParameterScope.root(device, this::weight), site, 320);
        Tensor x = random(1, grid.cells(), 320);
        float[] unread = device.tidy(() -> layer.forward(x, x, grid, pass(1))).toArray();
        long before = device.memory().peakBytes();
        int[] tiles = {0};
        AttentionTaps taps = AttentionTaps.none().read(_ -> true, (_, map) -> map.forEachTile(0, (_, tile) -> {
            tiles[0]++;
            tile.mean(0);
        }));
        float[] read = device.tidy(() -> layer.forward(x, x, grid, pass(1).withTaps(taps))).toArray();
        AttentionCall call = new AttentionCall(site, Step.at(500), pass(1).rows(), grid, grid.cells());
        long planned = AttentionPlan.line(call, taps).mapBytes();
        long whole = 4L * 8 * grid.cells() * grid.cells();
        assertThat(read).isEqualTo(unread);
        assertThat(tiles[0]).isGreaterThan(1);
        assertThat(planned).isLessThan(whole / 100);
        assertThat(device.memory().peakBytes() - before).isLessThan(3 * planned + 4L * x.size());
    }

    @Test
    void anIdentityEditStaysWithinRounding() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        Pass edited = pass(2).withTaps(AttentionTaps.none().edit(_ -> true, (_, map) -> map));
        for (Attention layer : List.of(self, cross)) {
            assertSameUpToRounding(layer.forward(x, x, GRID, edited), layer.forward(x, x, GRID, pass(2)));
        }
    }

    @Test
    void anEditOfAnotherShapeIsRefusedByPath() {
        Tensor x = random(1, GRID.cells(), WIDTH);
        Pass edited = pass(1).withTaps(AttentionTaps.none().edit(_ -> true, (_, map) -> map.sum(-1)));
        assertThatThrownBy(() -> cross.forward(x, x, GRID, edited)).isInstanceOf(ShapeException.class).hasMessageContaining("mid.cross");
    }

    @Test
    void aReplacedMapIsTheOtherRows() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        Injection replace = Injection.replaceBy(new Injection.OfRow(0));
        AttentionTaps taps = AttentionTaps.none().inject(_ -> true, _ -> Arrays.asList(null, replace)).read(_ -> true,
                (_, map) -> assertThat(map.row(1).toArray()).isEqualTo(map.row(0).toArray()));
        cross.forward(x, x, GRID, pass(2).withTaps(taps));
    }

    @Test
    void aRecordedSourceHasTheBitsOfARowInTheBatch() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        Pass both = pass(2);
        List<Tensor> kept = new ArrayList<>();
        Injection fromRow = new Injection(new Injection.OfRow(0), random(TOKENS, TOKENS), random(TOKENS));
        AttentionTaps record = AttentionTaps.none()
                .readProjections(_ -> true, (_, p) -> {
                    kept.add(p.query(0).plus(0));
                    kept.add(p.key(0).plus(0));
                })
                .inject(_ -> true, _ -> Arrays.asList(null, fromRow));
        Tensor together = cross.forward(x, x, GRID, both.withTaps(record));
        Injection recorded = new Injection(new Injection.Recorded(kept.get(0), kept.get(1)), fromRow.mapper(), fromRow.keep());
        Tensor alone = x.row(1);
        Pass target = Pass.of(Step.at(1), TextConditioning.of(texts.get(1))).withTaps(AttentionTaps.none().inject(_ -> true, _ -> List.of(recorded)));
        assertThat(cross.forward(alone, alone, GRID, target).toArray()).isEqualTo(together.row(1).toArray());
    }

    @Test
    void theFoldedInjectionIsTheMixedMap() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        Injection mix = new Injection(new Injection.OfRow(0), random(TOKENS, TOKENS), random(TOKENS));
        AttentionTaps folded = AttentionTaps.none().inject(_ -> true, _ -> Arrays.asList(null, mix));
        AttentionTaps materialised = folded.edit(_ -> true, (_, map) -> map);
        assertSameUpToRounding(cross.forward(x, x, GRID, pass(2).withTaps(folded)), cross.forward(x, x, GRID, pass(2).withTaps(materialised)));
    }

    @Test
    void twoInjectionsIntoOneRowAreRefused() {
        Tensor x = random(1, GRID.cells(), WIDTH);
        Injection own = Injection.replaceBy(new Injection.OfRow(0));
        AttentionTaps taps = AttentionTaps.none().inject(_ -> true, _ -> List.of(own)).inject(_ -> true, _ -> List.of(own));
        assertThatThrownBy(() -> cross.forward(x, x, GRID, pass(1).withTaps(taps))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 0");
    }

    @Test
    void injectionsForOtherThanTheRowsAreRefusedByPath() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        Injection own = Injection.replaceBy(new Injection.OfRow(0));
        for (List<Injection> injections : List.of(List.<Injection>of(), List.of(own), List.of(own, own, own))) {
            AttentionTaps taps = AttentionTaps.none().inject(_ -> true, _ -> List.copyOf(injections));
            assertThatThrownBy(() -> cross.forward(x, x, GRID, pass(2).withTaps(taps))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a tap injects into " + injections.size() + " rows at mid.cross, expected one element for each of 2 rows");
        }
    }

    @Test
    void anEditOfKeysAndValuesThatDoNotFitIsRefusedByPath() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        List<AttentionTap.KeyValueEdit> edits = List.of(
                (_, kv) -> new KeyValue(kv.key(), Tensor.concat(1, kv.value(), kv.value())),
                (_, kv) -> new KeyValue(kv.key().row(0), kv.value().row(0)),
                (_, kv) -> new KeyValue(kv.key().reshape(2, -1, WIDTH / 2), kv.value().reshape(2, -1, WIDTH / 2)));
        for (AttentionTap.KeyValueEdit edit : edits) {
            Pass edited = pass(2).withTaps(AttentionTaps.none().editKeyValue(_ -> true, edit));
            assertThatThrownBy(() -> self.forward(x, x, GRID, edited)).isInstanceOf(ShapeException.class)
                    .hasMessageContaining("the edit of keys and values at mid.self returned").hasMessageEndingWith("expected [2, tokens, 8] of both");
        }
    }

    @Test
    void attentionToMoreValuesThanKeysIsRefused() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        Tensor twice = Tensor.concat(1, x, x);
        assertThatThrownBy(() -> Functional.attention(x, x, twice, Terms.identity(2), 2, false)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Functional.attentionWithHeadSums(x, x, twice, Terms.identity(2), 2, false)).isInstanceOf(ShapeException.class);
    }

    @Test
    void aReaderSeesTheKeysAsTheEditsBeforeItLeftThem() {
        Tensor x = random(1, GRID.cells(), WIDTH);
        List<Integer> keys = new ArrayList<>();
        AttentionTap.ProjectionRead read = (_, projections) -> keys.add(projections.key(0).dim(1));
        AttentionTaps taps = AttentionTaps.none().readProjections(_ -> true, read).editKeyValue(_ -> true, (_, kv) -> new KeyValue(
                Tensor.concat(1, kv.key(), kv.key()), Tensor.concat(1, kv.value(), kv.value()))).readProjections(_ -> true, read);
        self.forward(x, x, GRID, pass(1).withTaps(taps));
        assertThat(keys).containsExactly(GRID.cells(), 2 * GRID.cells());
    }

    @Test
    void keysMayBecomeMore() {
        Tensor x = random(2, GRID.cells(), WIDTH);
        AttentionTaps bank = AttentionTaps.none().editKeyValue(_ -> true, (_, kv) -> new KeyValue(
                Tensor.concat(1, kv.key(), kv.key()), Tensor.concat(1, kv.value(), kv.value())));
        assertSameUpToRounding(self.forward(x, x, GRID, pass(2).withTaps(bank)), self.forward(x, x, GRID, pass(2)));
    }

    @Test
    void rowsThatShareALatentHaveTheBitsOfRowsThatDoNot() {
        Tensor one = random(1, GRID.cells(), WIDTH);
        Tensor two = one.gatherRows(0, 0);
        float[] shared = cross.forward(one, one, GRID, pass(2).withLatents(0, 0)).toArray();
        assertThat(shared).isEqualTo(cross.forward(two, two, GRID, pass(2)).toArray());
    }

    private static void assertSameUpToRounding(Tensor actual, Tensor expected) {
        TensorAssert.assertClose("attention", actual.toArray(), expected.toArray(), Tolerances.attention(WIDTH));
    }

    private final List<TextEmbedding> texts = IntStream.range(0, 2).mapToObj(_ -> TextEmbedding.of(random(1, TOKENS, TEXT_WIDTH))).toList();

    private Pass pass(int rows) {
        return Pass.of(Step.at(500), TextConditioning.of(texts.subList(0, rows)));
    }

    private Attention load(Kind kind, int keyWidth) {
        AttentionSite site = new AttentionSite("mid." + kind.name().toLowerCase(java.util.Locale.ROOT), Stage.MID, kind, 2, WIDTH / 2, 0);
        return Attention.load(ParameterScope.root(device, this::weight), site, keyWidth);
    }

    private float[] weight(String name, int[]... shapes) {
        int count = Arrays.stream(shapes[0]).reduce(1, Math::multiplyExact);
        return Arrays.copyOf(generator.randn(16 + count), count);
    }

    private Tensor random(int... dims) {
        Shape shape = Shape.of(dims);
        return device.tensor(shape, generator.randn(Math.toIntExact(shape.size())));
    }
}
