package io.heddle.kernels;

import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;

import io.heddle.kernels.BlockPool.Block;
import io.heddle.spi.Graphs;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;

/**
 * Recorded work as CUDA graphs. It is done once, which takes the memory, loads the kernels and uploads the tables of indices, then captured on a stream of
 * its own, so that what other threads ask for meanwhile stays out of it.
 */
final class CudaGraphs implements Graphs, AutoCloseable {
    /** {@code false} does all work call by call, as does waiting for each kernel. */
    static final String PROPERTY = "heddle.cuda.graphs";

    private final CudaContext context;
    private final GraphMemory memory;
    private final CUstream recorder = new CUstream();
    private final Set<CudaGraph> graphs = new HashSet<>();

    CudaGraphs(CudaContext context, BlockPool pool) {
        this.context = context;
        this.memory = new GraphMemory(pool);
        context.enter();
        Results.driver(cuStreamCreate(recorder, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
    }

    /** Whether this process wants them. */
    static boolean areWanted() {
        return Boolean.parseBoolean(System.getProperty(PROPERTY, "true")) && !Boolean.getBoolean(KernelLibrary.SYNCHRONOUS_PROPERTY);
    }

    @Override
    public synchronized Graph record(Runnable work) {
        List<DeviceBuffer> kept = new ArrayList<>();
        try {
            context.draft(new Draft(memory, context.stream(), false, kept, new HashSet<>()), work);
            Draft recorded = new Draft(memory, recorder, true, kept, new HashSet<>());
            CudaGraph graph = new CudaGraph(capture(recorded, work), kept, recorded.taken());
            graphs.add(graph);
            memory.hold(graph.blocks);
            return graph;
        } finally {
            memory.release();
        }
    }

    private CUgraphExec capture(Draft draft, Runnable work) {
        Results.driver(
                cuStreamBeginCapture(recorder, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL), "cuStreamBeginCapture");
        try {
            context.draft(draft, work);
        } catch (RuntimeException | Error e) {
            abandon();
            throw e;
        }
        CUgraph captured = new CUgraph();
        context.enter();
        Results.driver(cuStreamEndCapture(recorder, captured), "cuStreamEndCapture");
        CUgraphExec executable = new CUgraphExec();
        int instantiated = cuGraphInstantiate(executable, captured, 0L);
        Results.driver(cuGraphDestroy(captured), "cuGraphDestroy");
        Results.driver(instantiated, "cuGraphInstantiate");
        return executable;
    }

    /** Ends a capture; the driver may have refused it already. */
    private void abandon() {
        CUgraph captured = new CUgraph();
        context.enter();
        if (cuStreamEndCapture(recorder, captured) == CUresult.CUDA_SUCCESS) {
            Results.driver(cuGraphDestroy(captured), "cuGraphDestroy");
        }
    }

    private synchronized void launch(CudaGraph graph) {
        context.enter();
        Results.driver(cuGraphLaunch(graph.executable, context.stream()), "cuGraphLaunch");
        Reference.reachabilityFence(graph);
    }

    private synchronized void destroy(CudaGraph graph) {
        if (graphs.remove(graph)) {
            context.enter();
            Results.driver(cuGraphExecDestroy(graph.executable), "cuGraphExecDestroy");
            memory.leave(graph.blocks);
            memory.release();
        }
    }

    private final class CudaGraph implements Graph {
        private final CUgraphExec executable;
        private final List<DeviceBuffer> kept;
        private final Set<Block> blocks;

        CudaGraph(CUgraphExec executable, List<DeviceBuffer> kept, Set<Block> blocks) {
            this.executable = executable;
            this.kept = kept;
            this.blocks = blocks;
        }

        @Override
        public void launch() {
            CudaGraphs.this.launch(this);
        }

        @Override
        public void close() {
            destroy(this);
        }
    }

    @Override
    public synchronized void close() {
        List.copyOf(graphs).forEach(this::destroy);
        Results.driver(cuStreamDestroy(recorder), "cuStreamDestroy");
    }
}
