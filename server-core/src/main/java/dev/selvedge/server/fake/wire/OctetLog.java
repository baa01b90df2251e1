package dev.selvedge.server.fake.wire;

import java.util.Arrays;

/** Octets in order, as they came: all of them counted, and kept up to a bound. */
final class OctetLog {

    private static final int FIRST_OCTETS = 256;

    private final int maxKept;
    private byte[] kept = {};
    private int keptLength;
    private long length;

    OctetLog(int maxKept) {
        this.maxKept = maxKept;
    }

    void add(byte[] src, int from, int count) {
        length += count;
        int more = Math.min(count, maxKept - keptLength);
        if (more > kept.length - keptLength) {
            long wanted = Math.max(FIRST_OCTETS, Math.max(keptLength + (long) more, 2L * kept.length));
            kept = Arrays.copyOf(kept, (int) Math.min(wanted, maxKept));
        }
        System.arraycopy(src, from, kept, keptLength, more);
        keptLength += more;
    }

    /** Takes the last octets back, as far as they were kept. */
    byte[] takeBack(long newLength) {
        int newKept = (int) Math.min(keptLength, newLength);
        byte[] taken = Arrays.copyOfRange(kept, newKept, keptLength);
        keptLength = newKept;
        length = Math.min(length, newLength);
        return taken;
    }

    long length() {
        return length;
    }

    byte[] octets() {
        return Arrays.copyOf(kept, keptLength);
    }
}
