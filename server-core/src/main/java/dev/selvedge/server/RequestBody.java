package dev.selvedge.server;

import dev.selvedge.server.engine.BodyInMemory;
import dev.selvedge.server.engine.BodySource;
import dev.selvedge.server.http1.FieldSection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * The body of a request: read as a whole ({@link #bytes()}, {@link #text()}), as a stream ({@link #stream()}), or to
 * somewhere else ({@link #transferTo(Path)}).
 *
 * <p>A plain handler reads it while it arrives, so reading may wait for the client; in a non-blocking handler all of
 * it is in memory. It can be read as long as the handler's call lasts, and while its
 * {@linkplain Response#stream stream} is written. Not for several threads at once.
 *
 * <p>What is not read is none of the handler's concern: the server reads it away, or closes the connection if it is
 * {@linkplain Limits#maxDrainBytes() long}. A streamed response, too, begins only when a short body has come whole
 * (RFC 9112 §6.3); the server keeps it for the writer, who may still read it. Of a long one the writer reads the rest
 * from the client, who is told that the connection is closed behind the response (RFC 9112 §9.6).
 *
 * <p>A client that waits to be told to send its body ({@code Expect: 100-continue}, RFC 9110 §10.1.1) is told when
 * reading begins, and never if the body is not read before the response begins: that then comes instead, and the
 * connection is closed. So a refusal costs nobody an upload, and a writer of a stream reads before it writes. This
 * holds for {@linkplain Handler#nonBlocking non-blocking} handlers, too: for such a request they run where plain ones
 * do. If the body has begun to arrive by itself, nobody has to be told.
 *
 * <p>Reading fails with an {@link IOException} if the client is gone, sends too slowly, breaks off, breaks the rules
 * or sends more than the {@linkplain Limits#maxBodyBytes() limit}. A handler had best let it through: the server then
 * gives the client the right answer (400, 408, 413), and no exception handler is troubled.
 */
public final class RequestBody {

    private static final int BUFFER_BYTES = 16 << 10;

    private final BodySource source;
    private final FieldSection fields;
    private byte[] whole;
    private boolean begun;

    RequestBody(BodySource source, FieldSection fields) {
        this.source = source;
        this.fields = fields;
    }

    /**
     * Returns the length of the whole body, read or not.
     *
     * @return bytes; 0 if there is no body; -1 if it is not known before the end, because the body comes in chunks
     */
    public long length() {
        return whole != null ? whole.length : source.length();
    }

    /**
     * Reads all of it. May be called again, and gives the same array.
     *
     * @return the bytes, not to be changed
     * @throws IOException if the body can't be read, as described {@linkplain RequestBody above}
     * @throws IllegalStateException if the body has been read as a stream
     */
    public byte[] bytes() throws IOException {
        if (whole == null) {
            begin();
            whole = source instanceof BodyInMemory memory ? memory.takeAll() : readAll();
        }
        return whole;
    }

    private byte[] readAll() throws IOException {
        long length = source.length();
        if (length < 0 || length > BUFFER_BYTES) {
            // As it arrives, and not by the announced length: nobody shall make us reserve what he does not send.
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(length < 0 ? 1 << 10 : BUFFER_BYTES);
            copyTo(bytes);
            return bytes.toByteArray();
        }
        byte[] bytes = new byte[(int) length];
        for (int n = 0, at = 0; at < bytes.length; at += n) {
            n = source.read(bytes, at, bytes.length - at);
            if (n < 0) {
                throw new IOException("the body ended " + (bytes.length - at) + " bytes too early");
            }
        }
        return bytes;
    }

    /**
     * Reads all of it as text, decoded by the charset of the Content-Type, or as UTF-8 if that names none or none
     * that is known here. Malformed input becomes U+FFFD. May be called again.
     *
     * @return the text
     * @throws IOException as for {@link #bytes()}
     * @throws IllegalStateException as for {@link #bytes()}
     */
    public String text() throws IOException {
        return new String(bytes(), charset());
    }

    /**
     * Returns a stream that reads the body. Each body has one; after {@link #bytes()} or {@link #text()} there may be
     * several.
     *
     * @return the stream; closing it is not needed
     * @throws IllegalStateException if the body has been read as a stream already
     */
    public InputStream stream() {
        if (whole != null) {
            return new ByteArrayInputStream(whole);
        }
        begin();
        return new BodyStream();
    }

    /**
     * Writes all of it to a stream, without holding more than a part in memory.
     *
     * @param out takes the bytes; is not closed
     * @return how many bytes there were
     * @throws IOException if the body can't be read, or {@code out} fails
     * @throws IllegalStateException as for {@link #stream()}
     */
    public long transferTo(OutputStream out) throws IOException {
        Objects.requireNonNull(out, "out");
        if (whole != null) {
            out.write(whole);
            return whole.length;
        }
        begin();
        return copyTo(out);
    }

    /**
     * Writes all of it to a file, without holding more than a part in memory. A file that exists is replaced. If it
     * fails on the way, what has come so far stays in the file.
     *
     * @param file where to put it
     * @return how many bytes there were
     * @throws IOException if the body can't be read, or the file can't be written
     * @throws IllegalStateException as for {@link #stream()}
     */
    public long transferTo(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            return transferTo(out);
        }
    }

    /**
     * Returns the trailer lines that came behind a body in chunks (RFC 9110 §6.5). They are not among the request's
     * headers, because a client can say anything there after the request has been judged by its headers.
     *
     * @return the lines; empty if there are none, or the body has not been read to its end
     */
    public Headers trailers() {
        return new Headers(source.trailers());
    }

    private void begin() {
        if (begun) {
            throw new IllegalStateException("the body has been read already, and a stream can't be read twice; use"
                    + " bytes() or text() to read it several times");
        }
        begun = true;
    }

    private long copyTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long total = 0;
        for (int n = source.read(buffer, 0, buffer.length); n >= 0; n = source.read(buffer, 0, buffer.length)) {
            out.write(buffer, 0, n);
            total += n;
        }
        return total;
    }

    private Charset charset() {
        String contentType = fields.first("Content-Type");
        String parameter = contentType == null ? null : charsetOf(contentType);
        try {
            return parameter == null ? StandardCharsets.UTF_8 : Charset.forName(parameter);
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    private static String charsetOf(String contentType) {
        String[] parts = contentType.split(";");
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.toLowerCase(Locale.ROOT).startsWith("charset=")) {
                String value = part.substring("charset=".length()).strip();
                boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                return quoted ? value.substring(1, value.length() - 1) : value;
            }
        }
        return null;
    }

    /** The body as it arrives. */
    private final class BodyStream extends InputStream {

        private final byte[] single = new byte[1];

        @Override
        public int read() throws IOException {
            return source.read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
        }

        @Override
        public int read(byte[] dst, int from, int length) throws IOException {
            Objects.checkFromIndexSize(from, length, dst.length);
            return length == 0 ? 0 : source.read(dst, from, length);
        }

        @Override
        public long transferTo(OutputStream out) throws IOException {
            return copyTo(out);
        }
    }
}
