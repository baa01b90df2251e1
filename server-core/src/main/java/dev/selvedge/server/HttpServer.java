package dev.selvedge.server;

import dev.selvedge.server.engine.Engine;
import dev.selvedge.server.engine.EngineSettings;
import dev.selvedge.server.engine.EngineStatistics;
import dev.selvedge.server.engine.ListenException;
import dev.selvedge.server.transport.TransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A running HTTP/1.1 server.
 *
 * <pre>{@code
 * HttpServer server = HttpServer.start(8080, request -> Response.text("Hello, World!"));
 * }</pre>
 *
 * <p>A server is started with the methods of this class and runs until it is closed; it keeps the JVM alive. Any
 * number of servers may run in one JVM. It is {@link AutoCloseable}, so a test may hold one in a try-with-resources
 * statement or in a field with JUnit's {@code @AutoClose}; port 0 gives each a free port.
 */
public final class HttpServer implements AutoCloseable {

    private final Engine engine;
    private final Serving serving;
    private final List<InetSocketAddress> addresses;
    private final String transport;
    private final Duration gracePeriod;

    private HttpServer(Engine engine, Serving serving, String transport, Duration gracePeriod) {
        this.engine = engine;
        this.serving = serving;
        this.addresses = List.copyOf(engine.addresses());
        this.transport = transport;
        this.gracePeriod = gracePeriod;
    }

    /**
     * Starts a server with all defaults, on all addresses of this machine.
     *
     * @param port where to listen, 0 to 65535; 0 lets the system choose a free port
     * @param handler answers all requests
     * @return the running server
     * @throws IllegalArgumentException if the port is out of range
     * @throws UncheckedIOException if it can't listen there; the message says why and what to do
     */
    public static HttpServer start(int port, Handler handler) {
        return builder().listen(port).handler(handler).start();
    }

    /**
     * Returns a builder with all defaults.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the port of the first listener.
     *
     * @return the real port, also where 0 was asked for
     */
    public int port() {
        return addresses.getFirst().getPort();
    }

    /**
     * Returns all addresses that are listened on, in the order in which they were asked for.
     *
     * @return the addresses with real ports, unmodifiable; still the same after closing
     */
    public List<InetSocketAddress> addresses() {
        return addresses;
    }

    /**
     * Returns the root of the first listener, for a client on this machine.
     *
     * @return for example {@code http://localhost:8080/}; with an address instead of localhost if only that is
     *     listened on
     */
    public URI uri() {
        InetAddress address = addresses.getFirst().getAddress();
        String host = address.isAnyLocalAddress() ? "localhost" : address.getHostAddress();
        if (host.indexOf(':') >= 0) {
            int scope = host.indexOf('%');
            host = "[" + (scope < 0 ? host : host.substring(0, scope)) + "]";
        }
        return URI.create("http://" + host + ":" + port() + "/");
    }

    /**
     * Returns the transport in use.
     *
     * @return its name, such as {@code "epoll"} or {@code "nio"}
     */
    public String transport() {
        return transport;
    }

    /**
     * Returns figures of this moment. After closing, those of the end.
     *
     * @return the figures
     */
    public ServerStatistics statistics() {
        EngineStatistics figures = engine.statistics();
        return new ServerStatistics(figures.loops(), figures.openConnections(), figures.acceptedConnections(),
                figures.requests(), figures.refusedRequests());
    }

