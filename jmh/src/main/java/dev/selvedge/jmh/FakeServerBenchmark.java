package dev.selvedge.jmh;

import dev.selvedge.server.Response;
import dev.selvedge.server.fake.FakeServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a fake server costs each test that has one of its own. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FakeServerBenchmark {

    /** A server that was not started by what is measured. */
    @State(Scope.Thread)
    public static class Running {

        private FakeServer server;

        /** Starts it. */
        @Setup(Level.Invocation)
        public void start() {
            server = FakeServer.start();
        }

        /** Closes it, if that was not what is measured. */
        @TearDown(Level.Invocation)
        public void close() {
            server.close();
        }
    }

    /** A server that is to be started by what is measured. */
    @State(Scope.Thread)
    public static class Started {

        private FakeServer server;

        /** Closes it. */
        @TearDown(Level.Invocation)
        public void close() {
            server.close();
        }
    }

    /** Starting. */
    @Benchmark
    public FakeServer start(Started state) {
        state.server = FakeServer.start();
        return state.server;
    }

    /** Closing. */
    @Benchmark
    public void close(Running state) {
        state.server.close();
    }

    /** All that the smallest test does: start, script, connect, ask, close. */
    @Benchmark
    public int wholeTest() throws IOException {
        try (FakeServer server = FakeServer.start()) {
            server.on("GET", "/users/{id}").respond(Response.text("Ada"));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write("GET /users/7 HTTP/1.1\r\nHost: a\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                return socket.getInputStream().read();
            }
        }
    }

    /** The same in memory. */
    @Benchmark
    public byte[] wholeTestInMemory() {
        try (FakeServer server = FakeServer.inMemory()) {
            server.on("GET", "/users/{id}").respond(Response.text("Ada"));
            return server.connect().write("GET /users/7 HTTP/1.1\r\nHost: a\r\n\r\n").received();
        }
    }
}
