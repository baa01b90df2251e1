package dev.selvedge.server.engine;

import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A running server: its event loops, listeners and connections. All methods may be called by any thread. */
public final class Engine {

    private Engine() {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * Starts a server. If it fails, everything is given back, the transport too.
     *
     * @param settings how
     * @param transport by what means; closed with the engine
     * @param application what to serve
     * @return the running engine
     * @throws IOException if an address can't be listened on, or the system has no room
     */
    public static Engine start(EngineSettings settings, Transport transport, Application application)
            throws IOException {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the addresses that are listened on, in the order of the settings, with real ports. */
    public List<InetSocketAddress> addresses() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns figures of this moment. */
    public EngineStatistics statistics() {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * Stops in order: accepts no more, closes idle connections, lets the others finish their request, and waits for
     * that, at most for the grace period; then as {@link #stopNow()}. Returns when everything is given back. A second
     * call waits for the first. An interruption ends the waiting as the end of the grace period does.
     */
    public void stop(Duration grace) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Closes every connection at once, interrupts the handlers that are at work, and does not wait for them. */
    public void stopNow() {
        throw new UnsupportedOperationException("to be written");
    }
}
