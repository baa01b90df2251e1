package dev.selvedge.server;

import dev.selvedge.server.http1.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;

/** Gives the content of a response to somebody who is not its client. */
final class ContentCopy {

    private static final int BUFFER_BYTES = 16 << 10;

    private ContentCopy() { }

    /** Returns the content, of the length that it was said to have. */
    static byte[] bytes(Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(content, bytes);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the body's writer failed", e);
        }
        if (content.length() >= 0 && bytes.size() != content.length()) {
            throw new IOException("the body has " + bytes.size() + " bytes instead of " + content.length());
        }
        return bytes.toByteArray();
    }

    /** Writes the content somewhere. */
    static void write(Content content, OutputStream out) throws Exception {
        switch (content) {
            case Content.None none -> { }
            case Content.Octets octets -> out.write(octets.octets());
            case Content.FileRange range -> {
                requireExpected(range);
                try (InputStream in = Files.newInputStream(range.file())) {
                    in.skipNBytes(range.position());
                    copy(in, out, range.length());
                }
            }
            case Content.Streamed streamed -> streamed.producer().writeTo(out);
        }
    }

    private static void requireExpected(Content.FileRange range) throws IOException {
        if (range.expectation() instanceof WhileUnchanged expected
                && !expected.version().sameAs(FileVersion.of(range.file()))) {
            throw new IOException("the file is another one than it was");
        }
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[(int) Math.min(length, BUFFER_BYTES)];
        for (long left = length; left > 0;) {
            int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new IOException("the file is " + left + " bytes shorter than it was");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
    }
}
