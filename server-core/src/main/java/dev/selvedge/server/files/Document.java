package dev.selvedge.server.files;

import dev.selvedge.server.Headers;
import java.util.Map;

/** A document as it was when somebody looked: itself and its precompressed forms. */
final class Document {

    private final Found.Document found;
    private final Representation identity;
    private final Map<Coding, Representation> encoded;
    private final boolean steady;
    private volatile long checkedAtNanos;

    /**
     * Makes one.
     *
     * @param found what it was made of
     * @param identity without any coding
     * @param encoded its other forms
     * @param steady whether an equal look later means equal content
     * @param now when somebody looked, by {@link System#nanoTime}
     */
    Document(Found.Document found, Representation identity, Map<Coding, Representation> encoded, boolean steady,
            long now) {
        this.found = found;
        this.identity = identity;
        this.encoded = Map.copyOf(encoded);
        this.steady = steady;
        this.checkedAtNanos = now;
    }

    /** Returns the form that a client wants (RFC 9110 §12.5.3). */
    Representation choose(Headers headers) {
        Coding coding = encoded.isEmpty() ? null : AcceptEncoding.choose(headers, encoded.keySet());
        return coding == null ? identity : encoded.get(coding);
    }

    /** Returns whether somebody has looked in a span of time before now, and could rely on what he saw. */
    boolean checkedWithin(long nanos, long now) {
        return steady && now - checkedAtNanos < nanos;
    }

    /** Returns whether the content is still the same, for somebody who has found this. */
    boolean isStill(Found.Document foundNow) {
        return steady && found.equals(foundNow);
    }

    /** Notes that it was still the same at a moment. */
    void checkedAt(long now) {
        checkedAtNanos = now;
    }

    /** Returns how many representations it has. */
    int forms() {
        return 1 + encoded.size();
    }

    long octetsInMemory() {
        return encoded.values().stream().mapToLong(Document::octetsInMemory).sum() + octetsInMemory(identity);
    }

    private static long octetsInMemory(Representation representation) {
        return representation.octets() instanceof Octets.InMemory(byte[] array) ? array.length : 0;
    }
}
