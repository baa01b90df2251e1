package dev.selvedge.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.engine.BodyInMemory;
import dev.selvedge.server.engine.Call;
import dev.selvedge.server.engine.Peer;
import dev.selvedge.server.http1.ConnectionContext;
import dev.selvedge.server.http1.Input;
import dev.selvedge.server.http1.Need;
import dev.selvedge.server.http1.Output;
import dev.selvedge.server.http1.ParserPool;
import dev.selvedge.server.http1.ServerConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Whole exchanges in memory: octets of requests in, a router's non-blocking handler, octets of responses out. The
 * connection is driven as the engine does it; there is no system call and no clock.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExchangeBenchmark {

    private static final int PIPELINED = 16;
    private static final int SCRATCH_BYTES = 64 * 1024;
    private static final long NOW = 1;
    private static final Response PLAINTEXT = Response.text("Hello, World!");

    private final byte[] plaintext = get("/plaintext").getBytes(ISO_8859_1);
    private final byte[] pipelined = get("/plaintext").repeat(PIPELINED).getBytes(ISO_8859_1);
    private final byte[] json = get("/json").getBytes(ISO_8859_1);
    private final byte[] parameters = get("/params/42?q=hello").getBytes(ISO_8859_1);
    private final byte[] echo = ("POST /echo HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Length: 1024\r\n\r\n"
            + "x".repeat(1024)).getBytes(ISO_8859_1);

    private final byte[] inputScratch = new byte[SCRATCH_BYTES];
    private final byte[] outputScratch = new byte[SCRATCH_BYTES];
    private final Peer peer = new Loopback(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));
    private Serving serving;
    private ServerConnection http;

    /** What a client sends. */
    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";
    }

    /** Makes the server's inside and one connection. */
    @Setup
    public void connect() {
        Router router = Router.builder()
                .get("/plaintext", Handler.nonBlocking(request -> PLAINTEXT))
                .get("/json", Handler.nonBlocking(request -> Response.json("{\"message\":\"Hello, World!\"}")))
                .get("/params/{id}", Handler.nonBlocking(request -> Response.text("id=" + request.pathParameter("id")
                        + " q=" + request.queryParameter("q").orElse(""))))
                .post("/echo", Handler.nonBlocking(request -> Response.bytes(
                        request.header("Content-Type").orElse("application/octet-stream"), request.body().bytes())))
                .build();
        serving = new Serving(router, Limits.DEFAULT.maxBodyBytes(), null, refused -> { });
        var limits = Limits.DEFAULT.forConnections();
        var standing = new dev.selvedge.server.http1.ServerFields("selvedge", 1_700_000_000);
        http = new ServerConnection(
                new ConnectionContext(limits, now -> standing, new ParserPool(limits.head())));
    }

    /** A constant response. */
    @Benchmark
    public long plaintext() {
        return exchange(plaintext);
    }

    /** The same 16 times, as a client sends that does not wait; the figure is for one of them. */
    @Benchmark
    @OperationsPerInvocation(PIPELINED)
    public long pipelined() {
        return exchange(pipelined);
    }

    /** A response that is made for each request. */
    @Benchmark
    public long json() {
        return exchange(json);
    }

    /** A response that is made of a path parameter and a query parameter. */
    @Benchmark
    public long parameters() {
        return exchange(parameters);
    }

    /** A body of 1 KiB that comes back. */
    @Benchmark
    public long echo() {
        return exchange(echo);
    }

    /** Receives requests, lets the connection go on until it needs more, and returns how many octets were sent. */
    private long exchange(byte[] requests) {
        http.output().lend(outputScratch, 0);
        receive(requests);
        long sent = 0;
        Call call = null;
        for (;;) {
            Need need = http.advance(NOW);
            switch (need) {
                case DISPATCH -> {
                    call = serving.choose(http.head(), peer);
                    http.collect(call.maxBodyBytes(), NOW);
                }
                case HANDLE -> {
                    byte[] octets = http.begin();
                    BodyInMemory body = http.body() == null ? BodyInMemory.empty()
                            : new BodyInMemory(octets, http.body().trailers());
                    http.answer(call.answer(body), NOW);
                }
                case WRITE -> {
                    Output out = http.output();
                    int n = out.contiguous();
                    http.sent(n, NOW);
                    sent += n;
                }
                case READ -> {
                    http.settle();
                    return sent;
                }
                default -> throw new IllegalStateException(need.toString());
            }
        }
    }

    private void receive(byte[] octets) {
        Input in = http.input();
        in.prepare(inputScratch, 0);
        System.arraycopy(octets, 0, in.array(), in.to(), octets.length);
        http.received(octets.length, NOW);
    }

    /**
     * The two ends of a connection that has none.
     *
     * @param address of both
     */
    private record Loopback(InetSocketAddress address) implements Peer {

        @Override
        public InetSocketAddress remoteAddress() {
            return address;
        }

        @Override
        public InetSocketAddress localAddress() {
            return address;
        }
    }
}
