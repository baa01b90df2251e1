package dev.selvedge.server.files;

import java.util.Arrays;

/**
 * A pattern of paths. {@code ?} stands for one character but a slash, {@code *} for any number of them, also none, and
 * {@code **} instead of a segment for any number of segments, also none; as the last one, for everything below. All
 * else stands for itself, in its case.
 *
 * <p>A pattern that begins with a slash is compared with the whole path, one without any slash with the last segment:
 * {@code /assets/**}, <code>/docs/**&#47;*.html</code>, {@code *.css}. The time that it takes is bounded by the product
 * of both lengths, whatever they are: all places in the pattern that the path may have come to are followed at once.
 */
final class Glob {

    /** Steps that are no characters: one but a slash, any number of those, segments with their slashes, anything. */
    private static final int ONE = -1;
    private static final int SOME = -2;
    private static final int SEGMENTS = -3;
    private static final int REST = -4;

    private final int[] steps;

    private Glob(int[] steps) {
        this.steps = steps;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is malformed; the message says what is wrong
     */
    static Glob of(String pattern) {
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("the pattern is empty; \"/**\" stands for all files");
        }
        boolean ofName = pattern.indexOf('/') < 0;
        if (!ofName && !pattern.startsWith("/")) {
            throw malformed(pattern, "must begin with a slash, or have none at all, to be compared with names alone");
        }
        String[] segments = pattern.substring(ofName ? 0 : 1).split("/", -1);
        int[] steps = new int[pattern.length() + 2];
        int length = 0;
        steps[length++] = '/';
        if (ofName) {
            steps[length++] = SEGMENTS;
        }
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            boolean last = i == segments.length - 1;
            checkSegment(segment, last, pattern);
            if (segment.equals("**")) {
                steps[length++] = last ? REST : SEGMENTS;
                continue;
            }
            int[] characters = segment.codePoints().map(Glob::step).toArray();
            System.arraycopy(characters, 0, steps, length, characters.length);
            length += characters.length;
            if (!last) {
                steps[length++] = '/';
            }
        }
        return new Glob(Arrays.copyOf(steps, length));
    }

    private static int step(int character) {
        return switch (character) {
            case '?' -> ONE;
            case '*' -> SOME;
            default -> character;
        };
    }

    private static void checkSegment(String segment, boolean last, String pattern) {
        if (segment.isEmpty()) {
            throw malformed(pattern, last ? "ends in a slash, as no file does; end it with \"/**\" for everything below"
                    : "has two slashes in a row");
        }
        if (segment.equals(".") || segment.equals("..")) {
            throw malformed(pattern, "has the segment \"" + segment + "\", which no path has");
        }
        if (segment.contains("**") && segment.length() > 2) {
            throw malformed(pattern, "has \"**\" with something else in its segment; there one star is enough");
        }
        for (char special : "[]{}\\".toCharArray()) {
            if (segment.indexOf(special) >= 0) {
                throw malformed(pattern, "has '" + special + "', which means nothing here; only ?, * and ** do, and"
                        + " ? may stand for it");
            }
        }
    }

    private static IllegalArgumentException malformed(String pattern, String how) {
        return new IllegalArgumentException("the pattern \"" + pattern + "\" " + how);
    }

    /**
     * Returns whether a path fits.
     *
     * @param path with slashes, beginning with one
     */
    boolean matches(String path) {
        boolean[] now = new boolean[steps.length + 1];
        boolean[] next = new boolean[steps.length + 1];
        enter(now, 0);
        for (int at = 0; at < path.length();) {
            int character = path.codePointAt(at);
            at += Character.charCount(character);
            Arrays.fill(next, false);
            for (int place = 0; place < steps.length; place++) {
                if (now[place]) {
                    step(next, place, character);
                }
            }
            boolean[] spare = now;
            now = next;
            next = spare;
        }
        return now[steps.length];
    }

    /** Goes on from a place with a character. */
    private void step(boolean[] next, int place, int character) {
        switch (steps[place]) {
            case ONE -> {
                if (character != '/') {
                    enter(next, place + 1);
                }
            }
            case SOME -> {
                if (character != '/') {
                    enter(next, place);
                }
            }
            case SEGMENTS -> {
                next[place] = true;
                if (character == '/') {
                    enter(next, place + 1);
                }
            }
            case REST -> enter(next, place);
            default -> {
                if (character == steps[place]) {
                    enter(next, place + 1);
                }
            }
        }
    }

    /** Comes to a place, and to those behind it as long as what is there may stand for nothing. */
    private void enter(boolean[] places, int place) {
        int at = place;
        places[at] = true;
        while (at < steps.length && (steps[at] == SOME || steps[at] == SEGMENTS || steps[at] == REST)) {
            places[++at] = true;
        }
    }
}
