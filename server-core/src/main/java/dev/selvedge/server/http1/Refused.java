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
        return new Refused(refusal, head != null ? head.firstOctets(MAX_OCTETS)
                : Arrays.copyOfRange(in.array(), in.from(), Math.min(in.to(), in.from() + MAX_OCTETS)));
    }
}
