package dev.selvedge.server.files;

/**
 * An entity tag (RFC 9110 §8.8.3).
 *
 * @param opaque what stands between the quotation marks: visible characters but the quotation mark, and those from
 *     0x80 to 0xFF; may be empty
 * @param weak whether equal tags may stand for representations that are not the same octet by octet
 */
record EntityTag(String opaque, boolean weak) {

    private static final String WEAK = "W/";

    /** Refuses what no tag may have. */
    EntityTag {
        for (int index = 0; index < opaque.length(); index++) {
            if (!isAllowed(opaque.charAt(index))) {
                throw new IllegalArgumentException("the entity tag has U+%04X at index %d, which none may have"
                        .formatted((int) opaque.charAt(index), index));
            }
        }
    }

    /** Returns a tag that only representations share that are the same octet by octet. */
    static EntityTag strong(String opaque) {
        return new EntityTag(opaque, false);
    }

    /** Returns the tag that a field value is, with nothing else before or behind it, or null if it is none. */
    static EntityTag parse(String value) {
        boolean weak = value.startsWith(WEAK);
        int quote = weak ? WEAK.length() : 0;
        int end = end(value, quote);
        return end < 0 || end != value.length() ? null : new EntityTag(value.substring(quote + 1, end - 1), weak);
    }

    /** Returns the index behind the opaque tag that begins with the quotation mark at an index, or -1 if none does. */
    static int end(String text, int quote) {
        if (quote >= text.length() || text.charAt(quote) != '"') {
            return -1;
        }
        int at = quote + 1;
        while (at < text.length() && isAllowed(text.charAt(at))) {
            at++;
        }
        return at < text.length() && text.charAt(at) == '"' ? at + 1 : -1;
    }

    /** Returns the tag as a field value: {@code "x"} or {@code W/"x"}. */
    String field() {
        return (weak ? WEAK : "") + '"' + opaque + '"';
    }

    /** Strong comparison (RFC 9110 §8.8.3.2): both are strong and the same. */
    boolean isStronglyEqualTo(EntityTag other) {
        return !weak && !other.weak && opaque.equals(other.opaque);
    }

    /** Weak comparison (RFC 9110 §8.8.3.2): the same, whether weak or not. */
    boolean isWeaklyEqualTo(EntityTag other) {
        return opaque.equals(other.opaque);
    }

    /** etagc (RFC 9110 §8.8.3): no backslash escapes anything here. */
    private static boolean isAllowed(char character) {
        return character > ' ' && character <= 0xFF && character != '"' && character != 0x7F;
    }
}
