package dev.selvedge.server.engine;

/** What has happened in one simulation: the last events to be read by people, and a hash of all of them. */
final class SimTrace {

    private record Event(long nanos, String who, String what, long first, long second) { }

    private static final int KEPT = 400;

    private final Event[] last = new Event[KEPT];
    private long count;
    private long hash;

    void note(long nanos, String who, String what, long first, long second) {
        last[(int) (count++ % KEPT)] = new Event(nanos, who, what, first, second);
        mix(nanos);
        mix(who.hashCode() * 31L + what.hashCode());
        mix(first);
        mix(second);
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
    }

    /** Returns a number that is the same for two runs in which the same has happened at the same times. */
    long hash() {
        return hash;
    }

    /** Returns how many events there were. */
    long count() {
        return count;
    }

    /** Returns the last events, one a line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (long i = Math.max(0, count - KEPT); i < count; i++) {
            Event event = last[(int) (i % KEPT)];
            text.append(String.format("%14.6f ms  %-12s %-22s %8d %8d%n", event.nanos / 1e6, event.who, event.what,
                    event.first, event.second));
        }
        return text.toString();
    }
}
