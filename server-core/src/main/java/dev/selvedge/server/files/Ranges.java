package dev.selvedge.server.files;

import dev.selvedge.server.Headers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads Range and If-Range (RFC 9110 §13.1.5, §14.2).
 *
 * <p>Range is ignored, so that the client gets all, where the RFC lets the server choose between that and a refusal:
 * for another unit than bytes, for what is malformed, as {@code bytes=5-2} is, or is there twice, for a representation
 * without octets, and for more than {@value #SPECS_MAX} ranges at once (§14.2, §17.15). A range that the representation
 * has nothing of is unsatisfiable, also if If-Range holds: it tells who has all of it already that this is all.
 *
 * <p>Ranges that overlap become one, which stands where the first of them stood; all others are sent as they were
 * asked for, in that order (§15.3.7.2). So no octet is sent twice, and no request has more sent than the whole and
 * some part heads. Ranges that only touch, or have a small gap between them, stay apart: that costs at most as many
 * heads, and a client finds the parts that it asked for.
 */
final class Ranges {

    /** More ranges in one request than that are ignored. */
    static final int SPECS_MAX = 16;

    private static final String RANGE = "Range";
    private static final String IF_RANGE = "If-Range";
    private static final String UNIT = "bytes=";

    private Ranges() { }

    /**
     * Returns what a request asks for whose other conditions hold. Allocates nothing if it has no Range.
     *
     * @param method the request's method: only GET has ranges
     * @param headers the request's fields
     * @param current what the representation has that would be sent
     * @param length how many octets it has
     * @param clock is asked at most once or twice, if there is a date to compare
     * @return what to send
     */
    static Selection of(String method, Headers headers, Validators current, long length, InstantSource clock) {
        if (!headers.contains(RANGE) || !method.equals("GET") || length == 0) {
            return Selection.WHOLE;
        }
        List<String> lines = headers.all(RANGE);
        return lines.size() == 1 && isUnchanged(headers, current, clock) ? select(lines.getFirst(), length)
                : Selection.WHOLE;
    }

    /** Evaluates If-Range. What is malformed, or there twice, is nothing that the representation has. */
    private static boolean isUnchanged(Headers headers, Validators current, InstantSource clock) {
        List<String> lines = headers.all(IF_RANGE);
        if (lines.isEmpty()) {
            return true;
        }
        String value = lines.getFirst();
        if (lines.size() > 1) {
            return false;
        }
        if (value.lastIndexOf('"', 2) >= 0) {
            EntityTag tag = EntityTag.parse(value);
            return tag != null && current.tag() != null && tag.isStronglyEqualTo(current.tag());
        }
        long date = HttpDate.parse(value, clock);
        Instant now = clock.instant();
        return date != HttpDate.NONE && current.isDateStrongAt(now) && date == current.lastModifiedAt(now);
    }

    private static Selection select(String value, long length) {
        if (!value.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return Selection.WHOLE;
        }
        List<ByteRange> ranges = new ArrayList<>(1);
        int specs = 0;
        for (int at = UNIT.length(); at < value.length();) {
            int comma = value.indexOf(',', at);
            int end = comma < 0 ? value.length() : comma;
            RangeSpec spec = RangeSpec.parse(value, at, end);
            if (spec == RangeSpec.MALFORMED) {
                return Selection.WHOLE;
            }
            if (spec != RangeSpec.EMPTY) {
                if (++specs > SPECS_MAX) {
                    return Selection.WHOLE;
                }
                ByteRange range = spec.of(length);
                if (range != null) {
                    add(ranges, range);
                }
            }
            at = end + 1;
        }
        return switch (ranges.size()) {
            case 0 -> specs == 0 ? Selection.WHOLE : new Selection.Unsatisfiable();
            case 1 -> new Selection.One(ranges.getFirst());
            default -> new Selection.Several(ranges);
        };
    }

    /** Adds a range to others of which no two overlap, and takes the place of the first that it overlaps. */
    private static void add(List<ByteRange> ranges, ByteRange range) {
        int place = ranges.size();
        ByteRange all = range;
        for (int index = ranges.size() - 1; index >= 0; index--) {
            ByteRange other = ranges.get(index);
            if (other.overlaps(range)) {
                all = all.with(other);
                ranges.remove(index);
                place = index;
            }
        }
        ranges.add(place, all);
    }
}
