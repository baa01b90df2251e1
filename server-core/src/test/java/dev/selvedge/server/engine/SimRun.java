package dev.selvedge.server.engine;

import dev.selvedge.server.http1.ConnectionLimits;
import dev.selvedge.server.http1.HeadLimits;
import dev.selvedge.server.http1.Refused;
import dev.selvedge.server.http1.RequestHead;
import dev.selvedge.server.transport.memory.MemoryChannel;
import dev.selvedge.server.transport.memory.MemoryListener;
import dev.selvedge.server.transport.memory.MemoryTransport;
import dev.selvedge.server.transport.memory.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * One life of a server, drawn from a seed: its settings, its clients and their faults, its end.
 *
 * <p>What must hold after each step:
 * <ul>
 *   <li>A channel is used by one thread at a time, and closed by its loop only.
 *   <li>As many connections are open as the statistics say, and not more than allowed; so for requests and calls.
 *   <li>Requests are taken once and in order; their bodies and trailers are those that were sent.
 *   <li>Each refused request is told once, with its first octets and a reason that it has given; a good one never is.
 *   <li>A handler is abandoned only when it is overdue.
 *   <li>Nothing is written that no client expects: each answer is checked when it has been read.
 *   <li>Nothing is logged as an error but what handlers do wrong on purpose.
 *   <li>The loops do not turn without end for nothing.
 * </ul>
 *
 * <p>What must hold before the clock leaps, when nobody can do anything before a later moment:
 * <ul>
 *   <li>No client that has sent a complete request, and reads, waits a second for its answer, unless its handler
 *       sleeps: so a lost edge or wake-up is found although some deadline would end the connection in the end.
 *   <li>No connection stays open for longer than the longest deadline allows.
 *   <li>Somebody can do something some time, or all is over.
 * </ul>
 *
 * <p>At the end: each request that was taken, and each complete request of a client that has not misbehaved, was
 * answered once, in order and with every octet, or its connection has ended with a reason; each refusal that a client
 * has read was told; no channel, listener,
 * poller, file, deadline, place for a call or thread is left.
 */
final class SimRun {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** How the server ends. */
    private enum End { WHEN_ALL_IS_DONE, STOP, STOP_NOW, STOP_THEN_NOW }

    private final SimWorld world;
    private final SimFiles files;
    private final MemoryTransport transport;
    private final SimThreads threads;
    private final EngineSettings settings;
    private final Shared shared;
    private final List<SimClient> clients = new ArrayList<>();
    private final List<MemoryChannel> channels = new ArrayList<>();
    private final End end;
    private final long endAt;
    private final Duration grace;

    private Engine engine;
    private boolean stopping;
    private boolean killed;
    private boolean clientsDone;
    private int dispatched;
    private int refusals;
    private int blockingCalls;
    private long lastFull;

    SimRun(long seed) {
        world = new SimWorld(seed);
        SimRandom random = world.random;
        files = new SimFiles(world);
        transport = new MemoryTransport(world.scheduler, random.any(MemoryTransport.Edges.values()), files);
        threads = new SimThreads(world);
        settings = settings(random);
        // as the test's own thread: should it be held up when it looks at the clock, time passes
        shared = world.scheduler.drive(() -> new Shared(settings, transport, new Simulated(), world.scheduler, threads));
        end = random.any(End.WHEN_ALL_IS_DONE, End.WHEN_ALL_IS_DONE, End.STOP, End.STOP_NOW, End.STOP_THEN_NOW);
        endAt = random.between(0, random.any(5, 500, 30_000) * (SECOND / 1_000));
        grace = Duration.ofMillis(random.any(0, 20, 1_000, 30_000));
    }

