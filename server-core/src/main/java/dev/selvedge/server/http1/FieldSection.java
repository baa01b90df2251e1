package dev.selvedge.server.http1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An immutable, ordered list of field lines, held as the octets that are on the wire and an index into them.
 *
 * <p>Received sections refer to their octets as they came, made ones to octets in the form
 * {@code name: value CRLF …} that can be sent as they are. Names are compared without case and keep their spelling
 * (RFC 9110 §5.1). Values are octets; as text each is one character (ISO-8859-1). Strings are made when asked for.
 */
public final class FieldSection {

    /** No field at all. */
    public static final FieldSection EMPTY = builder().build();

    /** Indexes in a mark are 16 bits wide. */
    private static final int MAX_BYTES = Character.MAX_VALUE;

    private static final byte MADE = 1;
    private static final byte DATE = 2;
    private static final byte SERVER = 4;

    private final byte[] octets;
    private final long[] marks;
    private final byte traits;

    private FieldSection(byte[] octets, long[] marks, int traits) {
        this.octets = octets;
        this.marks = marks;
        this.traits = (byte) traits;
    }

    /** Returns where a line's name and value are, as one number: four indexes of 16 bits each, the first one lowest. */
    static long mark(int nameFrom, int nameTo, int valueFrom, int valueTo) {
        return nameFrom + ((long) nameTo << 16) + ((long) valueFrom << 32) + ((long) valueTo << 48);
    }

    static int nameFrom(long mark) {
        return (int) mark & 0xFFFF;
    }

    static int nameTo(long mark) {
        return (int) (mark >>> 16) & 0xFFFF;
    }

    static int valueFrom(long mark) {
        return (int) (mark >>> 32) & 0xFFFF;
    }

    static int valueTo(long mark) {
        return (int) (mark >>> 48);
    }

    /**
     * Takes lines as they came.
     *
     * @param octets of a whole header or trailer section; owned by the section from now on
     * @param marks one for each line
     */
    static FieldSection received(byte[] octets, long[] marks) {
        return marks.length == 0 ? EMPTY : new FieldSection(octets, marks, 0);
    }

    /** Returns an empty builder. */
    public static Builder builder() {
        return new Builder(64, 2);
    }

    /**
     * Returns a section of one line.
     *
     * @throws IllegalArgumentException as {@link Builder#add}
     */
    public static FieldSection of(String name, String value) {
        Objects.requireNonNull(value, () -> "value of the field " + name);
        return new Builder(name.length() + value.length() + Builder.BYTES_AROUND, 1).add(name, value).build();
    }

    /** Returns the number of field lines. */
    public int size() {
        return marks.length;
    }

    /**
     * Returns the name of line {@code index} in its original spelling.
     *
     * @throws IndexOutOfBoundsException if there is no such line
     */
    public String name(int index) {
        long mark = marks[index];
        return text(nameFrom(mark), nameTo(mark));
    }

    /**
     * Returns the value of line {@code index} without the white space around it.
     *
     * @throws IndexOutOfBoundsException if there is no such line
     */
    public String value(int index) {
        long mark = marks[index];
        return text(valueFrom(mark), valueTo(mark));
    }

