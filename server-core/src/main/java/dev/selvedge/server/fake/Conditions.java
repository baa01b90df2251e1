package dev.selvedge.server.fake;

import dev.selvedge.server.Request;
import dev.selvedge.server.Response;
import dev.selvedge.server.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a rule or a verification asks of a request.
 *
 * @param method the method, or null for any
 * @param pattern a pattern of a {@link Router}, or {@code "*"}
 * @param others what else is asked
 */
record Conditions(String method, String pattern, List<Condition> others) {

    private static final String ASTERISK = "*";

    /**
     * Makes conditions of a method and a path.
     *
     * @throws IllegalArgumentException if one of them is malformed; the message says how
     */
    static Conditions of(String method, String pattern) {
        Objects.requireNonNull(pattern, "pattern");
        int query = pattern.indexOf('?');
        if (query >= 0) {
            throw new IllegalArgumentException("the pattern \"" + pattern + "\" has a query; write \""
                    + pattern.substring(0, query) + "\" and ask for each parameter with query(name, value)");
        }
        if (method != null || !pattern.equals(ASTERISK)) {
            Router.builder().route(method == null ? "GET" : method, pattern.equals(ASTERISK) ? "/" : pattern,
                    request -> Response.empty());       // refuses what no request could have
        }
        return new Conditions(method, pattern, List.of());
    }

    Conditions and(Condition further) {
        return new Conditions(method, pattern, Stream.concat(others.stream(), Stream.of(further)).toList());
    }

    /** Returns whether the head of a request tells whether it fits. */
    boolean ofHead() {
        return others.stream().allMatch(Condition::ofHead);
    }

    /** Returns whether a request may fit, as far as its head tells. */
    boolean fitsHead(RecordedRequest head) {
        return new Conditions(method, pattern, others.stream().filter(Condition::ofHead).toList()).match(head).fits();
    }

    /** Compares a request with the method and the path, and where they fit, with all the others. */
    Match match(RecordedRequest request) {
        Optional<Request> routed = pattern.equals(ASTERISK)
                ? Optional.of(request.request()).filter(whole -> whole.target().equals(ASTERISK))
                : request.request().matching(pattern);
        boolean methodFits = method == null || method.equals(request.method());
        List<String> misses = new ArrayList<>();
        if (!methodFits) {
            misses.add("its method is " + request.method() + ", not " + method);
        }
        if (routed.isEmpty()) {
            misses.add("its path is " + request.path() + ", not " + pattern + hint(request));
        }
        if (misses.isEmpty()) {
            others.stream().map(condition -> condition.missOf(request)).filter(Objects::nonNull).forEach(misses::add);
        }
        double likeness = 4 * (routed.isPresent() ? 1 : likenessOfPaths(request.path())) + (methodFits ? 2 : 0)
                + 1.0 / (1 + misses.size());
        return new Match(routed.orElse(null), misses, likeness);
    }

    private String hint(RecordedRequest request) {
        boolean slash = pattern.endsWith("/") && pattern.length() > 1;
        String other = slash ? pattern.substring(0, pattern.length() - 1) : pattern + "/";
        if (!pattern.endsWith("...}") && pattern.startsWith("/") && request.request().matching(other).isPresent()) {
            return " (a slash at the end counts)";
        }
        return request.path().equalsIgnoreCase(pattern) ? " (paths are compared with case)" : "";
    }

    /** Returns the share of segments that are the same, from 0 to less than 1: good enough to say what was nearest. */
    private double likenessOfPaths(String path) {
        String[] ours = pattern.split("/");
        String[] theirs = path.split("/");
        int same = 0;
        for (int i = 1; i < Math.min(ours.length, theirs.length); i++) {
            same += ours[i].startsWith("{") || ours[i].equalsIgnoreCase(theirs[i]) ? 1 : 0;
        }
        return same / (1.0 + Math.max(ours.length, theirs.length));
    }

    /** Returns for example {@code POST /orders with the header "Accept: text/html"}. */
    @Override
    public String toString() {
        String head = (method == null ? "any method" : method) + " " + pattern;
        return others.isEmpty() ? head
                : head + " with " + String.join(" and ", others.stream().map(Condition::text).toList());
    }

    /**
     * How a request compares.
     *
     * @param routed the request with its path parameters, or null if the path does not fit
     * @param misses why it does not fit; empty if it does
     * @param likeness larger for a request that is nearer
     */
    record Match(Request routed, List<String> misses, double likeness) {

        boolean fits() {
            return misses.isEmpty();
        }
    }
}
