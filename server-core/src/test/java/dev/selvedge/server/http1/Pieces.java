package dev.selvedge.server.http1;

import java.util.Arrays;
import java.util.Random;

/** Cuts octets into pieces at random, but always the same octets in the same way: an input alone is a whole case. */
final class Pieces {

    private Pieces() { }

    /** Returns what decides about everything random in the case of an input. */
    static Random random(byte[] octets) {
        return new Random(Arrays.hashCode(octets));
    }

    /** Returns where to cut, in rising order: often, now and then, or at every octet. */
    static int[] cuts(byte[] octets, Random random) {
        int[] longest = {1, 4, 50, 500};
        int bound = longest[random.nextInt(longest.length)];
        int[] cuts = new int[octets.length];
        int count = 0;
        for (int at = random.nextInt(bound + 1); at < octets.length; at += 1 + random.nextInt(bound)) {
            cuts[count++] = at;
        }
        return Arrays.copyOf(cuts, count);
    }
}
