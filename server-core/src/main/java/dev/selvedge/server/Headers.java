package dev.selvedge.server;

import dev.selvedge.server.http1.FieldSection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/**
 * The header lines of a message in their order (RFC 9110 §5). Immutable.
 *
 * <p>Names are compared without regard to case and keep their spelling. A name may have several lines. Values are
 * octets; here each octet is one character (ISO-8859-1).
 */
public final class Headers implements Iterable<Header> {

    private final FieldSection fields;

    Headers(FieldSection fields) {
        this.fields = fields;
    }

    /**
     * Returns headers with the given lines.
     *
     * @param namesAndValues a name, its value, the next name, and so on; none for no lines
     * @return the headers
     * @throws IllegalArgumentException if a value is missing, or a name or value is not allowed ({@link Builder#add})
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("names and values must come in pairs, but there are "
                    + namesAndValues.length + " strings");
        }
        Builder builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /**
     * Returns an empty builder.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder(FieldSection.builder());
    }

    /**
     * Returns a builder that begins with these lines.
     *
     * @return the builder
     */
    public Builder toBuilder() {
        return new Builder(FieldSection.builder().addAll(fields));
    }

    /**
     * Returns the value of the first line with a name.
     *
     * @param name the name, in any case
     * @return the value, which may be an empty string; empty if there is no such line
     */
    public Optional<String> first(String name) {
        return Optional.ofNullable(fields.first(name));
    }

    /**
     * Returns the values of all lines with a name. A list that is written in one line ({@code a, b}) is one value.
     *
     * @param name the name, in any case
     * @return the values in order, unmodifiable; empty if there is no such line
     */
    public List<String> all(String name) {
        return fields.all(name);
    }

    /**
     * Returns whether there is a line with a name.
     *
     * @param name the name, in any case
     * @return true if there is one
     */
    public boolean contains(String name) {
        return fields.indexOf(name, 0) >= 0;
    }

    /**
     * Returns the number of lines.
     *
     * @return at least 0
     */
    public int size() {
        return fields.size();
    }

    /**
     * Returns whether there is no line.
     *
     * @return true if {@link #size()} is 0
     */
    public boolean isEmpty() {
        return fields.size() == 0;
    }

    /** Returns the lines in order. */
    @Override
    public Iterator<Header> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < fields.size();
            }

            @Override
            public Header next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Header header = new Header(fields.name(next), fields.value(next));
                next++;
                return header;
            }
        };
    }

    FieldSection fields() {
        return fields;
    }

    /** Returns whether both have the same lines in the same order; names are compared without regard to case. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Headers that) || that.size() != size()) {
            return false;
        }
        for (int i = 0; i < size(); i++) {
            if (!fields.name(i).equalsIgnoreCase(that.fields.name(i))
                    || !fields.value(i).equals(that.fields.value(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (Header header : this) {
            hash = 31 * hash + Objects.hash(header.name().toLowerCase(Locale.ROOT), header.value());
        }
        return hash;
    }

    /** Returns the lines as they are written, with line feeds between them. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Header header : this) {
            text.append(text.isEmpty() ? "" : "\n").append(header.name()).append(": ").append(header.value());
        }
        return text.toString();
    }

    /** Makes {@link Headers}. For one thread; may be used further after {@link #build()}. */
    public static final class Builder {

        private final FieldSection.Builder fields;

        private Builder(FieldSection.Builder fields) {
            this.fields = fields;
        }

        /**
         * Adds a line behind the others.
         *
         * @param name a token (RFC 9110 §5.1)
         * @param value text without CR, LF, NUL or another control character but tab, without characters beyond
         *     ISO-8859-1, and without white space at its ends (RFC 9110 §5.5)
         * @return this builder
         * @throws IllegalArgumentException if the name or the value is something else; the message says what and where
         */
        public Builder add(String name, String value) {
            fields.add(name, value);
            return this;
        }

        /**
         * Replaces all lines with a name by one, at the place of the first, or adds one.
         *
         * @param name as for {@link #add}
         * @param value as for {@link #add}
         * @return this builder
         * @throws IllegalArgumentException as for {@link #add}
         */
        public Builder set(String name, String value) {
            fields.set(name, value);
            return this;
        }

        /**
         * Removes all lines with a name, if there are any.
         *
         * @param name the name, in any case
         * @return this builder
         */
        public Builder remove(String name) {
            fields.remove(name);
            return this;
        }

        /**
         * Returns what has been added so far.
         *
         * @return the headers
         */
        public Headers build() {
            return new Headers(fields.build());
        }
    }
}
