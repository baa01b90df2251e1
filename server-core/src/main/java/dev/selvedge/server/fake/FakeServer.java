package dev.selvedge.server.fake;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import dev.selvedge.server.RefusedRequest;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server for the tests of HTTP clients: it answers what the test tells it to, and tells the test what it was asked.
 *
 * <pre>{@code
 * try (FakeServer server = FakeServer.start()) {
 *     server.on("GET", "/users/{id}").respond(Response.json("{\"name\":\"Ada\"}"));
 *     server.enqueue(Response.error(503));
 *
 *     new MyClient(server.uri()).doIt();
 *
 *     server.verify("GET", "/users/7").header("Accept", "application/json").once().now();
 *     server.assertNothingUnused();
 *     server.assertNoUnmatched();
 * }
 * }</pre>
 *
 * <p>It is a real {@link HttpServer} on a free port of the loopback interface. Starting and closing it takes a
 * millisecond or so, so each test can have its own: in a try-with-resources statement, or in a field with JUnit's
 * {@code @AutoClose}. Any number may run in one JVM.
 *
 * <h2>Who answers</h2>
 * <p>{@linkplain #on Rules} first: the one that was added last is asked first, so that a test can override what its
 * set-up says. If no rule fits, or all replies of those that do have been given, the {@linkplain #enqueue queue}
 * answers, in order. If that is empty, too, the request is <em>unmatched</em>: it gets a {@code 404 Not Found} whose
 * text says, rule by rule, why it does not fit, the nearest first; and {@link #assertNoUnmatched()} fails.
 *
 * <p>Requests are recorded before they are answered, when their body has come whole. All methods may be called by any
 * thread, also by handlers of the server.
 */
public final class FakeServer implements AutoCloseable {

    private static final Duration LONG = Duration.ofDays(1);

    /** A client in a debugger is not too slow, and an upload in a test not too large. */
    private static final Limits WIDE = Limits.DEFAULT.withMaxRequestLineBytes(30_000).withMaxHeaderSectionBytes(35_000)
            .withMaxHeaderFields(10_000).withMaxBodyBytes(1 << 30).withMaxChunkExtensionBytes(35_000)
            .withMaxDrainBytes(Long.MAX_VALUE).withHeaderTimeout(LONG).withIdleTimeout(LONG).withMinBytesPerSecond(1)
            .withPaceTime(LONG).withMaxBlockingHandlers(Integer.MAX_VALUE);

    private final HttpServer server;
    private final Map<InetSocketAddress, Counted> connections = new ConcurrentHashMap<>();
    private final AtomicInteger lastConnection = new AtomicInteger();
    private final Map<Thread, Verification> unasked = new ConcurrentHashMap<>();
    private volatile Session session = new Session();

    private FakeServer(Builder builder) {
        server = HttpServer.builder().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), builder.port))
                .loops(1).limits(builder.limits).withoutServerName().handler(this::answer)
                .onRefusal(refused -> session.journal().add(refused)).start();
    }

    /**
     * Starts a server on a free port of the loopback interface.
     *
     * @return the running server
     * @throws java.io.UncheckedIOException if the system has no room for it
     */
    public static FakeServer start() {
        return builder().start();
    }

    /**
     * Returns a builder with all defaults.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    // ---- where it is

    /**
     * Returns the root of the server.
     *
     * @return for example {@code http://127.0.0.1:40123/}
     */
    public URI uri() {
        return server.uri();
    }

    /**
     * Returns a URI on the server.
     *
     * @param target a path with or without a query, such as {@code "/users/7?full=true"}, percent-encoded
     * @return for example {@code http://127.0.0.1:40123/users/7?full=true}
     * @throws IllegalArgumentException if it is malformed, or does not begin with a slash
     */
    public URI uri(String target) {
        if (!target.startsWith("/")) {
            throw new IllegalArgumentException("the target \"" + target + "\" must begin with a slash");
        }
        return URI.create(server.uri().toString() + target.substring(1));
    }

    /**
     * Returns the port.
     *
     * @return 1 to 65535
     */
    public int port() {
        return server.port();
    }

    // ---- what it answers

    /**
     * Adds a response to the queue: it answers one request, whatever that is, that no rule is for.
     *
     * @param response what is sent
     * @return this server
     * @throws IllegalStateException if the server is closed
     */
    public FakeServer enqueue(Response response) {
        return enqueue(Reply.of(response));
    }

    /**
     * Adds a reply to the queue, as {@link #enqueue(Response)} does.
     *
     * @param reply what the request is answered with
     * @return this server
     * @throws IllegalStateException if the server is closed
     */
    public FakeServer enqueue(Reply reply) {
        Objects.requireNonNull(reply, "reply");
        current().script().enqueue(reply);
        return this;
    }

    /**
     * Adds a handler to the queue, as {@link #enqueue(Response)} does.
     *
     * @param handler makes the response
     * @return this server
     * @throws IllegalStateException if the server is closed
     */
    public FakeServer enqueue(Handler handler) {
        return enqueue(Reply.of(handler));
    }

    /**
     * Begins a rule for one method; {@link Rule#respond(Response)} says what it answers.
     *
     * @param method the method, with case; HEAD is not GET here
     * @param pattern a {@linkplain dev.selvedge.server.Router pattern} of paths, such as {@code "/users/{id}"}, or
     *     {@code "*"} for {@code OPTIONS *}
     * @return the rule
     * @throws IllegalArgumentException if the method or the pattern is malformed; the message says how
     * @throws IllegalStateException if the server is closed
     */
    public Rule on(String method, String pattern) {
        return current().script().add(Conditions.of(Objects.requireNonNull(method, "method"), pattern));
    }

    /**
     * Begins a rule for any method.
     *
     * @param pattern as for {@link #on(String, String)}
     * @return the rule
     * @throws IllegalArgumentException if the pattern is malformed; the message says how
     * @throws IllegalStateException if the server is closed
     */
    public Rule on(String pattern) {
        return current().script().add(Conditions.of(null, pattern));
    }

    /**
     * Forgets all rules, the queue and everything that was recorded, as if the server were new. Connections stay open;
     * what is being answered just now is answered as it was, and not recorded any more.
     *
     * @return this server
     * @throws IllegalStateException if the server is closed
     */
    public FakeServer reset() {
        Session old = current();
        old.script().requireOpen();
        session = new Session();
        old.end("the fake server was reset since this rule was made, and has forgotten it");
        return this;
    }

    // ---- what it was asked

    /**
     * Takes the next request in order of arrival that was not taken before, without waiting.
     *
     * @return the request
     * @throws AssertionError if there is none
     */
    public RecordedRequest takeRequest() {
        return takeRequest(Duration.ZERO);
    }

    /**
     * Takes the next request in order of arrival that was not taken before, and waits for it.
     *
     * @param time how long at most, zero to 1 day
     * @return the request
     * @throws IllegalArgumentException if the time is out of range
     * @throws AssertionError if none arrives in time, or the server is closed and there is no more
     */
    public RecordedRequest takeRequest(Duration time) {
        if (time.isNegative() || time.compareTo(LONG) > 0) {
            throw new IllegalArgumentException("the time to wait is " + time + "; it must be from zero to 1 day");
        }
        Journal journal = current().journal();
        String waited = time.isZero() ? "" : " within " + Listing.seconds(time);
        try {
            RecordedRequest request = journal.take(time.toNanos());
            if (request != null) {
                return request;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a request", e);
        }
        String listing = journal.listing(request -> null);
        throw new AssertionError(listing.isEmpty() ? "no request has arrived" + waited + ".\n" + nothingArrived()
                : "no further request has arrived" + waited + ": all have been taken.\n" + listing);
    }

    /**
     * Returns all requests so far, taken or not.
     *
     * @return the requests in order of arrival, unmodifiable
     */
    public List<RecordedRequest> requests() {
        return current().journal().requests();
    }

    /**
     * Returns what the server has refused by itself, because it was no well-formed HTTP/1.1.
     *
     * @return how they begin, and why they were refused, in order, unmodifiable
     */
    public List<RefusedRequest> refusedRequests() {
        return current().journal().refused();
    }

    /**
     * Begins to verify that certain requests have arrived; {@link Verification#now()} or
     * {@link Verification#within(Duration)} must follow.
     *
     * @param method the method, with case
     * @param pattern a {@linkplain dev.selvedge.server.Router pattern} of paths, such as {@code "/users/{id}"}
     * @return the verification
     * @throws IllegalArgumentException if the method or the pattern is malformed; the message says how
     */
    public Verification verify(String method, String pattern) {
        return begin(Conditions.of(Objects.requireNonNull(method, "method"), pattern));
    }

    /**
     * Begins to verify that certain requests with any method have arrived, as {@link #verify(String, String)} does.
     *
     * @param pattern a pattern of paths
     * @return the verification
     * @throws IllegalArgumentException if the pattern is malformed; the message says how
     */
    public Verification verify(String pattern) {
        return begin(Conditions.of(null, pattern));
    }

    private Verification begin(Conditions conditions) {
        return new Verification(this, current().journal(), conditions).begun();
    }

    /** Remembers that somebody has to ask; for each thread, since a handler's calls are no sign of forgetting. */
    void begun(Verification verification) {
        unasked.put(Thread.currentThread(), verification);
    }

    void asked(Verification verification) {
        unasked.remove(Thread.currentThread(), verification);
    }

    /**
     * Verifies that everything that was scripted has been used: the queue is empty, every rule has answered, and every
     * reply of each rule has been given, as often as {@link Rule#times} says.
     *
     * @throws AssertionError if something is left; the message lists it, with the line of the test that it stands in
     */
    public void assertNothingUnused() {
        Session now = current();
        List<String> unused = now.script().unused();
        if (!unused.isEmpty()) {
            String listing = now.journal().listing(request -> null);
            throw new AssertionError((unused.size() == 1 ? "one thing was" : unused.size() + " things were")
                    + " scripted and not used:\n  " + String.join("\n  ", unused) + "\n"
                    + (listing.isEmpty() ? nothingArrived() : listing));
        }
    }

    /**
     * Verifies that every request has been answered as the test has scripted: none was unmatched, none was refused by
     * the server itself as malformed or cut short, and no handler has thrown.
     *
     * @throws AssertionError if one was not; the message has each, with the explanation that its client was given
     */
    public void assertNoUnmatched() {
        List<String> troubles = current().journal().troubles();
        if (!troubles.isEmpty()) {
            throw new AssertionError((troubles.size() == 1 ? "one request was" : troubles.size() + " requests were")
                    + " not answered as scripted.\n\n" + String.join("\n", troubles));
        }
    }

    String nothingArrived() {
        long accepted = server.statistics().acceptedConnections();
        return "Nothing has arrived at all: the server listens at " + uri() + ", and "
                + (accepted == 0 ? "nobody has connected" : Listing.count(accepted, "connection")
                        + (accepted == 1 ? " was" : " were") + " made") + ".\n";
    }

    // ---- its end

    /**
     * Stops at once, whatever is under way: connections are reset, and handlers interrupted and not waited for. Never
     * throws. May be called again, and by any thread. What was recorded can still be asked for.
     */
    @Override
    public void close() {
        Verification left = unasked.remove(Thread.currentThread());
        if (left != null) {
            System.getLogger("dev.selvedge.server").log(Level.ERROR, complaint(left));
        }
        session.end("the fake server is closed; it answers nothing any more");
        server.closeNow();
    }

    /** Returns the address. */
    @Override
    public String toString() {
        return "FakeServer at " + uri();
    }

    private Session current() {
        Verification left = unasked.remove(Thread.currentThread());
        if (left != null) {
            throw new IllegalStateException(complaint(left));
        }
        return session;
    }

    private static String complaint(Verification left) {
        return left + " has verified nothing: end it with now() or within(time)";
    }

    // ---- serving

    private Response answer(Request request) throws Exception {
        Session here = session;
        Counted connection = connections.computeIfAbsent(request.remoteAddress(),
                address -> new Counted(lastConnection.incrementAndGet()));
        int number = ++connection.requests;
        byte[] body;
        try {
            body = request.body().bytes();
        } catch (IOException e) {
            here.cut(new RecordedRequest(request, new byte[0], false, connection.number, number, Instant.now()));
            throw e;
        }
        return here.answer(new RecordedRequest(request, body, true, connection.number, number, Instant.now()));
    }

    /** A connection and how many requests have come on it, one after the other. */
    private static final class Counted {

        private final int number;
        private int requests;

        Counted(int number) {
            this.number = number;
        }
    }

    /** Sets up fake servers. For one thread. Each call of {@link #start()} starts another one. */
    public static final class Builder {

        private int port;
        private Limits limits = WIDE;

        private Builder() { }

        /**
         * Sets the port: for a client that can't be told another one, or to be there again where a server was before.
         *
         * @param number 0 to 65535; 0, the default, for any free one
         * @return this builder
         * @throws IllegalArgumentException if the number is out of range
         */
        public Builder port(int number) {
            if (number < 0 || number > 65535) {
                throw new IllegalArgumentException("the port is " + number + "; it must be from 0 to 65535");
            }
            port = number;
            return this;
        }

        /**
         * Sets the bounds of what clients may do, to see how one fares with a server that is strict about them.
         *
         * @param newLimits the limits; by default they are wide: no client is too slow, and a body has up to 1 GiB
         * @return this builder
         */
        public Builder limits(Limits newLimits) {
            limits = Objects.requireNonNull(newLimits, "limits");
            return this;
        }

        /**
         * Starts a server on the loopback interface.
         *
         * @return the running server
         * @throws java.io.UncheckedIOException if it can't listen there; the message says why and what to do
         */
        public FakeServer start() {
            return new FakeServer(this);
        }
    }
}
