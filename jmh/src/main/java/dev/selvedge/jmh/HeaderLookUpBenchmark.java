package dev.selvedge.jmh;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.HeadLimits;
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

/** How long it takes to find a field among the eleven of a browser's request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderLookUpBenchmark {

    private static final int HEAD_BYTES = 720;

    /** The first one, one near the end, and one that is not there. */
    @Param({"host", "cookie", "authorization"})
    public String name;

    private FieldSection fields;

    /** Parses the request. */
    @Setup
    public void makeFields() {
        byte[] head = RequestHeads.ofLength(HEAD_BYTES).getBytes(ISO_8859_1);
        RequestParser parser = new RequestParser(new HeadLimits(8192, 16384, 100));
        parser.parse(head, 0, head.length);
        fields = parser.head(head, 0).fields();
    }

    /** Finds the field. */
    @Benchmark
    public int indexOf() {
        return fields.indexOf(name, 0);
    }

    /** Finds the field, and makes a string of its value. */
    @Benchmark
    public String first() {
        return fields.first(name);
    }
}
