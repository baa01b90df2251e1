package dev.selvedge.server.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a file of an archive without being {@linkplain Undisturbed disturbed}. Each call costs a virtual thread: read
 * much at once.
 */
final class UndisturbedInput extends InputStream {

    private final InputStream in;

    private UndisturbedInput(InputStream in) {
        this.in = in;
    }

    /**
     * Opens a file.
     *
     * @throws IOException as {@link Files#newInputStream} does
     */
    static InputStream open(Path file) throws IOException {
        return new UndisturbedInput(Undisturbed.call(() -> Files.newInputStream(file)));
    }

    @Override
    public int read() throws IOException {
        return Undisturbed.call(in::read);
    }

    @Override
    public int read(byte[] dst, int offset, int length) throws IOException {
        return Undisturbed.call(() -> in.read(dst, offset, length));
    }

    @Override
    public long skip(long n) throws IOException {
        return Undisturbed.call(() -> in.skip(n));
    }

    @Override
    public void close() throws IOException {
        Undisturbed.call(() -> {
            in.close();
            return null;
        });
    }
}
