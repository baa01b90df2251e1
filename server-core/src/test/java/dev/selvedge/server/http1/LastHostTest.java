package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A memory changes nothing: whatever came before, a Host field is as valid as it is by itself. */
class LastHostTest {

    private static final List<String> VALUES = List.of("", "a", "A", "ab", "a:80", "a:8x", "a b", "[::1]", "[::1", "%41",
            "%4", "x".repeat(63), "x".repeat(64), "x".repeat(65), "x".repeat(64) + "/", "x".repeat(63) + " ");

    @Test
    void whatCameBeforeChangesNothing() {
        for (String before : VALUES) {
            for (String value : VALUES) {
                LastHost last = new LastHost();
                isValid(last, before);
                for (int i = 0; i < 2; i++) {
                    byte[] octets = value.getBytes(ISO_8859_1);
                    assertEquals(HostRule.isHostField(octets, 0, octets.length), isValid(last, value),
                            "'" + value + "' after '" + before + "'");
                }
            }
        }
    }

    private static boolean isValid(LastHost last, String value) {
        byte[] octets = (">>" + value + "<").getBytes(ISO_8859_1);
        return last.isValid(octets, 2, octets.length - 1);
    }
}
