package dev.selvedge.server;

import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A handler that finds another one by the method and the path of a request. Immutable.
 *
 * <pre>{@code
 * Router router = Router.builder()
 *     .get("/users/{id}", request -> Response.json(users.find(request.pathParameter("id"))))
 *     .delete("/users/{id}", request -> users.remove(request.pathParameter("id")))
 *     .mount("/admin", adminRouter)
 *     .build();
 * }</pre>
 *
 * <h2>Patterns</h2>
 * <p>A pattern begins with a slash. Between its slashes stand literals, {@code {name}} for any segment that is not
 * empty, or at the end {@code {name...}} for the rest of the path, which may be empty or have slashes. Segments are
 * compared after decoding, with case; an escaped slash ({@code %2F}) does not separate; dot segments have been
 * removed before. A slash at the end counts: {@code /users} and {@code /users/} are two paths.
 *
 * <p>If several patterns fit, the more specific one is chosen: at the first segment where they differ, a literal goes
 * before {@code {name}}, and that before {@code {name...}} and mounts. A pattern without the request's method does
 * not fit. The order in which routes are added is of no importance.
 *
 * <p>A path is compared segment by segment with all patterns at once, so patterns with other literals cost nothing.
 * Only where both a literal and a parameter fit may both ways have to be tried; no path can cause more steps than
 * there are segments in all patterns together.
 *
 * <h2>What it answers by itself</h2>
 * <p>HEAD goes to the route for GET, if there is none for HEAD (the server leaves out the body). OPTIONS is answered
 * with {@code 204} and the path's methods in {@code Allow}, {@code OPTIONS *} with those of the whole router (RFC
 * 9110 §9.3.7). A path that has routes but none for the method is answered {@code 405 Method Not Allowed} with
 * {@code Allow} (§15.5.6), one without any {@code 404 Not Found}. {@link Builder#notFound} and
 * {@link Builder#methodNotAllowed} replace the last two. Where routes of this router and of one that is mounted share
 * a path, {@code Allow} names the methods of both.
 */
public final class Router implements Handler {

    private static final Response NOT_FOUND = Response.notFound();

    private final Plan plan;
    private final Layers outer;
    private final RouteTree tree;

    private Router(Plan plan, Layers outer) {
        this.plan = plan;
        this.outer = outer;
        this.tree = plan.tree(outer, 0, false, MarkedHandler.NO_OWN_LIMIT);
    }

    /**
     * Returns an empty builder.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Answers a request by the handler that is found for it. Usually the server does that; a test may, too. In a
     * handler that is {@linkplain Builder#mount mounted}, the path behind the mount's prefix counts.
     *
     * @param request the request
     * @return the response
     * @throws Exception if the handler or a filter throws, and the exception handler does not make a response of it
     */
    @Override
    public Response handle(Request request) throws Exception {
        Route route = tree.select(request.method(), request.pathOctets(), request.mountAt(), request.pathTo(),
                request.isAsterisk());
        return route.handler().handle(request.routed(route.parameters(), route.mountOctets()));
    }

    /** Returns this router with a filter around all of it. */
    Router inside(Filter filter) {
        return new Router(plan, outer.within(new Layers(Layers.NONE, List.of(filter), null)));
    }

    /** Returns the routes for a server or another router that this one belongs to. */
    RouteTree tree(Layers layersAround, int mountOctets, boolean nonBlocking, long maxBodyBytes) {
        return plan.tree(outer.within(layersAround), mountOctets, nonBlocking, maxBodyBytes);
    }

    /**
     * What a builder was told.
     *
     * @param routes in the order in which they were added
     * @param mounts likewise
     * @param filters likewise
     * @param exceptionHandler or null
     * @param notFound answers where no route is found, or null
     * @param methodNotAllowed answers where none is found for the method, or null
     */
    private record Plan(List<PlannedRoute> routes, List<PlannedMount> mounts, List<Filter> filters,
            ExceptionHandler exceptionHandler, MarkedHandler notFound, MarkedHandler methodNotAllowed) {

        /** Makes the tree, with everything around each handler already in place. */
        RouteTree tree(Layers outer, int mountOctets, boolean nonBlocking, long maxBodyBytes) {
            Assembly assembly = new Assembly(new Layers(outer, filters, exceptionHandler), mountOctets, nonBlocking,
                    maxBodyBytes);
            RouteTree tree = new RouteTree();
            for (PlannedRoute route : routes) {
                tree.add(route.method(), route.pattern(), assembly.route(route.pattern(), route.handler()));
            }
            for (PlannedMount mount : mounts) {
                tree.mount(mount.prefix(), assembly.mounted(mount));
            }
            tree.freeze(notFound == null ? assembly.own(request -> NOT_FOUND) : assembly.given(notFound),
                    methodNotAllowed == null
                            ? assembly.own(request -> Response.error(405).withHeader("Allow", tree.allow(request)))
                            : assembly.given(allowing(methodNotAllowed, tree)),
                    assembly.own(request -> Response.empty().withHeader("Allow", tree.allow(request))));
            return tree;
        }

        /** Adds what a 405 must have (RFC 9110 §15.5.6). */
        private static MarkedHandler allowing(MarkedHandler refusing, RouteTree tree) {
            return refusing.with(request -> {
                Response response = refusing.handle(request);
                return response == null || response.headers().contains("Allow") ? response
                        : response.withHeader("Allow", tree.allow(request));
            });
        }
    }

    private record PlannedRoute(String method, PathPattern pattern, MarkedHandler handler) { }

    private record PlannedMount(RouteTree.MountPrefix prefix, MarkedHandler handler) { }

    /**
     * What holds for all routes of a router at its place in a server.
     *
     * @param layers everything around its handlers
     * @param mountOctets the length of the prefixes around it
     * @param nonBlocking whether somebody has promised that nothing in it blocks
     * @param maxBodyBytes the limit for bodies where a handler has none, or {@link MarkedHandler#NO_OWN_LIMIT}
     */
    private record Assembly(Layers layers, int mountOctets, boolean nonBlocking, long maxBodyBytes) {

        Route route(PathParameters parameters, MarkedHandler handler) {
            return route(parameters, handler, false, true);
        }

        /** Returns a route to a user's answer where no route fits. */
        Route given(MarkedHandler handler) {
            return route(PathParameters.NONE, handler, true, true);
        }

        /** Returns a route to an answer of the router itself, which looks at no body. */
        Route own(Handler handler) {
            return route(PathParameters.NONE, MarkedHandler.of(handler).asNonBlocking(), true, layers.hasFilters());
        }

        private Route route(PathParameters parameters, MarkedHandler handler, boolean automatic, boolean readsBody) {
            boolean blocking = !nonBlocking && !(handler.nonBlocking() && layers.nonBlocking());
            return new Route(parameters, layers.around(handler.handler()), layers.aroundAttempt(handler.handler()),
                    blocking, limit(handler), mountOctets, automatic, readsBody);
        }

        Destination mounted(PlannedMount mount) {
            MarkedHandler handler = mount.handler();
            int octets = mountOctets + mount.prefix().octets();
            if (handler.handler() instanceof Router router) {
                return router.tree(layers, octets, nonBlocking || handler.nonBlocking() && layers.nonBlocking(),
                        limit(handler));
            }
            return new Assembly(layers, octets, nonBlocking, maxBodyBytes).route(PathParameters.NONE, handler);
        }

        private long limit(MarkedHandler handler) {
            return handler.maxBodyBytes() == MarkedHandler.NO_OWN_LIMIT ? maxBodyBytes : handler.maxBodyBytes();
        }
    }

    /** Makes a {@link Router}. For one thread; may be used further after {@link #build()}. */
    public static final class Builder {

        private static final List<String> KNOWN_METHODS =
                List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "QUERY");

        private final List<PlannedRoute> routes = new ArrayList<>();
        private final List<PlannedMount> mounts = new ArrayList<>();
        private final List<Filter> filters = new ArrayList<>();
        private ExceptionHandler exceptionHandler;
        private MarkedHandler notFound;
        private MarkedHandler methodNotAllowed;

        private Builder() { }

        /**
         * Adds a route for GET, and for HEAD unless there is a special one.
         *
         * @param pattern a {@linkplain Router pattern}
         * @param handler answers
         * @return this builder
         * @throws IllegalArgumentException if the pattern is malformed; the message says how
         */
        public Builder get(String pattern, Handler handler) {
            return route("GET", pattern, handler);
        }

        /**
         * Adds a route for POST.
         *
         * @param pattern a {@linkplain Router pattern}
         * @param handler answers
         * @return this builder
         * @throws IllegalArgumentException if the pattern is malformed; the message says how
         */
        public Builder post(String pattern, Handler handler) {
            return route("POST", pattern, handler);
        }

        /**
         * Adds a route for PUT.
         *
         * @param pattern a {@linkplain Router pattern}
         * @param handler answers
         * @return this builder
         * @throws IllegalArgumentException if the pattern is malformed; the message says how
         */
        public Builder put(String pattern, Handler handler) {
            return route("PUT", pattern, handler);
        }

        /**
         * Adds a route for DELETE.
         *
         * @param pattern a {@linkplain Router pattern}
         * @param handler answers
         * @return this builder
         * @throws IllegalArgumentException if the pattern is malformed; the message says how
         */
        public Builder delete(String pattern, Handler handler) {
            return route("DELETE", pattern, handler);
        }

        /**
         * Adds a route for PATCH (RFC 5789).
         *
         * @param pattern a {@linkplain Router pattern}
         * @param handler answers
         * @return this builder
         * @throws IllegalArgumentException if the pattern is malformed; the message says how
         */
        public Builder patch(String pattern, Handler handler) {
            return route("PATCH", pattern, handler);
        }

        /**
         * Adds a route for HEAD, instead of that for GET.
         *
         * @param pattern a {@linkplain Router pattern}
         * @param handler answers; a body of its response is not sent, but counts for Content-Length
         * @return this builder
         * @throws IllegalArgumentException if the pattern is malformed; the message says how
         */
        public Builder head(String pattern, Handler handler) {
            return route("HEAD", pattern, handler);
        }

        /**
         * Adds a route for OPTIONS, instead of the router's own answer.
         *
         * @param pattern a {@linkplain Router pattern}
         * @param handler answers
         * @return this builder
         * @throws IllegalArgumentException if the pattern is malformed; the message says how
         */
        public Builder options(String pattern, Handler handler) {
            return route("OPTIONS", pattern, handler);
        }

        /**
         * Adds a route for any method.
         *
         * @param method a token, with case (RFC 9110 §9.1), but not CONNECT
         * @param pattern a {@linkplain Router pattern}
         * @param handler answers
         * @return this builder
         * @throws IllegalArgumentException if the method or the pattern is malformed; the message says how
         */
        public Builder route(String method, String pattern, Handler handler) {
            requireMethod(method);
            routes.add(new PlannedRoute(method, PathPattern.parse(pattern), MarkedHandler.of(handler)));
            return this;
        }

        /**
         * Puts a handler, often a router, below a prefix: it gets all requests for the prefix itself and for what
         * begins with the prefix and a slash, unless a route of this router is more specific.
         *
         * <p>The handler sees the same {@link Request#path()}; {@link Request#pathInMount()} is what comes behind the
         * prefix. The patterns of a mounted router are compared with that, where an empty rest counts as {@code /}:
         * in a router that is mounted at {@code /api}, the route {@code /} answers {@code /api} and {@code /api/}.
         * Its own filters and its own exception handler are inside those of this router. A path that it does not have
         * is its own 404, a wrong method its own 405; only if a route of this router has the same path with other
         * methods are 405 and OPTIONS answered by this router, for both.
         *
         * @param prefix {@code /} or literal segments, such as {@code /api/v1}; a slash at the end makes no difference
         * @param handler answers
         * @return this builder
         * @throws IllegalArgumentException if the prefix is malformed or has a parameter
         */
        public Builder mount(String prefix, Handler handler) {
            mounts.add(new PlannedMount(RouteTree.MountPrefix.parse(prefix), MarkedHandler.of(handler)));
            return this;
        }

        /**
         * Puts a filter around everything in this router: all routes, wherever they are added, mounts, and its own
         * answers (404, 405, OPTIONS). The first filter is the outermost.
         *
         * @param filter the filter
         * @return this builder
         */
        public Builder filter(Filter filter) {
            filters.add(Objects.requireNonNull(filter, "filter"));
            return this;
        }

        /**
         * Lets exceptions be answered: those of the handlers and those of the filters. The filters around see
         * the response that is made of them. Another call replaces the handler of the first.
         *
         * @param handler makes responses of exceptions
         * @return this builder
         */
        public Builder onException(ExceptionHandler handler) {
            exceptionHandler = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Replaces the answer to paths that no route has; the handler decides about the status, too. A mounted router
         * has its own. Another call replaces the handler of the first.
         *
         * @param handler answers
         * @return this builder
         */
        public Builder notFound(Handler handler) {
            notFound = MarkedHandler.of(handler);
            return this;
        }

        /**
         * Replaces the answer to paths that have routes, but none for the method; the handler decides about the
         * status, too. The router adds {@code Allow} with the path's methods, unless the response has it already. A
         * mounted router has its own. Another call replaces the handler of the first.
         *
         * @param handler answers
         * @return this builder
         */
        public Builder methodNotAllowed(Handler handler) {
            methodNotAllowed = MarkedHandler.of(handler);
            return this;
        }

        /**
         * Makes the router.
         *
         * @return the router
         * @throws IllegalStateException if two routes or mounts are for the same requests; the message names both
         */
        public Router build() {
            return new Router(new Plan(List.copyOf(routes), List.copyOf(mounts), List.copyOf(filters), exceptionHandler,
                    notFound, methodNotAllowed), Layers.NONE);
        }

        private static void requireMethod(String method) {
            String upperCase = method.toUpperCase(Locale.ROOT);
            if (!method.equals(upperCase) && KNOWN_METHODS.contains(upperCase)) {
                throw new IllegalArgumentException("methods are case-sensitive: " + method + " is not " + upperCase);
            }
            if (method.equals("CONNECT")) {
                throw new IllegalArgumentException("CONNECT is for proxies and never gets to a route");
            }
            RequestHead.of(method, "/", FieldSection.EMPTY);      // refuses what no request could have
        }
    }
}
