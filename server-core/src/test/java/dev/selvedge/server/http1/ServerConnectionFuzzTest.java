package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.selvedge.contract.HttpReply;
import dev.selvedge.contract.HttpReplyReader.CutException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sends any octets to a connection: it ends, what it sends is a sequence of valid responses, one for each request,
 * and how the octets are cut, how small the arrays are and where turns end makes no difference.
 */
class ServerConnectionFuzzTest {

    static Stream<byte[]> vectors() {
        return RequestParserFuzzTest.vectors();
    }

    @MethodSource("vectors")
    @FuzzTest
    void answers(byte[] octets) throws IOException {
        List<String> expecting = new ArrayList<>();
        DrivenConnection whole = connection(expecting).input(octets).endOfInput();
        assertEquals(Need.CLOSE, whole.run());
        check(whole);

        Random random = Pieces.random(octets);
        DrivenConnection cut = connection(new ArrayList<>()).moody(random);
        int from = 0;
        for (int at : Pieces.cuts(octets, random)) {
            cut.input(Arrays.copyOfRange(octets, from, at));
            from = at;
        }
        cut.input(Arrays.copyOfRange(octets, from, octets.length)).endOfInput();
        assertEquals(Need.CLOSE, cut.run());
        check(cut);

        // Whether a 100 is sent, and so whether the body still comes, depends on what has come: only there.
        if (expecting.isEmpty()) {
            assertEquals(whole.served, cut.served);
            assertArrayEquals(whole.sent(), cut.sent());
        }
    }

    private static DrivenConnection connection(List<String> expecting) {
        return new DrivenConnection(head -> {
            if (head.expectsContinue()) {
                expecting.add(head.target());
            }
            return SampleSite.plan(head);
        });
    }

    private static void check(DrivenConnection connection) throws IOException {
        List<HttpReply> replies = replies(connection).stream().filter(reply -> !reply.interim()).toList();
        boolean refusedHead = connection.http.takeRefused() != null && connection.http.head() == null;
        assertEquals(connection.served.size() + (refusedHead ? 1 : 0), replies.size());
        for (int index = 0; index < replies.size() - 1; index++) {
            assertFalse(replies.get(index).closes(), "something follows the last response");
        }
    }

    /** Reads what was sent; whether the request behind the last one that was served is a HEAD, is found out by trying. */
    private static List<HttpReply> replies(DrivenConnection connection) throws IOException {
        List<String> methods = new ArrayList<>(connection.served.stream().map(line -> line.split(" ")[0]).toList());
        methods.add("GET");
        try {
            return connection.replies(methods.toArray(String[]::new));
        } catch (CutException e) {
            methods.set(methods.size() - 1, "HEAD");
            return connection.replies(methods.toArray(String[]::new));
        }
    }
}