    /**
     * Stops in order: accepts no more connections, closes the idle ones, lets requests in flight be answered (with
     * {@code Connection: close}), and returns when all is done, at the latest after the
     * {@linkplain Builder#gracePeriod grace period}; what is left then is ended as by {@link #closeNow()}. Never
     * throws. May be called again, and by any thread. Called by one of this server's handlers, on its own thread, it
     * returns at once, since to wait would be to wait for that handler; its request is answered. An interruption ends
     * the grace period, and the thread stays interrupted.
     *
     * <p>Idle connections are closed without waiting for their clients, whose pools may not notice before they are used
     * again. A client that pipelines, and sends a request in that moment, is told by a reset (RFC 9112 §9.6), and may
     * lose what it has not received of earlier answers; one that reads each answer before it sends again loses nothing.
     *
     * <p>A handler that promised not to block and does makes it two seconds longer, because its loop can't be
     * interrupted in order. Ctrl-C calls nothing by itself: a program adds
     * {@code Runtime.getRuntime().addShutdownHook(new Thread(server::close))}.
     */
    @Override
    public void close() {
        serving.stopping();
        engine.stop(gracePeriod);
    }

    /**
     * Stops at once: closes all connections, interrupts the handlers that are at work, and does not wait for them.
     * Never throws. May be called again, by any thread, also while {@link #close()} waits.
     */
    public void closeNow() {
        serving.stopping();
        engine.stopNow();
    }

    /** Returns the addresses and the transport. */
    @Override
    public String toString() {
        return "HttpServer" + addresses + " on " + transport;
    }

    /**
     * Sets up servers. For one thread. Each call of {@link #start()} starts another server, so one builder can start
     * several, if their ports do not collide.
     */
    public static final class Builder {

        private static final String NO_ROOM = "the usual reasons are the limit of open files (raise it with ulimit -n,"
                + " or ask for fewer loops) and a sandbox that forbids the call";

        private final List<InetSocketAddress> addresses = new ArrayList<>();
        private Handler handler;
        private ExceptionHandler exceptionHandler;
        private Consumer<RefusedRequest> refusalHook = refused -> { };
        private String transport = TransportSelection.AUTO;
        private TransportProvider ownTransport;
        private UnaryOperator<TransportProvider> wrapping = UnaryOperator.identity();
        private int loops = Runtime.getRuntime().availableProcessors();
        private int backlog = 1024;
        private Limits limits = Limits.DEFAULT;
        private Duration gracePeriod = Duration.ofSeconds(10);
        private Duration slowHandlerThreshold = Duration.ofMillis(250);
        private String serverName = "selvedge";

        private Builder() { }

        /**
         * Listens on all addresses of this machine, IPv6 and IPv4.
         *
         * @param port 0 to 65535; 0 lets the system choose a free port
         * @return this builder
         * @throws IllegalArgumentException if the port is out of range
         */
        public Builder listen(int port) {
            return listen(new InetSocketAddress(requirePort(port)));
        }

        /**
         * Listens on one address.
         *
         * @param host a name or an address of this machine, such as {@code "localhost"} or {@code "::1"}; looked up at
         *     the start
         * @param port 0 to 65535; 0 lets the system choose a free port
         * @return this builder
         * @throws IllegalArgumentException if the port is out of range
         */
        public Builder listen(String host, int port) {
            return listen(InetSocketAddress.createUnresolved(Objects.requireNonNull(host, "host"), requirePort(port)));
        }

        /**
         * Listens on one address. Called several times, a server listens on several.
         *
         * @param address an address of this machine; looked up at the start if it is not resolved
         * @return this builder
         */
        public Builder listen(InetSocketAddress address) {
            addresses.add(Objects.requireNonNull(address, "address"));
            return this;
        }

        /**
         * Sets who answers: often a {@link Router}.
         *
         * @param newHandler answers all requests
         * @return this builder
         */
        public Builder handler(Handler newHandler) {
            handler = Objects.requireNonNull(newHandler, "handler");
            return this;
        }

        /**
         * Lets exceptions be answered that no router has answered. Without it, and where it fails, they are logged at
         * level ERROR by the {@link System.Logger} {@code dev.selvedge.server}, and the client is told
         * {@code 500 Internal Server Error} and nothing more.
         *
         * @param newHandler makes responses of exceptions
         * @return this builder
         */
        public Builder onException(ExceptionHandler newHandler) {
            exceptionHandler = Objects.requireNonNull(newHandler, "handler");
            return this;
        }

