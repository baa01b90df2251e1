package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvedge.server.http1.ResponseEncoder.Delimiting;
import dev.selvedge.server.http1.ResponseEncoder.Persistence;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseEncoderTest {

    private static final ServerFields STANDING = new ServerFields("s", 784_111_777L);
    private static final String STANDING_LINES = "Server: s\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    private static final Content.Streamed UNKNOWN = new Content.Streamed(Content.UNKNOWN_LENGTH, out -> { });
    private static final FieldSection NO_FIELDS = FieldSection.EMPTY;

    private static Content octets(int length) {
        return new Content.Octets(new byte[length]);
    }

    private static String head(Answer answer, Delimiting delimiting, Persistence persistence) {
        Output out = new Output();
        ResponseEncoder.head(out, answer, delimiting, persistence, STANDING, 0);
        return new String(out.array(), out.from(), out.contiguous(), ISO_8859_1);
    }

    @Test
    void aKnownLengthIsToldInBothVersions() {
        for (Version version : Version.values()) {
            for (Content content : new Content[] {Content.NONE, octets(5), new Content.FileRange(Path.of("f"), 3, 5),
                new Content.Streamed(5, out -> { })}) {
                assertEquals(Delimiting.LENGTH,
                        ResponseEncoder.delimiting(new Answer(200, NO_FIELDS, content), version));
            }
        }
    }

    @Test
    void rule66_anUnknownLengthIsChunkedTowards11AndEndsTheConnectionTowards10() {
        Answer answer = new Answer(200, NO_FIELDS, UNKNOWN);

        assertEquals(Delimiting.CHUNKED, ResponseEncoder.delimiting(answer, Version.HTTP_1_1));
        assertEquals(Delimiting.CLOSE, ResponseEncoder.delimiting(answer, Version.HTTP_1_0));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void rule83_204And304HaveNeitherLengthNorCoding(int status) {
        for (Content content : new Content[] {Content.NONE, octets(5), UNKNOWN}) {
            Answer answer = new Answer(status, NO_FIELDS, content);
            for (Version version : Version.values()) {
                assertEquals(Delimiting.NO_CONTENT, ResponseEncoder.delimiting(answer, version));
            }
            assertEquals("HTTP/1.1 " + status + " " + StatusLine.reason(status) + "\r\n" + STANDING_LINES + "\r\n",
                    head(answer, Delimiting.NO_CONTENT, Persistence.IMPLIED));
        }
    }

    @Test
    void rule83_a205HasTheLengthZero() {
        for (Content content : new Content[] {Content.NONE, octets(5), UNKNOWN}) {
            Answer answer = new Answer(205, NO_FIELDS, content);

            assertEquals(Delimiting.LENGTH, ResponseEncoder.delimiting(answer, Version.HTTP_1_0));
            assertEquals("HTTP/1.1 205 Reset Content\r\n" + STANDING_LINES + "Content-Length: 0\r\n\r\n",
                    head(answer, Delimiting.LENGTH, Persistence.IMPLIED));
        }
    }

    @Test
    void aLengthOfAnyNumberOfDigitsIsWrittenAsItIs() {
        for (long power = 1; power > 0 && power <= 1_000_000_000_000_000_000L; power *= 10) {
            for (long length : new long[] {power - 1, power, Long.MAX_VALUE / power}) {
                Answer answer = new Answer(200, NO_FIELDS, new Content.FileRange(Path.of("f"), 0, length));

                assertEquals("HTTP/1.1 200 OK\r\n" + STANDING_LINES + "Content-Length: " + length + "\r\n\r\n",
                        head(answer, Delimiting.LENGTH, Persistence.IMPLIED));
            }
        }
    }

    @Test
    void theFieldsOfTheApplicationFollowThoseOfTheServerAndKeepTheirSpelling() {
        FieldSection fields = FieldSection.builder().add("X-Test", "a b").add("x-test", "").build();

        assertEquals("HTTP/1.1 200 OK\r\n" + STANDING_LINES + "X-Test: a b\r\nx-test: \r\nContent-Length: 3\r\n\r\n",
                head(new Answer(200, fields, octets(3)), Delimiting.LENGTH, Persistence.IMPLIED));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404})
    void rule85_serverAndDateStandOnceWhoeverSetsThem(int status) {
        String date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
        assertLines(status, "Server: s\r\n" + date);
        assertLines(status, "Server: s\r\nDate: Mon, 07 Nov 1994 08:49:37 GMT\r\n", "Date");
        assertLines(status, date + "Server: own\r\n", "Server");
        assertLines(status, date + "SERVER: own\r\n", "SERVER");
        assertLines(status, "date: Mon, 07 Nov 1994 08:49:37 GMT\r\nserver: own\r\n", "date", "server");
    }

    private static void assertLines(int status, String lines, String... own) {
        FieldSection.Builder fields = FieldSection.builder();
        for (String name : own) {
            fields.add(name, name.equalsIgnoreCase("Date") ? "Mon, 07 Nov 1994 08:49:37 GMT" : "own");
        }
        assertEquals("HTTP/1.1 " + status + " " + StatusLine.reason(status) + "\r\n" + lines
                + "Content-Length: 0\r\n\r\n",
                head(new Answer(status, fields.build(), Content.NONE), Delimiting.LENGTH, Persistence.IMPLIED));
    }

    @Test
    void rule82_chunkedContentHasNoLength() {
        assertEquals("HTTP/1.1 200 OK\r\n" + STANDING_LINES + "Transfer-Encoding: chunked\r\n\r\n",
                head(new Answer(200, NO_FIELDS, UNKNOWN), Delimiting.CHUNKED, Persistence.IMPLIED));
    }

    @Test
    void rule64_theConnectionFieldSaysWhatHappensNext() {
        Answer answer = new Answer(200, NO_FIELDS, Content.NONE);
        String start = "HTTP/1.1 200 OK\r\n" + STANDING_LINES + "Content-Length: 0\r\n";

        assertEquals(start + "\r\n", head(answer, Delimiting.LENGTH, Persistence.IMPLIED));
        assertEquals(start + "Connection: close\r\n\r\n", head(answer, Delimiting.LENGTH, Persistence.CLOSE));
        assertEquals(start + "Connection: keep-alive\r\n\r\n", head(answer, Delimiting.LENGTH, Persistence.KEEP_ALIVE));
        assertEquals("HTTP/1.1 200 OK\r\n" + STANDING_LINES + "Connection: close\r\n\r\n",
                head(new Answer(200, NO_FIELDS, UNKNOWN), Delimiting.CLOSE, Persistence.CLOSE));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, 99, 100, 4_294_967_295L, 4_294_967_296L, Long.MAX_VALUE})
    void rule82_theLengthIsExactAtAnySize(long length) {
        Answer answer = new Answer(200, NO_FIELDS, new Content.FileRange(Path.of("f"), 0, length));

        assertEquals("HTTP/1.1 200 OK\r\n" + STANDING_LINES + "Content-Length: " + length + "\r\n\r\n",
                head(answer, Delimiting.LENGTH, Persistence.IMPLIED));
    }

    @Test
    void thereIsRoomForTheLargestHeadAtOnce() {
        FieldSection fields = FieldSection.builder().add("X", "v".repeat(60_000)).build();
        Output out = new Output();
        Answer answer = new Answer(431, fields, new Content.FileRange(Path.of("f"), 0, Long.MAX_VALUE));

        ResponseEncoder.head(out, answer, Delimiting.LENGTH, Persistence.KEEP_ALIVE, STANDING, 1000);

        String head = new String(out.array(), out.from(), out.contiguous(), ISO_8859_1);
        assertEquals(1, head.split("\r\n\r\n", -1).length - 1);
        assertEquals(true, out.room() >= 1000, "the content fits too");
    }
}
