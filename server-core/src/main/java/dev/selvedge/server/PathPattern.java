package dev.selvedge.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The pattern of a route, taken apart: {@code /users/{id}/files/{path...}}.
 *
 * @param text as it was written
 * @param segments what stands between the slashes
 */
record PathPattern(String text, List<Segment> segments) implements PathParameters {

    /** What one segment of a path is compared with. */
    sealed interface Segment {

        /**
         * A segment that is the same after decoding.
         *
         * @param octets in canonical form
         */
        record Literal(String octets) implements Segment { }

        /**
         * Any segment that is not empty.
         *
         * @param name of the parameter
         */
        record Parameter(String name) implements Segment { }

        /**
         * All that is left, which may be nothing.
         *
         * @param name of the parameter
         */
        record Rest(String name) implements Segment { }
    }

    /**
     * Takes a pattern apart.
     *
     * @throws IllegalArgumentException if it is malformed; the message says how
     */
    static PathPattern parse(String text) {
        if (!text.startsWith("/")) {
            throw malformed(text, "it must begin with a slash");
        }
        String[] parts = text.substring(1).split("/", -1);
        List<Segment> segments = new ArrayList<>(parts.length);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            Segment segment = segment(text, parts[i]);
            String name = nameOf(segment);
            if (name != null && names.contains(name)) {
                throw malformed(text, "the parameter " + name + " is there twice");
            }
            if (segment instanceof Segment.Rest && i < parts.length - 1) {
                throw malformed(text, "nothing may follow " + parts[i]);
            }
            names.add(name);
            segments.add(segment);
        }
        return new PathPattern(text, List.copyOf(segments));
    }

    private static Segment segment(String pattern, String part) {
        if (part.startsWith("{") && part.endsWith("}")) {
            boolean rest = part.endsWith("...}");
            String name = part.substring(1, part.length() - (rest ? 4 : 1));
            if (name.isEmpty() || !name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-')) {
                throw malformed(pattern, "the parameter " + part + " needs a name of letters, digits, - and _");
            }
            return rest ? new Segment.Rest(name) : new Segment.Parameter(name);
        }
        if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
            throw malformed(pattern, "a parameter must be a whole segment, but this one is " + part);
        }
        if (part.indexOf('?') >= 0 || part.indexOf('#') >= 0) {
            throw malformed(pattern, "it is compared with the path alone, which has no query and no fragment");
        }
        if (part.indexOf('%') >= 0) {
            throw malformed(pattern, "write characters as they are: it is compared with the decoded path");
        }
        if (part.equals(".") || part.equals("..")) {
            throw malformed(pattern, "no path has a dot segment, they are removed before");
        }
        if (part.equals("*") || part.equals("**")) {
            throw malformed(pattern, "write {name} for any segment, or {name...} for the rest of the path");
        }
        return new Segment.Literal(new String(PercentCoding.canonicalSegment(part), StandardCharsets.ISO_8859_1));
    }

    private static String nameOf(Segment segment) {
        return switch (segment) {
            case Segment.Literal literal -> null;
            case Segment.Parameter parameter -> parameter.name();
            case Segment.Rest rest -> rest.name();
        };
    }

    /**
     * Returns whether a path has this pattern, as a {@link Router} finds it.
     *
     * @param path holds a canonical path, from its first slash to its end
     */
    boolean matches(byte[] path, int from, int to) {
        int at = Math.min(from + 1, to);
        for (int i = 0; i < segments.size(); i++) {
            int end = at;
            while (end < to && path[end] != '/') {
                end++;
            }
            boolean fits = switch (segments.get(i)) {
                case Segment.Literal literal -> literal.octets().equals(
                        new String(path, at, end - at, StandardCharsets.ISO_8859_1));
                case Segment.Parameter parameter -> end > at;
                case Segment.Rest rest -> true;
            };
            if (!fits || segments.get(i) instanceof Segment.Rest) {
                return fits;
            }
            boolean last = i == segments.size() - 1;
            if (last || end == to) {
                return last && end == to;
            }
            at = end + 1;
        }
        return false;
    }

    private static IllegalArgumentException malformed(String pattern, String why) {
        return new IllegalArgumentException("the pattern \"" + pattern + "\" is malformed: " + why);
    }

    /** Finds the segment anew at each call: that is a few steps, and nothing has to be kept for each request. */
    @Override
    public String value(String name, byte[] path, int from, int to) {
        int at = Math.min(from + 1, to);
        for (Segment segment : segments) {
            int end = at;
            while (end < to && path[end] != '/') {
                end++;
            }
            switch (segment) {
                case Segment.Literal literal -> { }
                case Segment.Parameter parameter -> {
                    if (parameter.name().equals(name)) {
                        return PercentCoding.decodeSegment(path, at, end);
                    }
                }
                case Segment.Rest rest -> {
                    return rest.name().equals(name) ? PercentCoding.decodePath(path, at, to) : null;
                }
            }
            at = Math.min(end + 1, to);
        }
        return null;
    }

    @Override
    public List<String> names() {
        return segments.stream().map(PathPattern::nameOf).filter(name -> name != null).toList();
    }
}
