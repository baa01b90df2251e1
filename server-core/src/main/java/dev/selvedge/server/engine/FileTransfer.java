package dev.selvedge.server.engine;

import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.FileSource;
import java.io.IOException;
import java.io.OutputStream;

/** An open file on its way to a client, and how far it has come. */
final class FileTransfer {

    private static final int COPY_BYTES = 16 * 1024;

    private final Shared shared;
    private final FileSource source;
    private long position;

    /** Makes the transfer of an open file, which it closes at its end. */
    FileTransfer(Shared shared, FileSource source, long position) {
        this.shared = shared;
        this.source = source;
        this.position = position;
        shared.fileOpened();
    }

    /** Sends a part; the answer is that of {@link Channel#sendFile}. */
    long send(Channel channel, long count) {
        long n = channel.sendFile(source, position, count);
        if (n > 0) {
            position += n;
        }
        return n;
    }

    /** Reads a part; returns how many octets, or 0 if the file has ended or can't be read. */
    int read(byte[] dst) {
        try {
            int n = source.read(position, dst, 0, dst.length);
            position += n;
            return n;
        } catch (IOException e) {
            Log.error("a file could not be read while it was sent", e);
            return 0;
        }
    }

    /** Reads a part of some length, and writes it elsewhere: for a file that only Java can read. */
    void copyTo(OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[(int) Math.min(length, COPY_BYTES)];
        for (long left = length; left > 0;) {
            int n = source.read(position, buffer, 0, (int) Math.min(left, buffer.length));
            if (n == 0) {
                throw new IOException("the file has become " + left + " octets shorter than was promised");
            }
            out.write(buffer, 0, n);
            position += n;
            left -= n;
        }
    }

    void close() {
        source.close();
        shared.fileClosed();
    }
}
