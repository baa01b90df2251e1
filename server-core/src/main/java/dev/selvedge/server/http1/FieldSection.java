package dev.selvedge.server.http1;

import java.util.List;

/**
 * An immutable, ordered list of field lines, held as the octets that are on the wire and an index into them.
 *
 * <p>Received sections refer to the octets of their request head, made ones to octets in the form
 * {@code name: value CRLF …} that can be sent as they are. Names are compared without case and keep their spelling
 * (RFC 9110 §5.1). Values are octets; as text each is one character (ISO-8859-1). Strings are made when asked for.
 */
public final class FieldSection {

    /** No field at all. */
    public static final FieldSection EMPTY = builder().build();

    private FieldSection() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns an empty builder. */
    public static Builder builder() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the number of field lines. */
    public int size() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the name of line {@code index} in its original spelling. */
    public String name(int index) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the value of line {@code index} without the white space around it. */
    public String value(int index) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the index of the first line with that name at or behind {@code from}, or -1. Allocates nothing. */
    public int indexOf(String name, int from) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the value of the first line with that name, or null. */
    public String first(String name) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns the values of all lines with that name, in order. */
    public List<String> all(String name) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns whether one of the made section's fields is Date; received sections are never asked. */
    public boolean hasDate() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Likewise for Server. */
    public boolean hasServer() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Returns how many octets {@link #writeTo} writes. */
    public int wireLength() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Writes all lines as {@code name: value CRLF} and returns the index behind them. */
    public int writeTo(byte[] dst, int at) {
        throw new UnsupportedOperationException("to be written");
    }

    /** Makes a section line by line; each name and value is checked where it is added. */
    public static final class Builder {

        /**
         * Adds a line behind the others.
         *
         * @throws IllegalArgumentException if the name is no token, or the value has a character that no field value
         *     may have (CR, LF, NUL, another control but tab, DEL, or one beyond ISO-8859-1), or white space at an end;
         *     the message names the field, the character and its position
         */
        public Builder add(String name, String value) {
            throw new UnsupportedOperationException("to be written");
        }

        /** Replaces all lines with that name by one, at the place of the first. */
        public Builder set(String name, String value) {
            throw new UnsupportedOperationException("to be written");
        }

        /** Removes all lines with that name. */
        public Builder remove(String name) {
            throw new UnsupportedOperationException("to be written");
        }

        /** Adds all lines of another section behind the others. */
        public Builder addAll(FieldSection section) {
            throw new UnsupportedOperationException("to be written");
        }

        /** Returns the section. The builder may be used further and does not change it. */
        public FieldSection build() {
            return null;
        }
    }
}
