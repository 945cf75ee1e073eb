// Streams, events and graphs.
#include <time.h>

#include <algorithm>

#include "driver.h"

namespace {

double now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

/** The streams that record, of all contexts. */
std::vector<Stream*> capturing;

bool belongs(Stream* stream, Context* context) { return !stream || stream->context == context; }

void await(Queue& queue, std::shared_ptr<Queue> other) {
    if (other->done < other->given) queue.add([other, number = other->given] { return other->runUntil(number); });
}

struct GraphExec { std::vector<Work> operations; };

}  // namespace

int Queue::runUntil(uint64_t number) {
    while (done < number) {
        Work next = std::move(pending.front());
        pending.pop_front();
        done++;
        RETURN_IF_ERROR(next());
    }
    return SUCCESS;
}

int emulation_submit(Stream* stream, Work work) {
    ENTER;
    if (!belongs(stream, context)) return INVALID_HANDLE;
    if (stream && stream->capture) {
        stream->capture->operations.push_back(std::move(work));
        return SUCCESS;
    }
    if (!stream) {
        for (Stream* other : context->streams) {
            if (!other->blocking) continue;
            if (other->capture) { other->capture->invalid = true; return CAPTURE_IMPLICIT; }
            await(*context->legacy, other->queue);
        }
        context->legacy->add(std::move(work));
        return SUCCESS;
    }
    if (stream->blocking) await(*stream->queue, context->legacy);
    stream->queue->add(std::move(work));
    return SUCCESS;
}

int drain(Context* context) {
    RETURN_IF_ERROR(context->legacy->runAll());
    for (Stream* stream : context->streams) RETURN_IF_ERROR(stream->queue->runAll());
    return SUCCESS;
}

int refuseDuringCapture() {
    bool refused = false;
    for (Stream* stream : capturing) {
        if (stream->capture->forbids()) refused = stream->capture->invalid = true;
    }
    return refused ? CAPTURE_UNSUPPORTED : SUCCESS;
}

API cuStreamCreate(Stream** stream, unsigned flags) {
    ENTER;
    constexpr unsigned NON_BLOCKING = 1;
    *stream = new Stream{context, !(flags & NON_BLOCKING), std::make_shared<Queue>(), nullptr};
    context->streams.push_back(*stream);
    return SUCCESS;
}
API cuStreamCreateWithPriority(Stream** stream, unsigned flags, int) { return cuStreamCreate(stream, flags); }
API cuStreamDestroy_v2(Stream* stream) {
    ENTER;
    if (!stream || !belongs(stream, context)) return INVALID_HANDLE;
    RETURN_IF_ERROR(stream->queue->runAll());
    context->streams.erase(std::find(context->streams.begin(), context->streams.end(), stream));
    delete stream;
    return SUCCESS;
}
API cuStreamSynchronize(Stream* stream) {
    ENTER;
    if (!belongs(stream, context)) return INVALID_HANDLE;
    if (stream && stream->capture) { stream->capture->invalid = true; return CAPTURE_UNSUPPORTED; }
    RETURN_IF_ERROR((stream ? stream->queue : context->legacy)->runAll());
    std::string damaged = damage(0);
    return damaged.empty() ? SUCCESS : fault(ILLEGAL_ADDRESS, damaged);
}
/** Not ready as long as it can be so: each question does one piece of the work. */
API cuStreamQuery(Stream* stream) {
    ENTER;
    Queue& queue = stream ? *stream->queue : *context->legacy;
    if (queue.done == queue.given) return SUCCESS;
    RETURN_IF_ERROR(queue.runUntil(queue.done + 1));
    return NOT_READY;
}
API cuStreamWaitEvent(Stream* stream, Event* event, unsigned) {
    ENTER;
    if (event->capture && stream && !stream->capture) {
        stream->capture = event->capture;
        capturing.push_back(stream);
        return SUCCESS;
    }
    if (!event->queue || event->queue->done >= event->number) return SUCCESS;
    return emulation_submit(stream, [queue = event->queue, number = event->number] { return queue->runUntil(number); });
}

