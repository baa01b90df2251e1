package dev.selvedge.server.engine;

import java.util.List;

/**
 * A response as a simulated client has read it.
 *
 * @param status its status
 * @param fields its field lines
 * @param content what followed the head, without its coding
 * @param trailers the field lines behind it
 * @param delimited whether its end could be told without the end of the connection
 */
record SimReply(int status, List<String> fields, byte[] content, List<String> trailers, boolean delimited) {

    /** Returns the value of the only line with that name, or null. */
    String field(String name) {
        String found = null;
        for (String line : fields) {
            if (line.regionMatches(true, 0, name + ": ", 0, name.length() + 2)) {
                if (found != null) {
                    throw new AssertionError("two lines of " + name + ": " + this);
                }
                found = line.substring(name.length() + 2);
            }
        }
        return found;
    }

    /** Returns whether the server has said that this is its last response on the connection. */
    boolean closes() {
        return "close".equals(field("Connection"));
    }

    /** Returns whether the server has said this, not the application: a refusal. */
    boolean refuses() {
        return field("X-Answer") == null && status >= 400 && status != 500;
    }

    @Override
    public String toString() {
        return status + " " + fields + " with " + content.length + " octets"
                + (trailers.isEmpty() ? "" : " and " + trailers);
    }
}
