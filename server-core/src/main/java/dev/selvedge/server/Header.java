package dev.selvedge.server;

import java.util.Objects;

/**
 * One header line: a name and a value (RFC 9110 §5).
 *
 * @param name in the original spelling
 * @param value without white space around it
 */
public record Header(String name, String value) {

    /** Refuses null. */
    public Header {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }
}
