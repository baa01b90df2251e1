package dev.selvedge.server.http1;

import java.util.Arrays;

/**
 * A request that was refused, for whoever wants to know about it.
 *
 * @param refusal why
 * @param firstOctets how it begins: at most {@value #MAX_OCTETS} octets
 */
public record Refused(Refusal refusal, byte[] firstOctets) {

    /** How many octets are kept. */
    public static final int MAX_OCTETS = 256;

    /** Makes one of the request in flight, or of the input if its head is not complete. */
    static Refused of(Refusal refusal, RequestHead head, Input in) {
        byte[] octets = head != null ? head.octets() : in.array();
        int from = head != null ? 0 : in.from();
        int to = head != null ? octets.length : in.to();
        return new Refused(refusal, Arrays.copyOfRange(octets, from, Math.min(to, from + MAX_OCTETS)));
    }
}