    private static EngineSettings settings(SimRandom random) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        List<InetSocketAddress> addresses = random.once(4) ? List.of(address, address) : List.of(address);
        ConnectionLimits limits = new ConnectionLimits(new HeadLimits(1_000, 4_000, 50), 10 * SECOND, 60 * SECOND,
                1_200, 5 * SECOND, 256, random.any(100, 5_000, 100_000), 1 << 20, 3 * SECOND);
        return new EngineSettings(addresses, random.any(2, 100), 1 << 18, 1 + random.below(3), limits,
                random.any(1, 3, 1_000, 1_000), random.any(1, 2, 1_000, 1_000),
                random.any(0L, 0L, SECOND / 20, 2 * SECOND), "sim", Duration.ZERO);
    }

    // ---- the run -----------------------------------------------------------------------------------------------

    /** Runs it; returns the hash of its trace. Fails with the seed's last events if anything does not hold. */
    long run() {
        Logger logger = Logger.getLogger("dev.selvedge.server");
        Handler watch = new LogWatch();
        boolean parents = logger.getUseParentHandlers();
        logger.setUseParentHandlers(false);
        logger.addHandler(watch);
        try {
            world.afterStep(this::checkCounters);
            world.beforeLeap(until -> clients.forEach(client -> client.checkPatience(until)));
            world.run(this::conduct);
            clients.forEach(SimClient::judge);
            clients.forEach(SimClient::judgeRefusals);
            checkEnd();
        } finally {
            logger.removeHandler(watch);
            logger.setUseParentHandlers(parents);
        }
        return world.trace.hash();
    }

    private void conduct() {
        try {
            engine = Engine.start(shared);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        for (int i = 1 + world.random.size(16); i > 0; i--) {
            SimClient client = new SimClient(this, clients.size(), listener(world.random.anyOf(engine.addresses())),
                    world.random.once(2) ? SimClient.Temper.STEADY : world.random.any(SimClient.Temper.values()));
            clients.add(client);
            world.add(client);
        }
        clientsDone = false;
        long until = end == End.WHEN_ALL_IS_DONE ? Scheduler.NEVER : endAt;
        world.waitFor(this::allClientsAreDone, until);
        end();
    }

    private MemoryListener listener(InetSocketAddress address) {
        try {
            return transport.listener(address);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private boolean allClientsAreDone() {
        for (SimClient client : clients) {
            if (!client.isDone()) {
                return false;
            }
        }
        return true;
    }

    private void end() {
        long begun = world.now();
        world.note(end.name(), grace.toMillis(), 0);
        stopping = true;
        switch (end) {
            case WHEN_ALL_IS_DONE, STOP -> engine.stop(grace);
            case STOP_NOW -> {
                killed = true;
                engine.stopNow();
            }
            case STOP_THEN_NOW -> {
                long nowAt = begun + world.random.between(0, grace.toNanos());
                world.start("stopper", () -> {
                    world.waitFor(() -> false, nowAt);
                    killed = true;
                    engine.stopNow();
                });
                engine.stop(grace);
            }
        }
        long took = world.now() - begun;
        killed |= took >= grace.toNanos();
        world.note("stopped", took, 0);
        world.require(took < grace.toNanos() + 3 * SECOND, "it took too long to stop: " + Duration.ofNanos(took));
        requireClosed();
    }

    // ---- the application ---------------------------------------------------------------------------------------

    private final class Simulated implements Application {

        @Override
        public Call choose(RequestHead head, Peer peer) {
            return SimRun.this.choose(head, client(peer));
        }

        @Override
        public void refused(Refused request, Peer peer) {
            refusals++;
            client(peer).refusalTold(request);
        }

        private SimClient client(Peer peer) {
            world.require(threads.isLoop(), "the application is asked by another thread than a loop");
            return clients.get(peer.remoteAddress().getPort() - SimClient.FIRST_PORT);
        }
    }

    private Call choose(RequestHead head, SimClient client) {
        dispatched++;
        SimRequest request = client.dispatch(head.target());
        world.require(request.method.equals(head.method()), request + " was taken as " + head.method());
        world.note("take", client.number, request.index);
        client.progress();
        request.call.taken();
        return request.call;
    }

    SimWorld world() {
        return world;
    }

    SimThreads threads() {
        return threads;
    }

    boolean stopping() {
        return stopping;
    }

    /** Returns whether requests in flight may have been cut off. */
    boolean killed() {
        return killed;
    }

    /** Returns whether there may be too few places for all blocking calls. */
    boolean fewThreads() {
        return settings.maxBlockingCalls() < 1_000;
    }

    long handlerNanos() {
        return settings.handlerNanos();
    }

    void blockingCalls(int more) {
        blockingCalls += more;
        world.require(blockingCalls <= settings.maxBlockingCalls(), blockingCalls + " blocking calls at once");
    }

    /** Returns when the server last had as many connections as it may have. */
    long lastFull() {
        return lastFull;
    }

    /** The server has taken a connection. */
    void accepted(MemoryChannel channel) {
        channels.add(channel);
    }

    /** Returns how many accepted connections the server has not closed. */
    private int openChannels() {
        int open = 0;
        for (MemoryChannel channel : channels) {
            open += channel.isClosed() ? 0 : 1;
        }
        return open;
    }

    /** Fails if anything was left open, but for files, which a handler's thread may close later. */
    private void requireClosed() {
        world.require(transport.isClosed(), "the transport was not closed");
        for (MemoryChannel channel : channels) {
            world.require(channel.isClosed(), channel + " is leaked: it was not closed");
        }
    }

    // ---- what must hold ----------------------------------------------------------------------------------------

    private void checkCounters() {
        int open = openChannels();
        EngineStatistics figures = shared.statistics();
        world.require(figures.openConnections() == open,
                figures.openConnections() + " connections are counted, " + open + " are open");
        world.require(figures.acceptedConnections() == channels.size(), "accepted connections: " + figures);
        world.require(figures.requests() == dispatched, "requests: " + figures + ", not " + dispatched);
        world.require(figures.refusedRequests() == refusals, "refused: " + figures + ", told " + refusals);
        // Two listeners on two loops may both see the last free place.
        int most = settings.maxConnections() + settings.addresses().size() - 1;
        world.require(open <= most, open + " connections are open, " + most + " are allowed");
        if (open + files.open() >= settings.maxConnections()) { // a file takes a descriptor, too
            lastFull = world.now();
        }
    }

    private void checkEnd() {
        require(files.open() == 0, files.open() + " files are left open");
        require(shared.statistics().openConnections() == 0, "connections are left: " + shared.statistics());
        for (EventLoop loop : threads.loops()) {
            require(loop.deadlines().next() == Deadline.NEVER, "a deadline is left in the queue of a loop");
        }
        for (int i = 0; i < settings.maxBlockingCalls(); i++) {
            require(shared.beginBlockingCall(), "only " + i + " places for blocking calls are left of "
                    + settings.maxBlockingCalls());
        }
        require(!shared.beginBlockingCall(), "there are more places for blocking calls than at the beginning");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Returns the last events, for a report. */
    String trace() {
        return world.trace.toString();
    }

    /** Returns how it was set up, for a report. */
    @Override
    public String toString() {
        return end + " at " + Duration.ofNanos(endAt) + " with " + grace + ", " + settings + ", " + world;
    }

    /** Errors in the log are failures, unless a handler was to fail. */
    private final class LogWatch extends Handler {

        @Override
        public void publish(LogRecord log) {
            if (log.getLevel().intValue() < Level.SEVERE.intValue() || world.isOver()
                    || log.getThrown() instanceof Scheduler.Ended) { // of a world that has failed before
                return;
            }
            Throwable cause = log.getThrown();
            boolean planned = cause instanceof SimCall.Planned || cause instanceof NoSuchFileException
                    || cause instanceof IOException && String.valueOf(cause.getMessage())
                            .contains("its declared length");
            if (!planned) {
                AssertionError e = new AssertionError("logged: " + log.getMessage() + ": " + cause, cause);
                world.broken(e);
            }
        }

        @Override
        public void flush() { }

        @Override
        public void close() { }
    }
}