        /**
         * Sets a hook that sees the requests that the server refuses by itself: malformed, too large, too slow, too
         * many. They are not logged otherwise, since a client could fill the log with them.
         *
         * @param hook is told of each before its client is, on the event loop, so it must not block; what it throws is
         *     logged
         * @return this builder
         */
        public Builder onRefusal(Consumer<RefusedRequest> hook) {
            refusalHook = Objects.requireNonNull(hook, "hook");
            return this;
        }

        /**
         * Asks for a transport.
         *
         * @param name {@code "epoll"} (Linux, with the artifact server-native-epoll and native access), {@code "nio"},
         *     that of another provider, or {@code "auto"} for the best one that works here; that is the default. With
         *     {@code "auto"} one that does not work is passed over in silence; one that is asked for by name and does
         *     not work makes {@link #start()} fail
         * @return this builder
         */
        public Builder transport(String name) {
            transport = Objects.requireNonNull(name, "name");
            ownTransport = null;
            return this;
        }

        /**
         * Brings a transport along, instead of one that is installed. The last call of this method and of
         * {@link #transport(String)} counts.
         *
         * @param provider opens a transport for each start; if that is {@linkplain TransportProvider#unavailable() not
         *     possible} or fails, {@link #start()} does
         * @return this builder
         */
        public Builder transport(TransportProvider provider) {
            ownTransport = Objects.requireNonNull(provider, "provider");
            transport = provider.name();
            return this;
        }

        /**
         * Puts something between the server and its transport, whichever that will be: what records, counts or disturbs
         * what passes.
         *
         * @param newWrapping is given each provider that may be asked, and returns one over it, with the same name
         * @return this builder
         */
        public Builder wrapTransport(UnaryOperator<TransportProvider> newWrapping) {
            wrapping = Objects.requireNonNull(newWrapping, "wrapping");
            return this;
        }

        /**
         * Sets the number of event loops, each with a thread of its own.
         *
         * @param number 1 to 1024; the default is the number of available processors
         * @return this builder
         * @throws IllegalArgumentException if the number is out of range
         */
        public Builder loops(int number) {
            loops = requireRange("the number of loops", number, 1, 1024);
            return this;
        }

        /**
         * Sets the bounds of what clients may do.
         *
         * @param newLimits the limits; the default is {@link Limits#DEFAULT}
         * @return this builder
         */
        public Builder limits(Limits newLimits) {
            limits = Objects.requireNonNull(newLimits, "limits");
            return this;
        }

        /**
         * Sets how long {@link HttpServer#close()} waits for requests in flight.
         *
         * @param period zero to 1 day; the default is 10 s
         * @return this builder
         * @throws IllegalArgumentException if the period is out of range
         */
        public Builder gracePeriod(Duration period) {
            gracePeriod = requireRange("the grace period", period, Duration.ZERO);
            return this;
        }

        /**
         * Sets the value of the {@code Server} field of responses (RFC 9110 §10.2.4).
         *
         * @param name the value; the default is {@code selvedge}
         * @return this builder
         * @throws IllegalArgumentException if it is empty or can't be a header value
         */
        public Builder serverName(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("the server name is empty; call withoutServerName() for none");
            }
            Headers.of("Server", name);
            serverName = name;
            return this;
        }

        /**
         * Leaves the {@code Server} field out of responses.
         *
         * @return this builder
         */
        public Builder withoutServerName() {
            serverName = "";
            return this;
        }

