package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Content;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Transport;
import java.io.IOException;

/** An open file on its way to a client, and how far it has come. */
final class FileTransfer {

    private final FileSource source;
    private long position;

    private FileTransfer(FileSource source, long position) {
        this.source = source;
        this.position = position;
    }

    /** Opens the file; returns null, with a message in the log, if that fails or it is too short by now. */
    static FileTransfer open(Transport transport, Content.FileRange range) {
        try {
            FileSource source = transport.open(range.file());
            if (source.size() - range.position() >= range.length()) {
                return new FileTransfer(source, range.position());
            }
            source.close();
            Log.warning(range.file() + " has become too short for the response that was made of it");
        } catch (IOException e) {
            Log.error(range.file() + " can't be sent", e);
        }
        return null;
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

    void close() {
        source.close();
    }
}
