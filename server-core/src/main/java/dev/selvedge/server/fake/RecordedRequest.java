package dev.selvedge.server.fake;

import dev.selvedge.server.Headers;
import dev.selvedge.server.Request;
import dev.selvedge.server.fake.wire.WireExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that a {@link FakeServer} has received, with its whole body. Immutable, and valid when the server is
 * closed.
 *
 * <p>One that can be seen has taken its reply from its rule or the queue, and its client has seen nothing of that yet:
 * so what a client has an answer for is recorded, and what is recorded is not {@linkplain
 * FakeServer#assertNothingUnused() unused}. Only a request that was cut short may be recorded a moment after its client
 * has noticed: ask for it with {@link Verification#within} or {@link FakeServer#takeRequest(java.time.Duration)}.
 */
public final class RecordedRequest {

    private final Request request;
    private final WireExchange exchange;
    private final byte[] body;
    private final boolean complete;

    RecordedRequest(Request request, WireExchange exchange, byte[] body, boolean complete) {
        this.request = request;
        this.exchange = exchange;
        this.body = body;
        this.complete = complete;
    }

    /** Returns what the server has received it as. Its body belongs to the handler's thread. */
    Request request() {
        return request;
    }

    /**
     * Returns the method.
     *
     * @return for example {@code "GET"}
     */
    public String method() {
        return request.method();
    }

    /**
     * Returns the target as it was received.
     *
     * @return for example {@code "/users/7?full=true"}
     */
    public String target() {
        return request.target();
    }

    /**
     * Returns the decoded path, as {@link Request#path()} does.
     *
     * @return for example {@code "/users/7"}
     */
    public String path() {
        return request.path();
    }

    /**
     * Returns the query as it was received.
     *
     * @return what stands behind the first question mark; empty if there is none
     */
    public Optional<String> query() {
        return request.query();
    }

    /**
     * Returns the first value of a parameter in the query.
     *
     * @param name the parameter's name
     * @return the decoded value; empty if there is no such parameter
     */
    public Optional<String> queryParameter(String name) {
        return request.queryParameter(name);
    }

    /**
     * Returns all parameters in the query, in their order.
     *
     * @return the decoded values of each name, unmodifiable
     */
    public Map<String, List<String>> queryParameters() {
        return request.queryParameters();
    }

    /**
     * Returns the header lines.
     *
     * @return the lines as they were received
     */
    public Headers headers() {
        return request.headers();
    }

    /**
     * Returns the value of the first header line with a name.
     *
     * @param name the name, in any case
     * @return the value; empty if there is no such line
     */
    public Optional<String> header(String name) {
        return request.header(name);
    }

    /**
     * Returns the body, without its chunks.
     *
     * @return the bytes, a copy; empty if there is none, or it did not come {@linkplain #isComplete() whole}
     */
    public byte[] body() {
        return body.clone();
    }

    /**
     * Returns the body as text, decoded by the charset of its Content-Type, else as UTF-8.
     *
     * @return the text; malformed input becomes U+FFFD; empty where {@link #body()} is
     */
    public String bodyText() {
        try {
            return complete ? request.body().text() : "";
        } catch (IOException e) {
            throw new AssertionError("a body that is in memory can be read", e);
        }
    }

    /**
     * Returns exactly what has come, from the first byte of the request line: head, chunks and trailers.
     *
     * @return the bytes, a copy; of a very long request the first 16 MiB
     */
    public byte[] bytes() {
        return exchange.requestOctets();
    }

    /**
     * Returns whether all of it has come. One that has not was cut short by its client, or is not well-formed behind
     * its head; it is recorded, and nothing answers it.
     *
     * @return true if the whole body is there
     */
    public boolean isComplete() {
        return complete;
    }

    /**
     * Returns on which connection it came.
     *
     * @return 1 for the first connection since the start of the server
     */
    public int connectionNumber() {
        return exchange.connection().index() + 1;
    }

    /**
     * Returns which of the requests on its connection it is.
     *
     * @return 1 for the first one; more than 1 says that the client has used the connection again
     */
    public int requestNumber() {
        return exchange.index() + 1;
    }

    /**
     * Returns when it came.
     *
     * @return the time at which its first byte was there
     */
    public Instant arrival() {
        return exchange.arrival();
    }

    /**
     * Returns the client's address.
     *
     * @return the address
     */
    public InetSocketAddress remoteAddress() {
        return request.remoteAddress();
    }

    /** Returns the method and the target. */
    @Override
    public String toString() {
        return request.toString();
    }
}
