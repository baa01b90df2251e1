package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.http1.ResponseEncoder.Delimiting;
import dev.selvedge.server.http1.ResponseEncoder.Persistence;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** How long it takes to turn an answer into the octets of a response. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponseEncoderBenchmark {

    private static final int SCRATCH_BYTES = 64 * 1024;

    private final byte[] hello = "Hello, World!".getBytes(ISO_8859_1);
    private final Answer plaintext = new Answer(200,
            FieldSection.builder().add("Content-Type", "text/plain; charset=utf-8").build(),
            new Content.Octets(hello));
    private final Answer stream = new Answer(200, plaintext.fields(),
            new Content.Streamed(Content.UNKNOWN_LENGTH, out -> { }));
    private final ServerFields standing = new ServerFields("selvedge", 1_700_000_000);
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final byte[] block = new byte[1024];
    private final Output out = new Output();

    /** Encodes the head of a plaintext response and copies its content behind it. */
    @Benchmark
    public int plaintext() {
        out.lend(scratch, 0);
        ResponseEncoder.head(out, plaintext, ResponseEncoder.delimiting(plaintext, Version.HTTP_1_1),
                Persistence.IMPLIED, standing, hello.length);
        out.put(hello, 0, hello.length);
        return send();
    }

    /** Encodes the head of a chunked response, one chunk of 1 KiB and the end. */
    @Benchmark
    public int chunked() {
        out.lend(scratch, 0);
        ResponseEncoder.head(out, stream, Delimiting.CHUNKED, Persistence.IMPLIED, standing, 0);
        ContentEncoder encoder = new ContentEncoder(out, true, Content.UNKNOWN_LENGTH);
        encoder.write(block, 0, block.length);
        encoder.end(FieldSection.EMPTY);
        return send();
    }

    private int send() {
        int length = out.contiguous();
        out.sent(length);
        out.settle();
        return length;
    }
}
