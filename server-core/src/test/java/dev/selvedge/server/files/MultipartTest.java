package dev.selvedge.server.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class MultipartTest {

    private static final byte[] CONTENT = "0123456789".getBytes(ISO_8859_1);
    private static final List<ByteRange> RANGES = List.of(ByteRange.between(7, 9), ByteRange.between(0, 0));

    private static void write(ByteRange range, OutputStream out) throws IOException {
        out.write(CONTENT, (int) range.first(), (int) range.length());
    }

    private static String written(Multipart body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        body.writeTo(out, MultipartTest::write);
        assertEquals(out.size(), body.length());
        return out.toString(ISO_8859_1);
    }

    @Test
    void partsStandBetweenBoundariesInOrder() throws IOException {
        Multipart body = new Multipart("THIS_STRING_SEPARATES", "text/plain; charset=utf-8", 10, RANGES);
        assertEquals("multipart/byteranges; boundary=THIS_STRING_SEPARATES", body.contentType());
        assertEquals("""
                --THIS_STRING_SEPARATES
                Content-Type: text/plain; charset=utf-8
                Content-Range: bytes 7-9/10

                789
                --THIS_STRING_SEPARATES
                Content-Type: text/plain; charset=utf-8
                Content-Range: bytes 0-0/10

                0
                --THIS_STRING_SEPARATES--
                """.replace("\n", "\r\n"), written(body));
    }

    @Test
    void whatHasNoTypeHasNone() throws IOException {
        assertEquals("--x\r\nContent-Range: bytes 7-9/10\r\n\r\n789"
                + "\r\n--x\r\nContent-Range: bytes 0-0/10\r\n\r\n0\r\n--x--\r\n",
                written(new Multipart("x", null, 10, RANGES)));
    }

    @Test
    void aBoundaryNeedsNoQuotationMarksAndIsNeverTheSame() throws IOException {
        Multipart body = new Multipart("text/css", 10, RANGES);
        assertTrue(body.boundary().matches("[0-9a-zA-Z-]{20,70}"), body.boundary());
        assertNotEquals(body.boundary(), new Multipart("text/css", 10, RANGES).boundary());
        assertTrue(written(body).endsWith("\r\n--" + body.boundary() + "--\r\n"));
    }

    @Test
    void lengthsGoBeyondFourGibibytes() {
        long size = 6L << 30;
        List<ByteRange> ranges = List.of(ByteRange.between(0, 5L << 30), ByteRange.between((5L << 30) + 2, size - 1));
        long overhead = new Multipart("x", null, size, ranges).length() - (size - 1);
        assertTrue(overhead > 0 && overhead < 200, overhead + " octets");
        assertTrue(new Multipart("x", null, Long.MAX_VALUE, List.of(ByteRange.between(0, 0), ByteRange.between(2, 3)))
                .length() < 200);
    }

    @Test
    void aPartThatCantBeWrittenEndsTheBody() {
        IOException gone = new IOException("gone");
        Multipart body = new Multipart("x", null, 10, RANGES);
        assertSame(gone, assertThrows(IOException.class, () -> body.writeTo(OutputStream.nullOutputStream(),
                (range, out) -> {
                    throw gone;
                })));
    }
}
