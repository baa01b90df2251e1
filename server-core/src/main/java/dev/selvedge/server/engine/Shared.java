package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Refused;
import dev.selvedge.server.http1.ServerFields;
import dev.selvedge.server.transport.ServerThreads;
import dev.selvedge.server.transport.TimeSource;
import dev.selvedge.server.transport.Transport;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the loops and connections of one server have in common: its settings and its counters. */
final class Shared {

    private final EngineSettings settings;
    private final Transport transport;
    private final Application application;
    private final TimeSource time;
    private final ServerThreads threads;
    private final ServerFields.Source standing;
    private final Trouble trouble;
    private final BufferPool buffers = new BufferPool();
    private final Countdown runningLoops;
    private final int processors = Runtime.getRuntime().availableProcessors();

    private volatile boolean stopping;
    private final AtomicInteger endedLoops = new AtomicInteger();
    private final AtomicInteger openConnections = new AtomicInteger();
    private final AtomicInteger openFiles = new AtomicInteger();
    private final AtomicInteger blockingCalls = new AtomicInteger();
    private final LongAdder acceptedConnections = new LongAdder();
    private final List<LoopCounter> requests = new CopyOnWriteArrayList<>();
    private final LongAdder refusedRequests = new LongAdder();

    Shared(EngineSettings settings, Transport transport, Application application, TimeSource time,
            ServerThreads threads) {
        this.settings = settings;
        this.transport = transport;
        this.application = application;
        this.time = time;
        this.threads = threads;
        this.standing = new StandingFields(time, settings.serverName());
        this.trouble = new Trouble(time);
        this.runningLoops = new Countdown(settings.loops(), time, threads);
    }

    EngineSettings settings() {
        return settings;
    }

    Transport transport() {
        return transport;
    }

    Application application() {
        return application;
    }

    TimeSource time() {
        return time;
    }

    ServerThreads threads() {
        return threads;
    }

    ServerFields.Source standing() {
        return standing;
    }

    Trouble trouble() {
        return trouble;
    }

    BufferPool buffers() {
        return buffers;
    }

    /** Notes that the server is to end: from now on each response is the last on its connection. */
    void stop() {
        stopping = true;
    }

    boolean isStopping() {
        return stopping;
    }

    // ---- counters ----------------------------------------------------------------------------------------------

    /** A file that is being sent takes a descriptor as a connection does. */
    boolean connectionsAreFull() {
        return openConnections.get() + openFiles.get() >= settings.maxConnections();
    }

    void fileOpened() {
        openFiles.incrementAndGet();
    }

    void fileClosed() {
        openFiles.decrementAndGet();
    }

    void connectionOpened() {
        openConnections.incrementAndGet();
        acceptedConnections.increment();
    }

    void connectionClosed() {
        openConnections.decrementAndGet();
    }

    /** Takes one of the places for blocking calls; false if there is none. */
    boolean beginBlockingCall() {
        if (blockingCalls.incrementAndGet() <= settings.maxBlockingCalls()) {
            return true;
        }
        blockingCalls.decrementAndGet();
        return false;
    }

    void endBlockingCall() {
        blockingCalls.decrementAndGet();
    }

    /** Returns whether not all blocking calls can run at once. */
    boolean hasMoreCallsThanProcessors() {
        return blockingCalls.get() > processors;
    }

    /** Makes the counter of the requests that one loop takes. */
    LoopCounter newRequestCounter() {
        LoopCounter counter = new LoopCounter();
        requests.add(counter);
        return counter;
    }

    void refused(Refused request, Peer peer) {
        refusedRequests.increment();
        application.refused(request, peer);
    }

    /** Notes that a loop has given back everything; the last one gives back the transport. */
    void loopEnded() {
        if (endedLoops.incrementAndGet() == settings.loops()) {
            transport.close();
        }
        runningLoops.countDown();
    }

    Countdown runningLoops() {
        return runningLoops;
    }

    EngineStatistics statistics() {
        return new EngineStatistics(settings.loops(), openConnections.get(), acceptedConnections.sum(),
                requests.stream().mapToLong(LoopCounter::get).sum(), refusedRequests.sum());
    }
}
