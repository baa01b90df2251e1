package dev.selvedge.jmh;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.http1.HeadLimits;
import dev.selvedge.server.http1.RequestHead;
import dev.selvedge.server.http1.RequestParser;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How long it takes to find the end of a request head and to check every octet of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestParserBenchmark {

    /** Octets of the head. */
    @Param({"170", "720"})
    public int headBytes;

    private byte[] head;
    private RequestParser parser;

    /** Makes the head. */
    @Setup
    public void makeHead() {
        head = RequestHeads.ofLength(headBytes).getBytes(ISO_8859_1);
        parser = new RequestParser(new HeadLimits(8192, 16384, 100));
    }

    /** Parses one head that has come as a whole. */
    @Benchmark
    public int parse() {
        int length = parser.parse(head, 0, head.length);
        parser.reset();
        return length;
    }

    /** Parses likewise, and makes the value that a handler may hold for as long as it likes. */
    @Benchmark
    public RequestHead parseToValue() {
        parser.parse(head, 0, head.length);
        RequestHead value = parser.head(head, 0);
        parser.reset();
        return value;
    }
}
