package dev.selvedge.server.files;

import dev.selvedge.server.FileVersion;
import dev.selvedge.server.Response;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;

/** The octets of a representation, and where they come from. */
sealed interface Octets {

    /** Returns how many there are. */
    long length();

    /**
     * Makes a response, of status 200, of a part.
     *
     * @param contentType its media type
     * @param from the first octet
     * @param count how many, at most what is left behind {@code from}
     */
    Response response(String contentType, long from, long count);

    /**
     * Lets somebody else answer if the octets are not there any more when the response begins.
     *
     * @param response made by {@link #response}, perhaps changed
     * @param otherwise makes the other answer; may block
     */
    default Response guarded(Response response, Callable<Response> otherwise) {
        return response;
    }

    /** Returns whether {@link #requireUnchanged} may ever fail. */
    default boolean mayChange() {
        return false;
    }

    /**
     * Looks whether the octets are still there. Blocks if they {@linkplain #mayChange() may change}.
     *
     * @throws NoSuchFileException if they are not
     */
    default void requireUnchanged() throws IOException { }

    /**
     * Makes them ready to be written in parts. Blocks.
     *
     * @return the parts, to be closed by the caller
     * @throws NoSuchFileException if they are not there any more
     */
    Parts open() throws IOException;

    /** Writes parts of the octets, all of the same file. Blocks. */
    @FunctionalInterface
    interface Parts extends Closeable {

        /** Writes one part. */
        void write(OutputStream out, long from, long count) throws IOException;

        /** Most have nothing to close. */
        @Override
        default void close() throws IOException { }
    }

    /**
     * What is small enough is kept.
     *
     * @param array all of them, never changed
     */
    record InMemory(byte[] array) implements Octets {

        @Override
        public long length() {
            return array.length;
        }

        @Override
        public Response response(String contentType, long from, long count) {
            boolean whole = from == 0 && count == array.length;
            return Response.bytes(contentType, whole ? array : Arrays.copyOfRange(array, (int) from, (int) (from + count)));
        }

        @Override
        public Parts open() {
            return (out, from, count) -> out.write(array, (int) from, (int) count);
        }
    }

    /**
     * A file that the system itself can send.
     *
     * @param path where it is
     * @param version what it was when it was looked up
     */
    record OfSystem(Path path, FileVersion version) implements Octets {

        @Override
        public long length() {
            return version.size();
        }

        @Override
        public Response response(String contentType, long from, long count) {
            return Response.file(contentType, path, from, count);
        }

        @Override
        public Response guarded(Response response, Callable<Response> otherwise) {
            return response.whileUnchanged(version, otherwise);
        }

        @Override
        public boolean mayChange() {
            return true;
        }

        @Override
        public void requireUnchanged() throws IOException {
            if (!FileVersion.of(path).sameAs(version)) {
                throw new NoSuchFileException(path.toString(), null, "it is another file by now");
            }
        }

        /** Looks before it opens the file, since to open a FIFO is to wait for its writer, and once more afterwards. */
        @Override
        public Parts open() throws IOException {
            requireUnchanged();
            SeekableByteChannel channel = Files.newByteChannel(path);
            try {
                requireUnchanged();
                return new OpenFile(channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
    }

    /**
     * A file that stays the same whatever its name leads to.
     *
     * @param channel reads it
     */
    record OpenFile(SeekableByteChannel channel) implements Parts {

        /** Each client that reads slowly keeps one. */
        private static final int CHUNK_BYTES = 16 << 10;

        @Override
        public void write(OutputStream out, long from, long count) throws IOException {
            channel.position(from);
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, CHUNK_BYTES));
            for (long left = count; left > 0; left -= chunk.position()) {
                chunk.clear().limit((int) Math.min(left, chunk.capacity()));
                if (channel.read(chunk) < 0) {
                    throw new EOFException("the file has become shorter while it was sent");
                }
                out.write(chunk.array(), 0, chunk.position());
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * A file in an archive, which can only be read from its beginning, and never changes.
     *
     * @param path where it is
     * @param length how many octets it has
     */
    record InArchive(Path path, long length) implements Octets {

        @Override
        public Response response(String contentType, long from, long count) {
            return Response.stream(contentType, count, out -> {
                try (Parts parts = open()) {
                    parts.write(out, from, count);
                }
            });
        }

        @Override
        public Parts open() {
            return new ArchiveReading(path);
        }
    }
}