API cuEventCreate(Event** event, unsigned) { ENTER; *event = new Event; return SUCCESS; }
API cuEventDestroy_v2(Event* event) { ENTER; delete event; return SUCCESS; }
API cuEventRecord(Event* event, Stream* stream) {
    ENTER;
    if (!belongs(stream, context)) return INVALID_HANDLE;
    if (stream && stream->capture) { event->capture = stream->capture; return SUCCESS; }
    RETURN_IF_ERROR(emulation_submit(stream, [event] { event->milliseconds = now(); return SUCCESS; }));
    event->capture.reset();
    event->queue = stream ? stream->queue : context->legacy;
    event->number = event->queue->given;
    return SUCCESS;
}
API cuEventSynchronize(Event* event) {
    ENTER;
    RETURN_IF_ERROR(refuseDuringCapture());
    return event->queue ? event->queue->runUntil(event->number) : SUCCESS;
}
API cuEventQuery(Event* event) {
    ENTER;
    if (!event->queue || event->queue->done >= event->number) return SUCCESS;
    RETURN_IF_ERROR(event->queue->runUntil(event->queue->done + 1));
    return NOT_READY;
}
API cuEventElapsedTime(float* milliseconds, Event* from, Event* to) {
    ENTER;
    for (Event* event : {from, to}) {
        if (!event->queue) return INVALID_HANDLE;
        if (event->queue->done < event->number) return NOT_READY;
    }
    *milliseconds = float(to->milliseconds - from->milliseconds);
    return SUCCESS;
}

API cuStreamBeginCapture_v2(Stream* stream, int mode) {
    ENTER;
    if (!stream || stream->capture) return CAPTURE_UNSUPPORTED;
    stream->capture = std::make_shared<Graph>();
    stream->capture->mode = mode;
    capturing.push_back(stream);
    return SUCCESS;
}
API cuStreamEndCapture(Stream* stream, Graph** graph) {
    ENTER;
    if (!stream || !stream->capture) return INVALID_VALUE;
    if (stream->capture->mode != Graph::RELAXED && stream->capture->thread != std::this_thread::get_id()) return CAPTURE_WRONG_THREAD;
    auto recorded = stream->capture;
    for (Stream* other : capturing) if (other->capture == recorded) other->capture.reset();
    capturing.erase(std::remove_if(capturing.begin(), capturing.end(), [](Stream* s) { return !s->capture; }), capturing.end());
    *graph = recorded->invalid ? nullptr : new Graph(*recorded);
    return recorded->invalid ? CAPTURE_INVALIDATED : SUCCESS;
}
API cuStreamIsCapturing(Stream* stream, int* state) {
    ENTER;
    *state = !stream || !stream->capture ? 0 : stream->capture->invalid ? 2 : 1;
    return SUCCESS;
}
API cuThreadExchangeStreamCaptureMode(int* mode) { ENTER; static thread_local int own; std::swap(*mode, own); return SUCCESS; }
API cuGraphInstantiateWithFlags(GraphExec** exec, Graph* graph, unsigned long long) {
    ENTER;
    count("cuGraphInstantiate");
    *exec = new GraphExec{graph->operations};
    return SUCCESS;
}
API cuGraphUpload(GraphExec*, Stream*) { ENTER; return SUCCESS; }
API cuGraphLaunch(GraphExec* exec, Stream* stream) {
    ENTER;
    count("cuGraphLaunch");
    return emulation_submit(stream, [operations = exec->operations]() -> int {
        for (const Work& work : operations) RETURN_IF_ERROR(work());
        return SUCCESS;
    });
}
/** Only the number of nodes. */
API cuGraphGetNodes(Graph* graph, void** nodes, size_t* count) {
    ENTER;
    if (nodes) return NOT_SUPPORTED;
    *count = graph->operations.size();
    return SUCCESS;
}
API cuGraphExecDestroy(GraphExec* exec) { ENTER; delete exec; return SUCCESS; }
API cuGraphDestroy(Graph* graph) { ENTER; delete graph; return SUCCESS; }
