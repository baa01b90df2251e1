package dev.selvedge.server.files;

import java.time.Instant;

/**
 * What tells a representation from earlier ones (RFC 9110 §8.8).
 *
 * @param tag its entity tag; null for none
 * @param lastModified when it was modified, as exactly as that is known; null if that is not known
 */
record Validators(EntityTag tag, Instant lastModified) {

    /**
     * Returns what Last-Modified says at a time: the whole second of the modification, but never one to come, for a
     * time in the future is replaced by the present (RFC 9110 §8.8.2.1).
     *
     * @param now the time of the response's Date
     * @return seconds since 1970, which {@link HttpDate#format} can write, or {@link HttpDate#NONE}
     */
    long lastModifiedAt(Instant now) {
        long second = modificationSecond();
        return second == HttpDate.NONE ? second : Math.min(second, now.getEpochSecond());
    }

    /**
     * Returns whether the second of the modification is over. Only then Last-Modified is a strong validator, because a
     * further modification would show (RFC 9110 §8.8.2.2). What this can't know: whether there was another modification
     * earlier in that second, and whether somebody got what was there in between. Who did has an entity tag of it, and
     * must not ask by the date then (§13.1.5).
     *
     * @param now the time of the response's Date
     * @return false also if there is no date
     */
    boolean isDateStrongAt(Instant now) {
        long second = modificationSecond();
        return second != HttpDate.NONE && second < now.getEpochSecond();
    }

    /** A second that four digits for the year can't tell is none, unless it is in the future. */
    private long modificationSecond() {
        return lastModified == null || lastModified.getEpochSecond() < HttpDate.MIN ? HttpDate.NONE
                : lastModified.getEpochSecond();
    }
}
