package dev.selvedge.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A place between two segments of a path: the routes that end here, and the ways on. */
final class RouteNode {

    /**
     * A route that ends at a node.
     *
     * @param method which it answers
     * @param pattern as it was written
     * @param route the route
     */
    record Ending(String method, String pattern, Route route) { }

    private final Map<String, RouteNode> literals = new LinkedHashMap<>();
    private RouteNode parameter;
    private RouteNode rest;
    private Mount mount;
    private Ending[] endings = {};

    /** The literals once more, as a hash table with open addressing; its size is a power of two. */
    private byte[][] keys = {null};
    private RouteNode[] nodes = {null};

    // ---- building

    RouteNode literal(String octets) {
        return literals.computeIfAbsent(octets, key -> new RouteNode());
    }

    RouteNode parameter() {
        return parameter = parameter == null ? new RouteNode() : parameter;
    }

    RouteNode rest() {
        return rest = rest == null ? new RouteNode() : rest;
    }

    /** Returns a route that answers the same method here, or null. */
    Ending ending(String method) {
        return Arrays.stream(endings).filter(ending -> ending.method().equals(method)).findFirst().orElse(null);
    }

    void add(Ending ending) {
        endings = Arrays.copyOf(endings, endings.length + 1);
        endings[endings.length - 1] = ending;
    }

    /** Returns the mount here, or null. */
    Mount mount() {
        return mount;
    }

    void mount(Mount newMount) {
        mount = newMount;
    }

    /** Returns some pattern for the rest of the path here, or null. */
    String restPattern() {
        return rest == null ? null : rest.endings[0].pattern();
    }

    /** Ends building: makes the tables of this node and all below it. */
    void freeze() {
        int size = Integer.highestOneBit(Math.max(1, literals.size())) * 4;
        keys = new byte[size][];
        nodes = new RouteNode[size];
        literals.forEach((octets, node) -> {
            byte[] key = octets.getBytes(StandardCharsets.ISO_8859_1);
            int slot = hash(key, 0, key.length) & (size - 1);
            while (keys[slot] != null) {
                slot = (slot + 1) & (size - 1);
            }
            keys[slot] = key;
            nodes[slot] = node;
            node.freeze();
        });
        if (parameter != null) {
            parameter.freeze();
        }
    }

    private static int hash(byte[] octets, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + octets[i];
        }
        return spread(hash);
    }

    private static int spread(int hash) {
        return hash ^ hash >>> 15;
    }

    // ---- finding

    /**
     * Finds the most specific route with that method below this node, or the mount that takes all that is left.
     * Every node stands at the end of one way only, so a search comes to none of them twice, whatever the path is.
     *
     * @param at the index of a segment's first octet
     * @param to the index behind the path
     * @return a {@link Route}, a {@link Mount}, or null
     */
    Destination find(String method, byte[] path, int at, int to) {
        int hash = 0;
        int end = at;
        while (end < to && path[end] != '/') {
            hash = 31 * hash + path[end++];
        }
        RouteNode literal = literalAt(spread(hash), path, at, end);
        if (literal != null) {
            Destination found = end == to ? literal.here(method) : literal.find(method, path, end + 1, to);
            if (found != null) {
                return found;
            }
        }
        if (parameter != null && end > at) {
            Destination found = end == to ? parameter.here(method) : parameter.find(method, path, end + 1, to);
            if (found != null) {
                return found;
            }
        }
        return rest == null ? mount : rest.here(method);
    }

    private RouteNode literalAt(int hash, byte[] path, int from, int to) {
        int mask = keys.length - 1;
        int slot = hash & mask;
        for (byte[] key = keys[slot]; key != null; key = keys[slot]) {
            if (Arrays.equals(key, 0, key.length, path, from, to)) {
                return nodes[slot];
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    /** Returns what answers the method for the path that ends here. */
    private Destination here(String method) {
        for (Ending ending : endings) {
            if (ending.method().equals(method)) {
                return ending.route();
            }
        }
        return method.equals("HEAD") && endings.length > 0 ? here("GET") : mount;
    }

    /**
     * Collects the methods of all routes for a path that are more specific than the mount that would take it.
     *
     * @return that mount, behind which nothing has to be looked for, or null if there is none
     */
    Mount collect(Set<String> methods, byte[] path, int at, int to) {
        int end = at;
        while (end < to && path[end] != '/') {
            end++;
        }
        RouteNode literal = literalAt(hash(path, at, end), path, at, end);
        Mount found = literal == null ? null : literal.collectFrom(methods, path, end, to);
        if (found == null && parameter != null && end > at) {
            found = parameter.collectFrom(methods, path, end, to);
        }
        if (found == null && rest != null) {
            found = rest.collectFrom(methods, path, to, to);
        }
        return found == null ? mount : found;
    }

    private Mount collectFrom(Set<String> methods, byte[] path, int end, int to) {
        if (end < to) {
            return collect(methods, path, end + 1, to);
        }
        for (Ending ending : endings) {
            methods.add(ending.method());
        }
        return mount;
    }
}
