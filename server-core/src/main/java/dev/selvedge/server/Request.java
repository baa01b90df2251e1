package dev.selvedge.server;

import dev.selvedge.server.engine.BodyInMemory;
import dev.selvedge.server.engine.BodySource;
import dev.selvedge.server.engine.Peer;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.RequestHead;
import dev.selvedge.server.http1.TargetForm;
import dev.selvedge.server.http1.Version;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A request: immutable but for its {@linkplain #body() body}, which is read once, and valid for as long as somebody
 * holds it.
 *
 * <p>The server has checked all of it against the rules of HTTP before a handler sees it. Text is made of it when
 * asked for, so what a handler does not look at costs nothing; ask once and keep the result where it is needed
 * several times.
 *
 * <p>A handler can be tested with requests that no server has received:
 *
 * <pre>{@code
 * Response response = handler.handle(Request.builder("GET", "/users/7?full=true").pathParameter("id", "7").build());
 * }</pre>
 */
public final class Request {

    private final RequestHead head;
    private final Peer peer;
    private final RequestBody body;
    /** The canonical path, or null if the head's is. */
    private final byte[] canonicalPath;
    private final PathParameters parameters;
    /** The index in the canonical path behind the prefix of the innermost mount. */
    private final int mountAt;
    /** Made at most once for each thread that asks first; a string is safe to share all the same. */
    private String path;

    /**
     * Makes a request for the handler of a route.
     *
     * @param canonicalPath the canonical path, or null if the head's path is plain
     * @param mountOctets the length of the prefixes of all mounts, in canonical octets
     */
    Request(RequestHead head, Peer peer, BodySource source, byte[] canonicalPath, PathParameters parameters,
            int mountOctets) {
        this.head = head;
        this.peer = peer;
        this.body = new RequestBody(source, head.fields());
        this.canonicalPath = canonicalPath;
        this.parameters = parameters;
        this.mountAt = (canonicalPath == null ? head.pathFrom() : 0) + mountOctets;
    }

    private Request(Request other, PathParameters parameters, int mountOctets) {
        this.head = other.head;
        this.peer = other.peer;
        this.body = other.body;
        this.canonicalPath = other.canonicalPath;
        this.parameters = parameters;
        this.mountAt = other.mountAt + mountOctets;
        this.path = other.path;
    }

    /** Returns this request for the handler of a route, with the same body. */
    Request routed(PathParameters routeParameters, int mountOctets) {
        return new Request(this, routeParameters, mountOctets);
    }

    /**
     * Returns a builder of a request that no server has received, for tests.
     *
     * @param method a token, such as {@code "GET"}
     * @param target a path with or without a query ({@code "/users/7?full=true"}), a whole {@code http} URI, or
     *     {@code "*"}; percent-encoded as on the wire
     * @return the builder
     */
    public static Builder builder(String method, String target) {
        return new Builder(method, target);
    }

    /**
     * Returns the method. Methods are case-sensitive (RFC 9110 §9.1).
     *
     * @return for example {@code "GET"}
     */
    public String method() {
        return head.method();
    }

    /**
     * Returns the target as it was received (RFC 9112 §3.2).
     *
     * @return a path with or without a query, a whole URI, or {@code "*"}
     */
    public String target() {
        return head.target();
    }

    /**
     * Returns the decoded path: without dot segments (RFC 3986 §5.2.4), and with escapes decoded once, as UTF-8;
     * malformed UTF-8 becomes U+FFFD. An escaped slash stays {@code %2F}, because it does not separate segments. The
     * path may have any other character, NUL and backslash too.
     *
     * @return the path, beginning with a slash; {@code "*"} for {@code OPTIONS *}
     */
    public String path() {
        String decoded = path;
        if (decoded == null) {
            decoded = isAsterisk() ? "*" : orRoot(PercentCoding.decodePath(pathOctets(), pathFrom(), pathTo()));
            path = decoded;
        }
        return decoded;
    }

    /**
     * Returns the path as it was received.
     *
     * @return the path with its escapes and dot segments; {@code "*"} for {@code OPTIONS *}
     */
    public String rawPath() {
        return isAsterisk() ? "*" : orRoot(new String(head.octets(), head.pathFrom(), head.pathTo() - head.pathFrom(),
                StandardCharsets.ISO_8859_1));
    }

    /**
     * Returns the decoded path behind the prefix of the innermost {@linkplain Router.Builder#mount mount}, for handlers
     * that serve whatever is below them, wherever that is.
     *
     * @return for {@code /files/a/b} and a handler that is mounted at {@code /files}: {@code "/a/b"}; an empty string
     *     for the prefix itself; all of {@link #path()} where nothing is mounted
     */
    public String pathInMount() {
        if (isAsterisk()) {
            return "*";
        }
        String rest = PercentCoding.decodePath(pathOctets(), mountAt, pathTo());
        return mountAt == pathFrom() ? orRoot(rest) : rest;
    }

    /**
     * Returns the path behind the prefix of the innermost {@linkplain Router.Builder#mount mount} in its canonical
     * form, in which two paths are equal exactly if they mean the same: without dot segments, with each character that
     * a segment may have ({@code pchar}, RFC 3986 §3.3) as it is and each other octet as an escape with upper-case
     * digits. So {@code %2F} is not a slash, {@code %252F} is neither, and nothing has been decoded that would have to
     * be decoded once. For handlers that keep something by path, or that have to tell every octet.
     *
     * @return for {@code /files/%7ea/x/../b%2fc%20d} and a handler that is mounted at {@code /files}:
     *     {@code "/~a/b%2Fc%20d"}; an empty string for the prefix itself; the whole path, at least {@code "/"}, where
     *     nothing is mounted; {@code "*"} for {@code OPTIONS *}
     */
    public String canonicalPathInMount() {
        if (isAsterisk()) {
            return "*";
        }
        String rest = new String(pathOctets(), mountAt, pathTo() - mountAt, StandardCharsets.ISO_8859_1);
        return mountAt == pathFrom() ? orRoot(rest) : rest;
    }

    /** A URI without a path means the root (RFC 9110 §4.2.3). */
    private static String orRoot(String path) {
        return path.isEmpty() ? "/" : path;
    }

    /**
     * Returns the value of a parameter in the route's pattern.
     *
     * @param name the name that stands in braces there
     * @return the segment of the path, decoded as UTF-8 with escaped slashes; for {@code {name...}} the rest of the
     *     path, decoded as {@link #path()} is, which may be empty
     * @throws IllegalArgumentException if the pattern has no parameter with that name
     */
    public String pathParameter(String name) {
        Objects.requireNonNull(name, "name");
        String value = parameters.value(name, pathOctets(), mountAt, pathTo());
        if (value == null) {
            String names = String.join(", ", parameters.names());
            throw new IllegalArgumentException("the route has no path parameter \"" + name + "\"; it has "
                    + (names.isEmpty() ? "none" : names));
        }
        return value;
    }

    /**
     * Compares the path with a pattern, for filters and tests that stand beside a router. Below a
     * {@linkplain Router.Builder#mount mount}, the path behind its prefix counts.
     *
     * @param pattern a {@linkplain Router pattern}, such as {@code "/users/{id}"}
     * @return this request with the parameters of that pattern, if its path has it; else empty
     * @throws IllegalArgumentException if the pattern is malformed; the message says how
     */
    public Optional<Request> matching(String pattern) {
        PathPattern parsed = PathPattern.parse(pattern);
        boolean matches = !isAsterisk() && parsed.matches(pathOctets(), mountAt, pathTo());
        return matches ? Optional.of(routed(parsed, 0)) : Optional.empty();
    }

    /**
     * Returns the query as it was received.
     *
     * @return what stands behind the first question mark, percent-encoded; empty if there is none
     */
    public Optional<String> query() {
        return head.queryFrom() < 0 ? Optional.empty() : Optional.of(new String(head.octets(), head.queryFrom(),
                head.queryTo() - head.queryFrom(), StandardCharsets.ISO_8859_1));
    }

    /**
     * Returns the first value of a parameter in the query, which is taken as {@code name=value&name=value} with
     * percent-encoding and plus signs for spaces, as UTF-8; malformed UTF-8 becomes U+FFFD.
     *
     * @param name the parameter's name
     * @return the decoded value, an empty string where there is no equals sign; empty if there is no such parameter
     */
    public Optional<String> queryParameter(String name) {
        Objects.requireNonNull(name, "name");
        return head.queryFrom() < 0 ? Optional.empty()
                : Optional.ofNullable(QueryString.first(head.octets(), head.queryFrom(), head.queryTo(), name));
    }

    /**
     * Returns all parameters in the query, in their order, taken and decoded as by {@link #queryParameter}.
     *
     * @return the decoded values of each name, at least one for each, unmodifiable; empty if there is no query
     */
    public Map<String, List<String>> queryParameters() {
        return head.queryFrom() < 0 ? Map.of() : QueryString.all(head.octets(), head.queryFrom(), head.queryTo());
    }

    /**
     * Returns the header lines.
     *
     * @return the lines as they were received
     */
    public Headers headers() {
        return new Headers(head.fields());
    }

    /**
     * Returns the value of the first header line with a name.
     *
     * @param name the name, in any case
     * @return the value, which may be an empty string; empty if there is no such line
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(head.fields().first(name));
    }

    /**
     * Returns the media type of the body without its parameters: that of {@code Content-Type} (RFC 9110 §8.3.1), in
     * lower case, ready to be compared. {@link RequestBody#text()} already heeds the parameter {@code charset}.
     *
     * @return for example {@code "application/json"}; empty if there is no Content-Type or it has not that form
     */
    public Optional<String> mediaType() {
        return Optional.ofNullable(head.fields().first("Content-Type")).flatMap(MediaType::withoutParameters);
    }

    /**
     * Returns the cookies that the client has sent (RFC 6265 §4.2), leniently read.
     *
     * @return their values by name, in order, unmodifiable; of several with one name the first
     */
    public Map<String, String> cookies() {
        return ReceivedCookies.all(head.fields());
    }

    /**
     * Returns the value of a cookie.
     *
     * @param name the cookie's name, in its case
     * @return the value, which may be an empty string; empty if there is no such cookie
     */
    public Optional<String> cookie(String name) {
        return Optional.ofNullable(ReceivedCookies.first(head.fields(), Objects.requireNonNull(name, "name")));
    }

    /**
     * Returns the body. There always is one; that of most requests is empty.
     *
     * @return the same body at each call
     */
    public RequestBody body() {
        return body;
    }

    /**
     * Returns the protocol version. A higher minor version counts as HTTP/1.1 (RFC 9110 §2.5).
     *
     * @return {@code "HTTP/1.1"} or {@code "HTTP/1.0"}
     */
    public String version() {
        return switch (head.version()) {
            case Version.HTTP_1_0 -> "HTTP/1.0";
            case Version.HTTP_1_1 -> "HTTP/1.1";
        };
    }

    /**
     * Returns the host, with the port if there is one, that the client wants to speak to: from a target that is a whole
     * URI, else from Host (RFC 9112 §3.2.2).
     *
     * @return for example {@code "example.org:8080"}; an empty string if an HTTP/1.0 client did not tell
     */
    public String authority() {
        return head.authority();
    }

    /**
     * Returns the client's address: behind a proxy, that of the proxy.
     *
     * @return the address
     */
    public InetSocketAddress remoteAddress() {
        return peer.remoteAddress();
    }

    /**
     * Returns the server's address on this connection.
     *
     * @return the address
     */
    public InetSocketAddress localAddress() {
        return peer.localAddress();
    }

    /** Returns the method and the target. */
    @Override
    public String toString() {
        return method() + " " + target();
    }

    boolean isAsterisk() {
        return head.form() == TargetForm.ASTERISK;
    }

    /** Returns what holds the canonical path. */
    byte[] pathOctets() {
        return canonicalPath == null ? head.octets() : canonicalPath;
    }

    private int pathFrom() {
        return canonicalPath == null ? head.pathFrom() : 0;
    }

    int pathTo() {
        return canonicalPath == null ? head.pathTo() : canonicalPath.length;
    }

    int mountAt() {
        return mountAt;
    }

    /** Makes a {@link Request} that no server has received. For one thread. */
    public static final class Builder {

        private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

        private final String method;
        private final String target;
        private final FieldSection.Builder fields = FieldSection.builder();
        private final Map<String, String> pathParameters = new LinkedHashMap<>();
        private byte[] body;
        private FieldSection trailers = FieldSection.EMPTY;
        private InetSocketAddress remoteAddress = LOOPBACK;
        private InetSocketAddress localAddress = LOOPBACK;

        private Builder(String method, String target) {
            this.method = Objects.requireNonNull(method, "method");
            this.target = Objects.requireNonNull(target, "target");
        }

        /**
         * Adds a header line.
         *
         * @param name as for {@link Headers.Builder#add}
         * @param value as for {@link Headers.Builder#add}
         * @return this builder
         * @throws IllegalArgumentException as for {@link Headers.Builder#add}
         */
        public Builder header(String name, String value) {
            fields.add(name, value);
            return this;
        }

        /**
         * Sets the body; without it, the request has an empty one. Content-Length is not needed for it.
         *
         * @param bytes the body; not copied, so it must not be changed any more
         * @return this builder
         * @throws IllegalStateException if the request has been given a body before
         */
        public Builder body(byte[] bytes) {
            Objects.requireNonNull(bytes, "bytes");
            if (body != null) {
                throw new IllegalStateException("the request has a body of " + body.length
                        + " bytes already; call body(...) once, with all of it");
            }
            body = bytes;
            return this;
        }

        /**
         * Sets the body to text, as UTF-8.
         *
         * @param text the body
         * @return this builder
         * @throws IllegalStateException if the request has been given a body before
         */
        public Builder body(String text) {
            return body(text.getBytes(StandardCharsets.UTF_8));
        }

        /**
         * Sets the trailer lines behind the body.
         *
         * @param lines the lines
         * @return this builder
         */
        public Builder trailers(Headers lines) {
            trailers = lines.fields();
            return this;
        }

        /**
         * Gives a path parameter its value, for a handler that is called without its route. A {@link Router} that
         * handles the request replaces them by those of its route.
         *
         * @param name the parameter's name
         * @param value its value, decoded
         * @return this builder
         */
        public Builder pathParameter(String name, String value) {
            pathParameters.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets the client's address; else it is the loopback address with port 0.
         *
         * @param address the address
         * @return this builder
         */
        public Builder remoteAddress(InetSocketAddress address) {
            remoteAddress = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * Sets the server's address; else it is the loopback address with port 0.
         *
         * @param address the address
         * @return this builder
         */
        public Builder localAddress(InetSocketAddress address) {
            localAddress = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * Makes the request.
         *
         * @return the request
         * @throws IllegalArgumentException if a server would refuse the method or the target; the message says why
         */
        public Request build() {
            RequestHead head = RequestHead.of(method, target, fields.build());
            byte[] canonicalPath = canonicalPath(head);
            PathParameters parameters = pathParameters.isEmpty() ? PathParameters.NONE
                    : new PathParameters.Given(new LinkedHashMap<>(pathParameters));
            return new Request(head, new Ends(remoteAddress, localAddress),
                    new BodyInMemory(body == null ? new byte[0] : body, trailers), canonicalPath, parameters, 0);
        }
    }

    /** Returns the canonical path of a head, or null if its path is canonical as it is. */
    static byte[] canonicalPath(RequestHead head) {
        return head.pathIsPlain() ? null : PercentCoding.canonicalPath(head.octets(), head.pathFrom(), head.pathTo());
    }

    /**
     * Both ends of a connection that there is not.
     *
     * @param remoteAddress the client's
     * @param localAddress the server's
     */
    private record Ends(InetSocketAddress remoteAddress, InetSocketAddress localAddress) implements Peer { }
}
