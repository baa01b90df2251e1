package dev.selvedge.server.http1;

/**
 * Walks the elements of a field that is a list, over all its lines (RFC 9110 §5.3, §5.6.1): empty elements are passed
 * over, white space is no part of an element.
 *
 * <p>Commas in quoted strings separate, too: none of the lists that the protocol needs has an element with one that
 * it accepts.
 */
final class FieldList {

    private FieldList() { }

    /** Says what an element of a list means. */
    @FunctionalInterface
    interface Reader {
        /** Takes what was known before an element, and returns what is known behind it. */
        int read(int known, byte[] octets, int from, int to);
    }

    /**
     * Reads all elements of a field, which has come, in their order.
     *
     * @param from the index that the parser's offsets are relative to
     * @param reader is asked for each element; does not capture anything, so nothing is allocated
     * @return what the reader returned last, or 0 if there is no element
     */
    static int read(FieldParser fields, KnownField field, byte[] octets, int from, Reader reader) {
        int known = 0;
        for (int line = fields.firstLine(field); line >= 0; line = fields.nextLine(field, line, octets, from)) {
            known = readLine(known, octets, from + fields.valueFrom(line), from + fields.valueTo(line), reader);
        }
        return known;
    }

    private static int readLine(int known, byte[] octets, int from, int to, Reader reader) {
        int at = from;
        while (at < to) {
            int comma = at;
            while (comma < to && octets[comma] != ',') {
                comma++;
            }
            int first = at;
            while (first < comma && Octets.isWhite(octets[first])) {
                first++;
            }
            int last = comma;
            while (last > first && Octets.isWhite(octets[last - 1])) {
                last--;
            }
            if (first < last) {
                known = reader.read(known, octets, first, last);
            }
            at = comma + 1;
        }
        return known;
    }
}
