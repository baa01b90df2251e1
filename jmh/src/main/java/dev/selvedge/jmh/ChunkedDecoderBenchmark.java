package dev.selvedge.jmh;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.selvedge.server.http1.ChunkedDecoder;
import dev.selvedge.server.http1.HeadLimits;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How long it takes to take the chunked coding off. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChunkedDecoderBenchmark {

    private static final int MAX_EXTENSION_BYTES = 1024;
    private static final HeadLimits TRAILER_LIMITS = new HeadLimits(8192, 16384, 100);

    /** Octets of content in a chunk. */
    @Param({"16", "1024"})
    public int chunkBytes;

    private byte[] chunk;
    private byte[] body;
    private byte[] content;
    private ChunkedDecoder endless;

    /** Makes a chunk, and a body of four. */
    @Setup
    public void makeChunks() {
        String coded = Integer.toHexString(chunkBytes) + "\r\n" + "x".repeat(chunkBytes) + "\r\n";
        chunk = coded.getBytes(ISO_8859_1);
        body = (coded.repeat(4) + "0\r\n\r\n").getBytes(ISO_8859_1);
        content = new byte[4 * chunkBytes];
        endless = new ChunkedDecoder(MAX_EXTENSION_BYTES, TRAILER_LIMITS);
    }

    /** Decodes one more chunk of a body that never ends. */
    @Benchmark
    public int chunk() {
        endless.decode(chunk, 0, chunk.length, content, 0, content.length);
        return endless.produced();
    }

    /** Decodes a body of four chunks, with the decoder that each body has of its own. */
    @Benchmark
    public ChunkedDecoder body() {
        ChunkedDecoder decoder = new ChunkedDecoder(MAX_EXTENSION_BYTES, TRAILER_LIMITS);
        decoder.decode(body, 0, body.length, content, 0, content.length);
        return decoder;
    }
}