    private String text(int from, int to) {
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Returns the index of the first line with that name at or behind {@code from}, or -1. Allocates nothing. */
    public int indexOf(String name, int from) {
        return indexOf(octets, marks, size(), name, from);
    }

    private static int indexOf(byte[] octets, long[] marks, int size, String name, int from) {
        int length = name.length();
        for (int line = from; line < size; line++) {
            long mark = marks[line];
            if (nameTo(mark) - nameFrom(mark) == length && isName(octets, nameFrom(mark), name)) {
                return line;
            }
        }
        return -1;
    }

    private static boolean isName(byte[] octets, int at, String name) {
        for (int index = 0; index < name.length(); index++) {
            if (Octets.lower(octets[at + index]) != Octets.lower(name.charAt(index))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the value of the first line with that name, or null. */
    public String first(String name) {
        int line = indexOf(name, 0);
        return line < 0 ? null : value(line);
    }

    /** Returns the values of all lines with that name, in order. */
    public List<String> all(String name) {
        int line = indexOf(name, 0);
        if (line < 0) {
            return List.of();
        }
        int next = indexOf(name, line + 1);
        if (next < 0) {
            return List.of(value(line));
        }
        String[] values = new String[size() - line];
        int count = 0;
        for (; line >= 0; line = indexOf(name, line + 1)) {
            values[count++] = value(line);
        }
        return List.of(Arrays.copyOf(values, count));
    }

    /** Returns whether one of the made section's fields is Date; received sections are never asked. */
    public boolean hasDate() {
        return (traits & DATE) != 0;
    }

    /** Likewise for Server. */
    public boolean hasServer() {
        return (traits & SERVER) != 0;
    }

    /** Returns how many octets {@link #writeTo} writes. */
    public int wireLength() {
        if (isMade()) {
            return octets.length;
        }
        int length = 0;
        for (long mark : marks) {
            length += nameTo(mark) - nameFrom(mark) + valueTo(mark) - valueFrom(mark) + Builder.BYTES_AROUND;
        }
        return length;
    }

    /** Writes all lines as {@code name: value CRLF} and returns the index behind them. */
    public int writeTo(byte[] dst, int at) {
        if (isMade()) {
            System.arraycopy(octets, 0, dst, at, octets.length);
            return at + octets.length;
        }
        for (long mark : marks) {
            at = copy(nameFrom(mark), nameTo(mark), dst, at);
            dst[at++] = ':';
            dst[at++] = Octets.SP;
            at = copy(valueFrom(mark), valueTo(mark), dst, at);
            dst[at++] = Octets.CR;
            dst[at++] = Octets.LF;
        }
        return at;
    }

    private int copy(int from, int to, byte[] dst, int at) {
        System.arraycopy(octets, from, dst, at, to - from);
        return at + to - from;
    }

    private boolean isMade() {
        return (traits & MADE) != 0;
    }

    /**
     * Makes a section line by line; each name and value is checked where it is added.
     *
     * <p>All lines together have at most 65 535 octets, with four more for each line's colon, space and line end.
     */
    public static final class Builder {

        /** Octets of a line beside name and value: colon, space, CR, LF. */
        private static final int BYTES_AROUND = 4;

        private byte[] octets;
        private int length;
        private long[] marks;
        private int size;

        private Builder(int bytes, int lines) {
            octets = new byte[bytes];
            marks = new long[lines];
        }

        /**
         * Adds a line behind the others.
         *
         * @throws IllegalArgumentException if the name is no token, or the value has a character that no field value
         *     may have (CR, LF, NUL, another control but tab, DEL, or one beyond ISO-8859-1), or white space at an end;
         *     the message names the field, the character and its position
         */
        public Builder add(String name, String value) {
            checkName(name);
            checkValue(name, value);
            makeRoom(name.length() + value.length() + BYTES_AROUND, 1);
            int at = put(name, length);
            note(length, name.length(), value.length());
            octets[at++] = ':';
            octets[at++] = Octets.SP;
            at = put(value, at);
            octets[at++] = Octets.CR;
            octets[at++] = Octets.LF;
            length = at;
            return this;
        }

        /** Replaces all lines with that name by one, at the place of the first; adds it if there is none. */
        public Builder set(String name, String value) {
            int first = FieldSection.indexOf(octets, marks, size, name, 0);
            return first < 0 ? add(name, value) : replace(name, first, value);
        }

        /** Removes all lines with that name. */
        public Builder remove(String name) {
            int first = FieldSection.indexOf(octets, marks, size, name, 0);
            return first < 0 ? this : replace(name, -1, null);
        }

        /** Adds all lines of another section behind the others. */
        public Builder addAll(FieldSection section) {
            addLines(section, 0, section.size());
            return this;
        }

        /** Returns the section. The builder may be used further and does not change it. */
        public FieldSection build() {
            int traits = MADE | (has("Date") ? DATE : 0) | (has("Server") ? SERVER : 0);
            // Full arrays are not written to any more: another line takes larger ones.
            return new FieldSection(length == octets.length ? octets : Arrays.copyOf(octets, length),
                    size == marks.length ? marks : Arrays.copyOf(marks, size), traits);
        }

        private boolean has(String name) {
            return FieldSection.indexOf(octets, marks, size, name, 0) >= 0;
        }

        /** Leaves out the lines with that name, but puts the value at line {@code place}. */
        private Builder replace(String name, int place, String value) {
            FieldSection before = build();
            Builder after = builder();
            for (int line = 0; line < before.size(); line++) {
                if (line == place) {
                    after.add(name, value);
                } else if (before.indexOf(name, line) != line) {
                    after.addLines(before, line, line + 1);
                }
            }
            octets = after.octets;
            length = after.length;
            marks = after.marks;
            size = after.size;
            return this;
        }

        private void addLines(FieldSection section, int from, int to) {
            if (from == to) {
                return;
            }
            FieldSection lines = to - from == section.size() ? section
                    : received(section.octets, Arrays.copyOfRange(section.marks, from, to));
            makeRoom(lines.wireLength(), to - from);
            int end = lines.writeTo(octets, length);
            int at = length;
            for (long mark : lines.marks) {
                int nameLength = nameTo(mark) - nameFrom(mark);
                int valueLength = valueTo(mark) - valueFrom(mark);
                note(at, nameLength, valueLength);
                at += nameLength + valueLength + BYTES_AROUND;
            }
            length = end;
        }

        private void note(int at, int nameLength, int valueLength) {
            int nameTo = at + nameLength;
            marks[size++] = mark(at, nameTo, nameTo + 2, nameTo + 2 + valueLength);
        }

        private void makeRoom(int bytes, int lines) {
            if (bytes > MAX_BYTES - length) {
                throw new IllegalArgumentException("the header fields would have " + ((long) length + bytes)
                        + " bytes; all together may have at most " + MAX_BYTES);
            }
            if (length + bytes > octets.length) {
                octets = Arrays.copyOf(octets, Math.max(length + bytes, 2 * octets.length));
            }
            if (size + lines > marks.length) {
                marks = Arrays.copyOf(marks, Math.max(size + lines, 2 * marks.length));
            }
        }

        private int put(String text, int at) {
            byte[] latin1 = text.getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(latin1, 0, octets, at, latin1.length);
            return at + latin1.length;
        }

        private static void checkName(String name) {
            Objects.requireNonNull(name, "name");
            for (int index = 0; index < name.length(); index++) {
                char character = name.charAt(index);
                if (character >= Octets.DEL || !Octets.isToken((byte) character)) {
                    throw new IllegalArgumentException("the field name \"" + Characters.printable(name) + "\" has "
                            + Characters.describe(character) + " at index " + index
                            + "; a name has letters, digits and !#$%&'*+-.^_`|~ only (RFC 9110 §5.1)");
                }
            }
            if (name.isEmpty()) {
                throw new IllegalArgumentException("the field name is empty");
            }
        }

        private static void checkValue(String name, String value) {
            Objects.requireNonNull(value, () -> "value of the field " + name);
            for (int index = 0; index < value.length(); index++) {
                char character = value.charAt(index);
                if (character > 0xFF || !Octets.isFieldContent((byte) character)) {
                    throw new IllegalArgumentException("the value of the field " + name + " has "
                            + Characters.describe(character) + " at index " + index
                            + ", which no field value may have (RFC 9110 §5.5)");
                }
            }
            if (!value.isEmpty()) {
                checkEnd(name, value, 0);
                checkEnd(name, value, value.length() - 1);
            }
        }

        private static void checkEnd(String name, String value, int index) {
            if (Octets.isWhite((byte) value.charAt(index))) {
                throw new IllegalArgumentException("the value of the field " + name + " has "
                        + Characters.describe(value.charAt(index)) + " at index " + index
                        + "; white space at its ends would be lost (RFC 9110 §5.5)");
            }
        }
    }
}
