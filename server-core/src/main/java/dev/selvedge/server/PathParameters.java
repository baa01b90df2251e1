package dev.selvedge.server;

import java.util.Map;

/** Where the values of a request's path parameters come from. */
sealed interface PathParameters permits PathPattern, PathParameters.Given {

    /** No parameter at all. */
    PathParameters NONE = new Given(Map.of());

    /**
     * Returns a value.
     *
     * @param name the parameter's name
     * @param path holds the canonical path that was matched, from its first slash to its end
     * @return the decoded value, or null if there is no parameter with that name
     */
    String value(String name, byte[] path, int from, int to);

    /** Returns the names, for messages. */
    Iterable<String> names();

    /**
     * Values that were given by a test.
     *
     * @param values by name
     */
    record Given(Map<String, String> values) implements PathParameters {

        @Override
        public String value(String name, byte[] path, int from, int to) {
            return values.get(name);
        }

        @Override
        public Iterable<String> names() {
            return values.keySet();
        }
    }
}
