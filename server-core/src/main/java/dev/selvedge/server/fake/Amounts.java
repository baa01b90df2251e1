package dev.selvedge.server.fake;

/** What the numbers of faults may be. */
final class Amounts {

    private Amounts() { }

    static void requireRate(long octetsPerSecond) {
        if (octetsPerSecond < 1) {
            throw new IllegalArgumentException("the rate is " + octetsPerSecond + " octets per second; it must be at"
                    + " least 1: to send or take nothing at all, stop with Ending.SILENCE");
        }
    }

    static void requireOctets(long octets) {
        if (octets < 0) {
            throw new IllegalArgumentException("the number of octets is " + octets + "; it must be at least 0");
        }
    }
}
