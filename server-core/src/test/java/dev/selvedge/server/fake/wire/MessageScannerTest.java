package dev.selvedge.server.fake.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages are told apart however their octets come. */
class MessageScannerTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\ncontent-LENGTH: \t5 \r\n\r\nhello";
    private static final String CHUNKED = "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
            + "5;a=\"b\"\r\nhello\r\n0A\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\nX-Trailer: 1\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";
    private static final String NOT_MODIFIED = "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final String STREAM = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
    private static final String BARE_LF = "HTTP/1.1 200 OK\nContent-Length: 2\n\nok";

    @Test
    void requestsAreToldApartAtEachCut() {
        List<String> messages = List.of(GET, POST, GET, CHUNKED, POST, GET);
        String all = String.join("", messages);
        for (int cut = 0; cut <= all.length(); cut++) {
            assertEquals(messages, split(MessageScanner.ofRequests(), all.substring(0, cut), all.substring(cut)));
        }
        assertEquals(messages, split(MessageScanner.ofRequests(), all.split("(?<=.)(?s)")));
    }

    @Test
    void responsesAreToldApartAtEachCut() {
        List<String> messages = List.of(OK, CONTINUE, EMPTY, NO_CONTENT, STREAM, NOT_MODIFIED, BARE_LF, OK);
        String all = String.join("", messages);
        for (int cut = 0; cut <= all.length(); cut++) {
            assertEquals(messages, split(MessageScanner.ofResponses(), all.substring(0, cut), all.substring(cut)));
        }
    }

    @Test
    void emptyLinesBeforeARequestBelongToNone() {
        assertEquals(List.of("\r", "\n", GET, "\r", "\n", "\n", POST),
                split(MessageScanner.ofRequests(), "\r\n" + GET + "\r\n\n" + POST));
    }

    @Test
    void anAnswerToHeadHasNoBodyWhateverItSays() {
        MessageScanner scanner = MessageScanner.ofResponses();
        scanner.bodiless(true);
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
        assertEquals(List.of(head), split(scanner, head));
        scanner.bodiless(false);
        assertEquals(List.of(OK), split(scanner, OK));
        MessageScanner requests = MessageScanner.ofRequests();
        split(requests, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertTrue(requests.headRequest());
        split(requests, GET);
        assertEquals(false, requests.headRequest());
    }

    @Test
    void aResponseWithoutALengthHasNoEnd() {
        MessageScanner scanner = MessageScanner.ofResponses();
        assertEquals(List.of(), split(scanner, "HTTP/1.1 200 OK\r\n\r\n", "any", OK));
        assertEquals(MessageScanner.Part.UNTIL_END, scanner.part());
    }

    @Test
    void anUnreadableFramingIsLost() {
        for (String head : List.of("Content-Length: five", "Content-Length: -1", "Content-Length: 9999999999999999999",
                "Content-Length:")) {
            MessageScanner scanner = MessageScanner.ofRequests();
            assertEquals(List.of(), split(scanner, "POST / HTTP/1.1\r\n" + head + "\r\n\r\n" + GET));
            assertEquals(MessageScanner.Part.LOST, scanner.part());
        }
        for (String chunk : List.of("xyz", "", "-1", "ffffffffffffffff")) {
            MessageScanner scanner = MessageScanner.ofRequests();
            assertEquals(List.of(),
                    split(scanner, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + "\r\n" + GET));
            assertEquals(MessageScanner.Part.LOST, scanner.part());
        }
    }

    @Test
    void partsAreTold() {
        MessageScanner scanner = MessageScanner.ofResponses();
        List<String> bodyStarts = new ArrayList<>();
        List<String> chunkStarts = new ArrayList<>();
        String message = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbb\r\n0\r\n\r\n" + OK
                + EMPTY;
        byte[] octets = message.getBytes(ISO_8859_1);
        for (int i = 0; i < octets.length; i++) {
            if (scanner.atBodyStart()) {
                bodyStarts.add(message.substring(i, i + 2));
            }
            if (scanner.atChunkStart()) {
                chunkStarts.add(scanner.chunks() + " before " + message.charAt(i));
            }
            scanner.advance(octets, i, 1);
        }
        assertEquals(List.of("1\r", "ok"), bodyStarts);
        assertEquals(List.of("0 before 1", "1 before 2", "2 before 0"), chunkStarts);
    }

    /** Returns the messages that are complete, and the octets of none, one by one. */
    private static List<String> split(MessageScanner scanner, String... pieces) {
        List<String> messages = new ArrayList<>();
        StringBuilder message = new StringBuilder();
        for (String piece : pieces) {
            byte[] octets = piece.getBytes(ISO_8859_1);
            for (int at = 0; at < octets.length;) {
                int n = scanner.span(octets, at, octets.length - at);
                assertTrue(n >= 1 && n <= octets.length - at, "span " + n);
                scanner.advance(octets, at, n);
                message.append(piece, at, at + n);
                at += n;
                if (scanner.atStart()) {
                    messages.add(message.toString());
                    message.setLength(0);
                }
            }
        }
        return messages;
    }
}
