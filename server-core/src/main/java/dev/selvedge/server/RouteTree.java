package dev.selvedge.server;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The routes of one router, found segment by segment. Routes whose literals differ from the path cost nothing.
 *
 * <p>At each segment a literal is tried first, then a parameter, then the rest of the path or a mount; a way that
 * leads nowhere is taken back. So the first route that is found is the most specific one that has the method. A mount
 * ends the search: what is below it is its own business, unless it has no route for the method and a more specific
 * route of this tree has the path. Then the answer is this tree's, with the methods of both.
 */
final class RouteTree implements Destination {

    private final RouteNode root = new RouteNode();
    private final Set<String> allMethods = new LinkedHashSet<>();
    private Route notFound;
    private Route notAllowed;
    private Route options;

    // ---- building

    /**
     * Adds a route.
     *
     * @throws IllegalStateException if another route or a mount takes the same requests
     */
    void add(String method, PathPattern pattern, Route route) {
        RouteNode node = root;
        for (PathPattern.Segment segment : pattern.segments()) {
            node = switch (segment) {
                case PathPattern.Segment.Literal literal -> node.literal(literal.octets());
                case PathPattern.Segment.Parameter parameter -> node.parameter();
                case PathPattern.Segment.Rest rest -> {
                    if (node.mount() != null) {
                        throw conflict(method + " " + pattern.text(), "the mount at " + node.mount().prefix());
                    }
                    yield node.rest();
                }
            };
        }
        RouteNode.Ending other = node.ending(method);
        if (other != null) {
            throw conflict(method + " " + pattern.text(), other.method() + " " + other.pattern());
        }
        node.add(new RouteNode.Ending(method, pattern.text(), route));
        allMethods.add(method);
    }

    /**
     * Adds a mount.
     *
     * @throws IllegalStateException if a route or another mount takes the same requests
     */
    void mount(MountPrefix prefix, Destination destination) {
        RouteNode node = root;
        for (String octets : prefix.segments()) {
            node = node.literal(octets);
        }
        if (node.mount() != null) {
            throw conflict("the mount at " + prefix.text(), "the mount at " + node.mount().prefix());
        }
        if (node.restPattern() != null) {
            throw conflict("the mount at " + prefix.text(), node.restPattern());
        }
        node.mount(new Mount(prefix.text(), prefix.octets(), destination));
        if (destination instanceof RouteTree tree) {
            allMethods.addAll(tree.allMethods);
        }
    }

    private static IllegalStateException conflict(String one, String other) {
        return new IllegalStateException(one + " and " + other + " are for the same requests; remove one of them");
    }

    /**
     * Ends building.
     *
     * @param notFoundRoute for paths that no route has
     * @param notAllowedRoute for paths that no route with the method has
     * @param optionsRoute for OPTIONS on paths that a route has
     */
    void freeze(Route notFoundRoute, Route notAllowedRoute, Route optionsRoute) {
        notFound = notFoundRoute;
        notAllowed = notAllowedRoute;
        options = optionsRoute;
        root.freeze();
    }

    // ---- finding

    @Override
    public Route select(String method, byte[] path, int from, int to, boolean asterisk) {
        if (asterisk) {
            return method.equals("OPTIONS") ? options : notAllowed;
        }
        return switch (root.find(method, path, Math.min(from + 1, to), to)) {
            case Route route -> route;
            case Mount mount -> selectMounted(mount, method, path, from, to);
            case RouteTree never -> throw new AssertionError("trees are found through mounts only");
            case null -> automatic(method, path, from, to, notFound);
        };
    }

    /** What is mounted and no tree takes every method, so nothing but OPTIONS can need the methods of this tree. */
    private Route selectMounted(Mount mount, String method, byte[] path, int from, int to) {
        Route route = mount.select(method, path, from, to, false);
        boolean openToAnswer = mount.destination() instanceof RouteTree ? route.automatic() : method.equals("OPTIONS");
        return openToAnswer ? automatic(method, path, from, to, route) : route;
    }

    /** Returns the answer of this tree if it has the path with other methods, else the given route. */
    private Route automatic(String method, byte[] path, int from, int to, Route otherwise) {
        Set<String> methods = new LinkedHashSet<>();
        root.collect(methods, path, Math.min(from + 1, to), to);
        if (methods.isEmpty()) {
            return otherwise;
        }
        return method.equals("OPTIONS") ? options : notAllowed;
    }

    /** Returns the value of Allow for a request that was given to this tree (RFC 9110 §10.2.1). */
    String allow(Request request) {
        Set<String> methods = new LinkedHashSet<>();
        if (request.isAsterisk()) {
            methods.addAll(allMethods);
        } else {
            collect(methods, request.pathOctets(), request.mountAt(), request.pathTo());
        }
        Set<String> allowed = new LinkedHashSet<>();
        for (String method : methods) {
            allowed.add(method);
            if (method.equals("GET")) {
                allowed.add("HEAD");
            }
        }
        allowed.add("OPTIONS");
        return String.join(", ", allowed);
    }

    /** Collects the methods that a path has here and in the routers that are mounted here. */
    private void collect(Set<String> methods, byte[] path, int from, int to) {
        Mount mount = root.collect(methods, path, Math.min(from + 1, to), to);
        if (mount != null && mount.destination() instanceof RouteTree tree) {
            tree.collect(methods, path, from + mount.prefixOctets(), to);
        }
    }

    /**
     * The prefix of a mount, taken apart.
     *
     * @param text as it was written
     * @param segments its literals in canonical form
     * @param octets its length in canonical form
     */
    record MountPrefix(String text, List<String> segments, int octets) {

        /**
         * Takes a prefix apart. A slash at its end makes no difference.
         *
         * @throws IllegalArgumentException if it is malformed or has a parameter
         */
        static MountPrefix parse(String text) {
            String bare = text.endsWith("/") && text.length() > 1 ? text.substring(0, text.length() - 1) : text;
            if (bare.equals("/")) {
                return new MountPrefix(text, List.of(), 0);
            }
            List<String> segments = new ArrayList<>();
            int octets = 0;
            for (PathPattern.Segment segment : PathPattern.parse(bare).segments()) {
                if (!(segment instanceof PathPattern.Segment.Literal literal)) {
                    throw new IllegalArgumentException("the prefix \"" + text + "\" has a parameter; no mount may");
                }
                segments.add(literal.octets());
                octets += 1 + literal.octets().length();
            }
            return new MountPrefix(text, List.copyOf(segments), octets);
        }
    }
}
