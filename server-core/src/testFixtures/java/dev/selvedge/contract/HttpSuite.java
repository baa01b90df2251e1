package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.Handler;
import dev.selvedge.server.HttpServer;
import dev.selvedge.server.Limits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the tests of whole servers have in common: they start some, connect to them, and leave the rest to this class.
 * A test's name begins with the number of the rule it tests, in the catalogue of conformance rules, if there is one.
 */
@Timeout(60)
public abstract class HttpSuite {

    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    static final String HOST = "Host: test\r\n";

    @TempDir
    static Path directory;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private HttpServer server;

    /** Returns the name of the transport under test. */
    protected abstract String transport();

    /** Closes what was opened, the latest first; the servers without waiting. */
    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    HttpServer.Builder builder(Handler handler) {
        return HttpServer.builder().listen("127.0.0.1", 0).transport(transport()).loops(2).handler(handler)
                .gracePeriod(Duration.ofSeconds(50));
    }

    HttpServer serve(Handler handler) {
        return start(builder(handler));
    }

    HttpServer serve(Handler handler, Limits limits) {
        return start(builder(handler).limits(limits));
    }

    /** Starts the server that {@link #connect()} and {@link #exchange} mean from now on. */
    HttpServer start(HttpServer.Builder builder) {
        server = builder.start();
        opened.push(server::closeNow);
        return server;
    }

    HttpServer server() {
        return server;
    }

    HttpWire connect() throws IOException {
        return connect(server.addresses().getFirst());
    }

    HttpWire connect(InetSocketAddress address) throws IOException {
        return closedLater(new HttpWire(address));
    }

    <T extends AutoCloseable> T closedLater(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Sends one request on a connection of its own and returns the response. */
    HttpReply exchange(String request) throws IOException {
        try (HttpWire wire = new HttpWire(server.addresses().getFirst())) {
            return wire.send(request).read(method(request));
        }
    }

    static String method(String request) {
        String line = request.stripLeading();
        return line.substring(0, Math.max(0, line.indexOf(' ')));
    }

    static String get(String target, String... fields) {
        return request("GET", target, fields);
    }

    /** Returns a request head; the fields come without line ends. */
    static String request(String method, String target, String... fields) {
        StringBuilder text = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n").append(HOST);
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    static String post(String target, String body) {
        return request("POST", target, "Content-Length: " + body.length()) + body;
    }

    /** Returns a request whose body is sent in these chunks. */
    static String postChunks(String target, String... chunks) {
        StringBuilder text = new StringBuilder(request("POST", target, "Transfer-Encoding: chunked"));
        for (String chunk : chunks) {
            text.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk).append("\r\n");
        }
        return text.append("0\r\n\r\n").toString();
    }

    static byte[] latin1(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** Looks until a condition holds. */
    static void await(String what, BooleanSupplier condition) {
        for (long end = System.nanoTime() + PATIENCE_NANOS; !condition.getAsBoolean(); Thread.yield()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain: " + what);
            }
        }
    }

    /** Looks until the server has no connection any more. */
    void awaitNoConnection() {
        await("no connection; " + server.statistics(), () -> server.statistics().openConnections() == 0);
    }
}
