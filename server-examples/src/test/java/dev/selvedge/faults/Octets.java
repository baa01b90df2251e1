package dev.selvedge.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;

/** Content of any length whose octet at each position is known to both sides, so that every answer can be checked. */
final class Octets {

    /** A prime length, so that what is shifted by any usual size of a buffer is something else. */
    private static final int PERIOD = 65_521;
    private static final byte[] TWICE = new byte[2 * PERIOD];

    static {
        new Random(20_260_101).nextBytes(TWICE);
        System.arraycopy(TWICE, 0, TWICE, PERIOD, PERIOD);
    }

    private Octets() { }

    /** Returns the octets from a position on. */
    static byte[] of(long position, int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i += PERIOD) {
            System.arraycopy(TWICE, (int) ((position + i) % PERIOD), octets, i, Math.min(PERIOD, length - i));
        }
        return octets;
    }

    /** Writes the first octets in pieces of at most 64 KiB. */
    static void write(OutputStream out, long length) throws IOException {
        for (long position = 0; position < length; position += PERIOD) {
            out.write(TWICE, 0, (int) Math.min(PERIOD, length - position));
        }
    }

    /**
     * Reads to the end and compares.
     *
     * @param pauseEvery after how many octets to make a pause; a slow peer does
     * @return how many octets there were
     * @throws IOException if there are others than there should be, with the position
     */
    static long check(InputStream in, long pauseEvery, long pauseMillis) throws IOException, InterruptedException {
        byte[] piece = new byte[32 << 10];
        long position = 0;
        long pauseAt = pauseEvery;
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            int from = (int) (position % PERIOD);
            int differs = Arrays.mismatch(piece, 0, n, TWICE, from, from + n);
            if (differs >= 0) {
                throw new IOException("octet " + (position + differs) + " is not what was sent");
            }
            position += n;
            if (position >= pauseAt) {
                Thread.sleep(pauseMillis);
                pauseAt += pauseEvery;
            }
        }
        return position;
    }
}
