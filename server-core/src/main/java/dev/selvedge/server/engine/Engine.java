package dev.selvedge.server.engine;

import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A running server: its event loops, listeners and connections. All methods may be called by any thread. */
public final class Engine {

    private static final long LOOP_END_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Shared shared;
    private final List<EventLoop> loops = new ArrayList<>();
    private final List<Acceptor> acceptors = new ArrayList<>();
    private final SlowCallWatch watch;
    private final AtomicBoolean stopping = new AtomicBoolean();

    private Engine(Shared shared) {
        this.shared = shared;
        this.watch = new SlowCallWatch(loops, shared.settings().slowCallThreshold());
    }

    /**
     * Starts a server. If it fails, everything is given back, the transport too.
     *
     * @param settings how
     * @param transport by what means; closed with the engine
     * @param application what to serve
     * @return the running engine
     * @throws ListenException if an address can't be listened on
     * @throws IOException if the transport does not work, or the system has no room
     */
    public static Engine start(EngineSettings settings, Transport transport, Application application)
            throws IOException {
        Engine engine = start(new Shared(settings, transport, application, transport.time(), transport.threads()));
        Precautions.take(transport.getClass());
        return engine;
    }

    /** Starts a server whose time and threads may be those of a test. */
    static Engine start(Shared shared) throws IOException {
        Engine engine = new Engine(shared);
        engine.open();
        try {
            engine.loops.forEach(loop -> loop.thread().start());
            engine.watch.start();
        } catch (RuntimeException | Error e) {
            engine.giveUp();
            throw e;
        }
        return engine;
    }

    /** Ends loops of which not all could be started. */
    private void giveUp() {
        for (EventLoop loop : loops) {
            if (loop.thread().getState() == Thread.State.NEW) {
                loop.kill();
                loop.run();
            } else {
                loop.execute(loop::kill);
            }
        }
    }

    private void open() throws IOException {
        List<AutoCloseable> opened = new ArrayList<>();
        opened.add(shared.transport());
        try {
            for (int i = 0; i < shared.settings().loops(); i++) {
                var poller = shared.transport().poller();
                opened.addFirst(poller);
                String name = "selvedge-loop-" + i;
                loops.add(new EventLoop(shared, poller, loop -> shared.threads().newThread(name, loop)));
            }
            for (InetSocketAddress address : shared.settings().addresses()) {
                Listener listener = listen(address);
                opened.addFirst(listener);
                EventLoop loop = loops.get(acceptors.size() % loops.size());
                Acceptor acceptor = new Acceptor(loop, listener, loops);
                int result = loop.poller().add(listener, acceptor);
                if (result < 0) {
                    throw new IOException("the listener can't be watched: " + Errno.describe(-result));
                }
                loop.add(acceptor);
                acceptors.add(acceptor);
            }
        } catch (IOException | RuntimeException | Error e) {
            for (AutoCloseable each : opened) {
                try {
                    each.close();
                } catch (Exception further) {
                    e.addSuppressed(further);
                }
            }
            throw e;
        }
    }

    private Listener listen(InetSocketAddress address) throws ListenException {
        try {
            EngineSettings settings = shared.settings();
            return shared.transport().listen(address, settings.backlog(), settings.maxUnsentBytes());
        } catch (IOException e) {
            throw new ListenException(address, e);
        }
    }

    /**
     * Returns the addresses that are listened on.
     *
     * @return the addresses in the order of the settings, with real ports
     */
    public List<InetSocketAddress> addresses() {
        return acceptors.stream().map(acceptor -> acceptor.listener().address()).toList();
    }

    /**
     * Returns figures of this moment.
     *
     * @return the figures
     */
    public EngineStatistics statistics() {
        return shared.statistics();
    }

    /**
     * Stops in order: accepts no more, closes idle connections, lets the others finish their request, and waits for
     * that, at most for the grace period; then as {@link #stopNow()}. Returns when everything is given back. A second
     * call waits for the first. An interruption ends the waiting as the end of the grace period does. Called by a
     * handler it can't wait, because that would be for its own request, and returns at once.
     *
     * @param grace how long to wait for requests in flight
     */
    public void stop(Duration grace) {
        long end = shared.time().nanos() + grace.toNanos();
        shared.stop();
        if (onLoop() || inHandler()) {
            if (stopping.compareAndSet(false, true)) {
                stopInBackground(end);
            }
        } else if (stopping.compareAndSet(false, true)) {
            stopInOrder(end);
        } else {
            shared.runningLoops().await(end + LOOP_END_NANOS);
        }
    }

    private void stopInBackground(long end) {
        try {
            shared.threads().newThread("selvedge-stop", () -> stopInOrder(end)).start();
        } catch (OutOfMemoryError e) {
            stopNow(); // there is no thread for an end in order, and there must be an end
        }
    }

    private void stopInOrder(long end) {
        Countdown listeners = new Countdown(acceptors.size(), shared.time(), shared.threads());
        for (Acceptor acceptor : acceptors) {
            acceptor.loop().execute(() -> {
                try {
                    acceptor.finish();
                } finally {
                    listeners.countDown();
                }
            });
        }
        // Only when the last connection has been dealt may the loops look for their own end.
        if (listeners.await(end)) {
            loops.forEach(loop -> loop.execute(loop::stop));
            shared.runningLoops().await(end);
        }
        stopNow();
    }

    /**
     * Closes every connection at once, interrupts the handlers that are at work, and does not wait for them. Returns
     * when sockets and listeners are closed, unless it is called by an event loop itself or a handler holds one up.
     */
    public void stopNow() {
        stopping.set(true);
        loops.forEach(loop -> loop.execute(loop::kill));
        watch.stop();
        if (onLoop()) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // who was, before or in the grace period, sees the end all the same
        boolean ended = shared.runningLoops().await(shared.time().nanos() + LOOP_END_NANOS);
        boolean interruptedNow = Thread.currentThread().isInterrupted();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!ended && !interruptedNow) {
            for (EventLoop loop : loops) {
                loop.thread().interrupt();
            }
            Log.warning("a handler that promised not to block holds up an event loop; the server ends when it returns");
        }
    }

    private boolean onLoop() {
        Thread current = Thread.currentThread();
        return loops.stream().anyMatch(loop -> loop.thread() == current);
    }

    /** Returns whether one of this server's handlers asks, on its own thread. A loop that is held up can't tell. */
    private boolean inHandler() {
        Thread current = Thread.currentThread();
        if (!current.isVirtual()) {
            return false;
        }
        AtomicBoolean found = new AtomicBoolean();
        Countdown asked = new Countdown(loops.size(), shared.time(), shared.threads());
        for (EventLoop loop : loops) {
            loop.execute(() -> {
                if (loop.serves(current)) {
                    found.set(true);
                }
                asked.countDown();
            });
        }
        asked.await(shared.time().nanos() + LOOP_END_NANOS);
        return found.get();
    }
}
