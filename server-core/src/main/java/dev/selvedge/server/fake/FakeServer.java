package dev.selvedge.server.fake;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import dev.selvedge.server.RefusedRequest;
import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.fake.wire.End;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

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
 * <p>It is a real {@link HttpServer} on a free port of the loopback interface, or {@linkplain #inMemory() in memory}.
 * Starting and closing it takes a few milliseconds, so each test can have its own: in a try-with-resources statement,
 * or in a field with JUnit's {@code @AutoClose}. Any number may run in one JVM.
 *
 * <h2>Who answers</h2>
 * <p>{@linkplain #on Rules} first: the one that was added last is asked first, so that a test can override what its
 * set-up says. If no rule fits, or all replies of those that do have been given, the {@linkplain #enqueue queue}
 * answers, in order. If that is empty, too, the request is <em>unmatched</em>: unless something answers {@linkplain
 * #otherwise otherwise}, it gets a {@code 404 Not Found} whose text says, rule by rule, why it does not fit, the
 * nearest first; and {@link #assertNoUnmatched()} fails.
 *
 * <p>{@linkplain RecordedRequest Requests are recorded} when it is known who answers, before they are answered, with
 * their octets and those of the responses, up to 16 MiB each, until a {@link #reset()}. Any thread may call any method.
 */
public final class FakeServer implements AutoCloseable {

    private final Endpoint endpoint;
    private final Unasked unasked = new Unasked();
    private final Sessions sessions;

    private FakeServer(Builder builder, MemoryNetwork memory) {
        sessions = new Sessions(new Session(memory == null ? null : memory.clock()));
        endpoint = new Endpoint(builder.port, builder.limits, memory, this::answer,
                refused -> sessions.current().journal().add(refused));
    }

    /**
     * Starts a server on a free port of the loopback interface.
     *
     * @return the running server
     * @throws UncheckedIOException if the system has no room for it
     */
    public static FakeServer start() {
        return builder().start();
    }

    /**
     * Starts a server without sockets and with a clock of its own, which a test advances: see {@link FakeClock}. Its
     * clients are {@linkplain #connect() connections} at which a test sees every byte.
     *
     * @return the running server
     */
    public static FakeServer inMemory() {
        return builder().inMemory().start();
    }

    /** {@return a builder with all defaults} */
    public static Builder builder() {
        return new Builder();
    }

    // ---- where it is

    /** {@return the root of the server, for example {@code http://127.0.0.1:40123/}} */
    public URI uri() {
        return endpoint.uri();
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
        return URI.create(uri().toString() + target.substring(1));
    }

    /** {@return the port, 1 to 65535} */
    public int port() {
        return endpoint.port();
    }

    /**
     * Returns the clock of a server in memory.
     *
     * @return the clock
     * @throws IllegalStateException if the server has sockets, and so the system's clock
     */
    public FakeClock clock() {
        return inMemory(endpoint.clock());
    }

    /**
     * Connects to a server in memory.
     *
     * @return the connection
     * @throws IllegalStateException if the server has sockets
     * @throws UncheckedIOException if nobody listens: the server is closed or refuses connections
     */
    public FakeConnection connect() {
        return inMemory(endpoint.connect());
    }

    private static <T> T inMemory(T part) {
        if (part == null) {
            throw new IllegalStateException("this server has sockets; FakeServer.inMemory() starts one in memory");
        }
        return part;
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
     * @param pattern as for {@link #on(String, String)}
     * @return the rule
     * @throws IllegalArgumentException if the pattern is malformed; the message says how
     * @throws IllegalStateException if the server is closed
     */
    public Rule on(String pattern) {
        return current().script().add(Conditions.of(null, pattern));
    }

    /**
     * Says what answers when no rule fits and the queue is empty, instead of a 404: an {@link Origin}, for one.
     *
     * @param handler makes the responses
     * @return this server
     * @throws IllegalStateException if the server is closed
     */
    public FakeServer otherwise(Handler handler) {
        current().script().otherwise(Reply.of(handler));
        return this;
    }

    // ---- what goes wrong with connections

    /**
     * Lets something go wrong with each connection that is accepted from now on.
     *
     * @param faults what goes wrong; none lets them be in order again
     * @return this server
     * @throws IllegalArgumentException if two faults are of the same kind
     * @throws IllegalStateException if the server is closed
     */
    public FakeServer onConnection(ConnectionFault... faults) {
        open();
        endpoint.connectionScript().all(faults);
        return this;
    }

    /**
     * Lets something go wrong with one connection, the next for which nothing was said by an earlier call: it has these
     * faults instead of those of all.
     *
     * @param faults what goes wrong; with none, that connection is in order
     * @return this server
     * @throws IllegalArgumentException if two faults are of the same kind
     * @throws IllegalStateException if the server is closed
     */
    public FakeServer onNextConnection(ConnectionFault... faults) {
        open();
        endpoint.connectionScript().next(faults);
        return this;
    }

    /**
     * Refuses connections from now on, as if nobody listened, until {@link #acceptConnections()}. Those that are open
     * go on.
     *
     * @return this server
     * @throws IllegalStateException if the server is closed
     */
    public FakeServer refuseConnections() {
        open();
        endpoint.wires().refuse();
        return this;
    }

    /**
     * Accepts connections again, at the same port.
     *
     * @return this server
     * @throws IllegalStateException if the server is closed
     * @throws UncheckedIOException if somebody else listens at the port by now
     */
    public FakeServer acceptConnections() {
        open();
        try {
            endpoint.wires().accept();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen at port " + port() + " again: " + e.getMessage(), e);
        }
        return this;
    }

    /**
     * Closes all connections on which no request is under way, as a server does that finds them idle for too long: a
     * client that keeps them in a pool may not notice before it uses one again.
     *
     * @return this server
     * @throws IllegalStateException if the server is closed
     */
    public FakeServer closeIdleConnections() {
        open();
        endpoint.wires().endIdle(End.FIN);
        return this;
    }

    /**
     * Forgets all rules, the queue, the faults of connections and everything that was recorded, as if the server were
     * new. Connections stay open; what is being answered just now is answered as it was, and not recorded any more.
     *
     * @return this server
     * @throws IllegalStateException if the server is closed
     * @throws UncheckedIOException if it refused connections, and somebody else listens at the port by now
     */
    public FakeServer reset() {
        open();
        acceptConnections();
        endpoint.connectionScript().clear();
        endpoint.wires().forgetClosed();
        sessions.renew(new Session(endpoint.clock()),
                "the fake server was reset since this rule was made, and has forgotten it");
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
        Verification.requireRange(time);
        return current().take(time, this::nothingArrived);
    }

    /** {@return all requests so far, taken or not, in order of arrival, unmodifiable} */
    public List<RecordedRequest> requests() {
        return current().journal().requests();
    }

    /**
     * {@return what the server has refused by itself, because it was no well-formed HTTP/1.1: how it begins and why, in
     * order, unmodifiable}
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
     * @param pattern as there
     * @return the verification
     * @throws IllegalArgumentException if the pattern is malformed; the message says how
     */
    public Verification verify(String pattern) {
        return begin(Conditions.of(null, pattern));
    }

    private Verification begin(Conditions conditions) {
        return new Verification(this, current().journal(), conditions).begun();
    }

    Unasked unasked() {
        return unasked;
    }

    /**
     * Verifies that everything that was scripted has been used: the queue is empty, every rule has answered, and every
     * reply of each rule has been given, as often as {@link Rule#times} says.
     *
     * @throws AssertionError if something is left; the message lists it, with the line of the test that it stands in
     */
    public void assertNothingUnused() {
        current().assertNothingUnused(this::nothingArrived);
    }

    /**
     * Verifies that every request has been answered as the test has scripted: none was unmatched, none was refused by
     * the server itself as malformed or cut short, and no handler has thrown; one that is still at work may do so yet.
     *
     * @throws AssertionError if one was not; the message has each, with the explanation that its client was given
     */
    public void assertNoUnmatched() {
        current().assertNoTroubles();
    }

    String nothingArrived() {
        return endpoint.nothingArrived();
    }

    // ---- its end

    /**
     * Stops at once, whatever is under way: connections are reset, and handlers interrupted and not waited for. Never
     * throws. May be called again, and by any thread. What was recorded can still be asked for.
     */
    @Override
    public void close() {
        String complaint = unasked.complaint();
        if (complaint != null) {
            System.getLogger("dev.selvedge.server").log(Level.ERROR, complaint);
        }
        sessions.end("the fake server is closed; it answers nothing any more");
        endpoint.close();
    }

    @Override
    public String toString() {
        return "FakeServer at " + uri();
    }

    private Session current() {
        String complaint = unasked.complaint();
        if (complaint != null) {
            throw new IllegalStateException(complaint);
        }
        return sessions.current();
    }

    /** Returns the session, which a closed server has not any more. */
    private Session open() {
        Session current = current();
        current.script().requireOpen();
        return current;
    }

    void disturb(Disturbance disturbance) {
        open().disturb(disturbance);
    }

    // ---- serving

    private Response answer(Request request) throws IOException {
        return sessions.current().answer(request, endpoint.exchange(request));
    }

    /** Sets up fake servers. For one thread. Each call of {@link #start()} starts another one. */
    public static final class Builder {

        private int port;
        private Limits limits = Endpoint.WIDE;
        private boolean memory;

        private Builder() { }

        /**
         * Lets the server be without sockets, as {@link FakeServer#inMemory()} says.
         *
         * @return this builder
         */
        public Builder inMemory() {
            memory = true;
            return this;
        }

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
         * @throws UncheckedIOException if it can't listen there; the message says why and what to do
         */
        public FakeServer start() {
            return new FakeServer(this, memory ? new MemoryNetwork(MemoryNetwork.BEGIN) : null);
        }
    }
}