        /**
         * Sets how many connections may wait at each address to be accepted. The system may have a lower bound of its
         * own.
         *
         * @param connections at least 1; the default is 1024
         * @return this builder
         * @throws IllegalArgumentException if the number is less than 1
         */
        public Builder backlog(int connections) {
            backlog = requireRange("the backlog", connections, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets how long a non-blocking handler may keep its event loop before that is reported: at level WARNING by the
         * {@link System.Logger} {@code dev.selvedge.server}, with the stack, and as an event of JDK Flight Recorder.
         *
         * @param threshold 1 ms to 1 day; the default is 250 ms
         * @return this builder
         * @throws IllegalArgumentException if the threshold is out of range
         */
        public Builder slowHandlerThreshold(Duration threshold) {
            slowHandlerThreshold = requireRange("the threshold", threshold, Duration.ofMillis(1));
            return this;
        }

        /**
         * Starts a server.
         *
         * @return the running server: it accepts connections already
         * @throws IllegalStateException if there is no handler or no listener, or the transport that was asked for is
         *     not available here; the message says what to do
         * @throws IllegalArgumentException if there is no transport with the name that was asked for; the message says
         *     which there are
         * @throws UncheckedIOException if it can't listen at an address, or the system has no room; the message says
         *     why and what to do. The cause is a {@link java.net.BindException} if the address is in use, not of this
         *     machine or not allowed, an {@link UnknownHostException} if its name is not known
         */
        public HttpServer start() {
            TransportSelection transports = ownTransport == null ? TransportSelection.installed()
                    : new TransportSelection(List.of(ownTransport));
            return start(transports.wrapped(wrapping));
        }

        HttpServer start(TransportSelection transports) {
            if (handler == null) {
                throw new IllegalStateException("nobody answers requests: call handler(...) before start()");
            }
            if (addresses.isEmpty()) {
                throw new IllegalStateException("no address to listen on: call listen(port) before start()");
            }
            Serving serving = new Serving(handler, limits.maxBodyBytes(), exceptionHandler, refusalHook);
            try {
                EngineSettings settings = new EngineSettings(resolved(), backlog, limits.maxUnsentBytes(), loops,
                        limits.forConnections(), limits.maxConnections(), limits.maxBlockingHandlers(),
                        limits.handlerTimeout().toNanos(), serverName, slowHandlerThreshold);
                return transports.start(transport, opened -> new HttpServer(Engine.start(settings, opened, serving),
                        serving, opened.name(), gracePeriod));
            } catch (ListenException e) {
                throw new UncheckedIOException(e.getMessage() + "; " + advice(e), (IOException) e.getCause());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start the server: " + e.getMessage() + "; " + NO_ROOM, e);
            }
        }

        private List<InetSocketAddress> resolved() throws ListenException {
            List<InetSocketAddress> resolved = new ArrayList<>();
            for (InetSocketAddress address : addresses) {
                InetSocketAddress found = address.isUnresolved()
                        ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
                if (found.isUnresolved()) {
                    throw new ListenException(address, new UnknownHostException("the host name is not known"));
                }
                resolved.add(found);
            }
            return resolved;
        }

        private static String advice(ListenException failed) {
            InetSocketAddress address = failed.address();
            boolean bind = failed.getCause() instanceof BindException;
            if (address.isUnresolved() || bind && !isOfThisMachine(address.getAddress())) {
                return "choose an address of this machine, or listen(port) for all of them";
            }
            return !bind ? NO_ROOM
                    : address.getPort() == 0 ? "choose another address" : "choose another port, or 0 for any free one";
        }

        private static boolean isOfThisMachine(InetAddress address) {
            try {
                return address.isAnyLocalAddress() || address.isLoopbackAddress()
                        || NetworkInterface.getByInetAddress(address) != null;
            } catch (SocketException e) {
                return false;
            }
        }

        private static int requirePort(int port) {
            return requireRange("the port", port, 0, 65535);
        }

        private static int requireRange(String what, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(what + " is " + value + "; it must be "
                        + (max == Integer.MAX_VALUE ? "at least " + min : "from " + min + " to " + max));
            }
            return value;
        }

        private static Duration requireRange(String what, Duration value, Duration min) {
            if (value.compareTo(min) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(what + " is " + value + "; it must be from " + min.toMillis()
                        + " ms to 1 day");
            }
            return value;
        }
    }
}
