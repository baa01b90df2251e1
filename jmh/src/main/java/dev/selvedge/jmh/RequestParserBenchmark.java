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
    private byte[] other;
    private RequestParser parser;

    /** Makes a head, and another one whose fields differ in the last octet. */
    @Setup
    public void makeHeads() {
        head = RequestHeads.ofLength(headBytes).getBytes(ISO_8859_1);
        other = head.clone();
        other[other.length - "y\r\n\r\n".length()] = 'y';
        parser = new RequestParser(new HeadLimits(8192, 16384, 100));
    }

    /** Parses one head that has come as a whole, with a parser that remembers no other. */
    @Benchmark
    public int parse() {
        int length = parser.parse(head, 0, head.length);
        parser.reset();
        return length;
    }

    /**
     * Parses likewise, and makes the value that a handler may hold for as long as it likes. The fields differ from those
     * of the head before.
     */
    @Benchmark
    public RequestHead parseToValue() {
        byte[] next = other;
        other = head;
        head = next;
        return value();
    }

    /** Likewise, with the fields of the head before. */
    @Benchmark
    public RequestHead parseSameFieldsToValue() {
        return value();
    }

    private RequestHead value() {
        parser.parse(head, 0, head.length);
        return parser.head(head, 0);
    }
}
