package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A memory changes nothing: whatever a parser has read before, it reads what comes next as a new one does. */
class HeaderSectionTest {

    private static final List<String> LINES = List.of("GET / HTTP/1.1", "GET /a/longer/path?and=a-query HTTP/1.1",
            "HEAD * HTTP/1.1", "OPTIONS * HTTP/1.1", "GET http://other.example/ HTTP/1.1", "GET / HTTP/1.0",
            "\r\nPOST /x HTTP/1.1", "GET / HTTP/1.2", "G@T / HTTP/1.1");

    private static final List<String> SECTIONS = List.of("", "Host: a\r\n", "Host: b\r\n", "Host: a\r\nHost: a\r\n",
            "host:a\r\n", "Host: a\r\nX: y\r\n", "X: y\r\nHost: a\r\n", "Host: a\r\nX: y \r\n", "Host: a\r\nX y\r\n",
            "Host: a\r\nConnection: close\r\n", "Host: a\r\nConnection: keep-alive\r\n",
            "Host: a\r\nContent-Length: 3\r\n", "Host: a\r\nContent-Length: 0\r\n",
            "Host: a\r\nTransfer-Encoding: chunked\r\n", "Host: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n",
            "Host: a\r\nExpect: something\r\n", "Host: a\r\nX: " + "y".repeat(5000) + "\r\n");

    private static List<byte[]> heads() {
        List<byte[]> heads = new ArrayList<>();
        for (String line : LINES) {
            for (String section : SECTIONS) {
                heads.add(Spelling.octets(line + "\r\n" + section + "\r\n"));
            }
        }
        return heads;
    }

    @Test
    void whatCameBeforeChangesNothing() {
        for (byte[] before : heads()) {
            for (byte[] octets : heads()) {
                assertReadsAlike(Vector.Limits.DEFAULT, before, octets);
            }
        }
    }

    @Test
    void normalHeadsAreReadAlikeAfterAnyVector() {
        List<byte[]> heads = heads();
        VectorTest.vectors().forEach(vector -> {
            for (int i = 0; i < heads.size(); i += 7) {
                assertReadsAlike(vector.limits(), heads.get(i), vector.octets());
                assertReadsAlike(vector.limits(), vector.octets(), heads.get(i));
            }
            assertReadsAlike(vector.limits(), vector.octets(), vector.octets());
        });
    }

    @Test
    void itMayBeCutAnywhere() {
        byte[] before = Spelling.octets("GET /first HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n");
        String octets = "GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
        for (String ending : List.of("", "GET", "GET /another HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n")) {
            byte[] all = Spelling.octets(octets + ending);
            for (int first = 0; first <= all.length; first++) {
                for (int second = first; second <= all.length; second++) {
                    assertReadsAlike(Vector.Limits.DEFAULT, before, all, first, second);
                }
            }
        }
    }

    @Test
    void anySingleOctetMayDiffer() {
        byte[] before = Spelling.octets("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n");
        for (int at = 0; at < before.length; at++) {
            for (int octet = 0; octet < 256; octet++) {
                byte[] octets = before.clone();
                octets[at] = (byte) octet;
                assertReadsAlike(Vector.Limits.DEFAULT, before, octets);
            }
        }
    }

    @Test
    void theSameSectionIsFoundBehindWhateverLine() {
        HeaderSection section = section("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        byte[] again = Spelling.octets("..Host: a\r\n\r\n..");
        int end = again.length - 2;

        assertEquals(11, section.lengthAt(again, 2, end, false));
        assertEquals(11, section.lengthAt(again, 2, again.length, false));
        assertEquals(0, section.lengthAt(again, 2, end - 1, false), "cut");
        assertEquals(0, section.lengthAt(again, 1, end, false), "elsewhere");
        assertEquals(0, section.lengthAt(again, 2, end, true), "another version");
    }

    @Test
    void headsThatRepeatItShareIt() {
        RequestParser parser = new RequestParser(Vector.Limits.DEFAULT.head());
        FieldSection fields = head(parser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").fields();

        RequestHead second = head(parser, "POST /other HTTP/1.1\r\nHost: a\r\n\r\n");
        assertSame(fields, second.fields());
        assertEquals("POST /other a", second.method() + " " + second.target() + " " + second.authority());
        assertNotSame(fields, head(parser, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").fields());
    }

    private static HeaderSection section(String octets) {
        RequestParser parser = new RequestParser(Vector.Limits.DEFAULT.head());
        head(parser, octets);
        return parser.section();
    }

    private static RequestHead head(RequestParser parser, String text) {
        byte[] octets = Spelling.octets(text);
        assertEquals(octets.length, parser.parse(octets, 0, octets.length));
        return parser.head(octets, 0);
    }

    @Test
    void whatWasFoundWithoutBeingTakenChangesNothing() {
        for (byte[] skipped : heads()) {
            RequestParser parser = new RequestParser(Vector.Limits.DEFAULT.head());
            Reading.read(parser, Spelling.octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Vector.Limits.DEFAULT, 1);
            parser.parse(skipped, 0, skipped.length);
            parser.reset();
            byte[] octets = Spelling.octets("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");

            assertEquals(Reading.read(octets, Vector.Limits.DEFAULT, 1).events(),
                    Reading.read(parser, octets, Vector.Limits.DEFAULT, 1).events());
        }
    }

    private static void assertReadsAlike(Vector.Limits limits, byte[] before, byte[] octets, int... cuts) {
        RequestParser parser = new RequestParser(limits.head());
        Reading.read(parser, before, limits, Integer.MAX_VALUE);
        parser.reset();
        List<String> events = Reading.read(octets, limits, Integer.MAX_VALUE, cuts).events();
        for (int time = 1; time <= 2; time++) {
            assertEquals(events, Reading.read(parser, octets, limits, Integer.MAX_VALUE, cuts).events(),
                    () -> Spelling.text(octets) + " after " + Spelling.text(before));
            parser.reset();
        }
    }
}
