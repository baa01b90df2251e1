package dev.selvedge.server.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Reads parts of a file in an archive, which can be unpacked only from its beginning: it goes on where it is as long as
 * it can, and begins again for what is behind it.
 */
final class ArchiveReading implements Octets.Parts {

    /** Each client that reads slowly keeps one; four times as much is not measurably faster. */
    private static final int CHUNK_BYTES = 16 << 10;

    private final Path file;
    private InputStream in;
    private long position;

    /** Begins at the beginning; opens nothing yet. */
    ArchiveReading(Path file) {
        this.file = file;
    }

    @Override
    public void write(OutputStream out, long from, long count) throws IOException {
        if (in == null || from < position) {
            close();
            in = UndisturbedInput.open(file);
            position = 0;
        }
        in.skipNBytes(from - position);
        position = from;
        byte[] chunk = new byte[(int) Math.min(count, CHUNK_BYTES)];
        for (long left = count; left > 0;) {
            int n = in.read(chunk, 0, (int) Math.min(left, chunk.length));
            if (n < 0) {
                throw new EOFException("the file has become shorter while it was sent");
            }
            out.write(chunk, 0, n);
            left -= n;
            position += n;
        }
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
        }
    }
}
