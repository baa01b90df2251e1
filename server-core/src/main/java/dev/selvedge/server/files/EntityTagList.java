package dev.selvedge.server.files;

import java.util.List;

/**
 * Compares the value of If-Match or If-None-Match, {@code *} or a list of entity tags in one or several lines, with
 * what there is (RFC 9110 §13.1.1, §13.1.2).
 *
 * <p>A malformed list, which is one with {@code *} in it too, names nothing, whatever else it has: the condition of
 * If-Match is then false and that of If-None-Match true, and no client loses an update or keeps what is out of date.
 */
final class EntityTagList {

    private static final String ANY = "*";

    private enum Reading { WITHOUT, WITH, MALFORMED }

    private EntityTagList() { }

    /**
     * Returns whether the field names the current representation.
     *
     * @param lines the values of all its lines, at least one
     * @param current the validators of the current representation; null if there is none
     * @param strongly whether tags are compared strongly, as If-Match has it, or weakly
     */
    static boolean names(List<String> lines, Validators current, boolean strongly) {
        if (lines.size() == 1 && lines.getFirst().equals(ANY)) {
            return current != null;
        }
        EntityTag tag = current == null ? null : current.tag();
        boolean named = false;
        for (String line : lines) {
            switch (read(line, tag, strongly)) {
                case MALFORMED -> {
                    return false;
                }
                case WITH -> named = true;
                case WITHOUT -> { }
            }
        }
        return named;
    }

    /** Reads one line to its end; empty elements are passed over (RFC 9110 §5.6.1.2), and commas may be in a tag. */
    private static Reading read(String line, EntityTag tag, boolean strongly) {
        Reading reading = Reading.WITHOUT;
        boolean separated = true;
        for (int at = 0; at < line.length();) {
            char character = line.charAt(at);
            if (character == ',' || character == ' ' || character == '\t') {
                separated |= character == ',';
                at++;
                continue;
            }
            boolean weak = line.startsWith("W/", at);
            int quote = weak ? at + 2 : at;
            int end = EntityTag.end(line, quote);
            if (end < 0 || !separated) {
                return Reading.MALFORMED;
            }
            if (tag != null && isSame(line, quote + 1, end - 1, tag) && !(strongly && (weak || tag.weak()))) {
                reading = Reading.WITH;
            }
            separated = false;
            at = end;
        }
        return reading;
    }

    private static boolean isSame(String line, int from, int to, EntityTag tag) {
        return to - from == tag.opaque().length() && line.startsWith(tag.opaque(), from);
    }
}
