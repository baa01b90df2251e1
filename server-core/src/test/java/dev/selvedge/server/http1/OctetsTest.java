package dev.selvedge.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** A scan ends at the first octet that does not belong to it, whichever it is, wherever it stands, and never later. */
class OctetsTest {

    /** Two turns of two words, one word, and every rest. */
    private static final int LONGEST = 40;

    private static final byte PLAIN = 'x';

    @Test
    void plainTextIsSpaceAndVisibleAscii() {
        endsAtTheFirstOther(Octets::endOfPlainText, octet -> octet >= ' ' && octet <= '~');
    }

    @Test
    void fieldContentIsAlsoTabAndWhatIsNotAscii() {
        endsAtTheFirstOther(Octets::endOfFieldContent, octet -> octet == '\t' || octet >= ' ' && octet != 0x7F);
    }

    @Test
    void aTokenIsVisibleAsciiButDelimiters() {
        endsAtTheFirstOther(Octets::endOfToken,
                octet -> octet > ' ' && octet <= '~' && "\"(),/:;<=>?@[\\]{}".indexOf(octet) < 0);
    }

    /** Every octet at every place of texts of every length, and right behind them, with other octets behind it. */
    private static void endsAtTheFirstOther(Scan scan, IntPredicate belongs) {
        for (int length = 0; length <= LONGEST; length++) {
            for (int place = 0; place <= length; place++) {
                for (int octet = 0; octet < 256; octet++) {
                    byte[] octets = new byte[length + 2];
                    Arrays.fill(octets, 1, 1 + length, PLAIN);
                    octets[1 + place] = (byte) octet;
                    int end = 1 + (belongs.test(octet) ? length : place);
                    String what = octet + " at " + place + " of " + length;
                    assertEquals(end, scan.end(octets, 1, 1 + length), what);
                    Arrays.fill(octets, 2 + place, octets.length, (byte) octet);
                    assertEquals(end, scan.end(octets, 1, 1 + length), () -> what + " and behind it");
                }
            }
        }
    }

    private interface Scan {
        int end(byte[] octets, int at, int to);
    }
}
